"""Who is one customer, and who is none."""

from pathlib import Path

from pydantic import Field

from insights.settings.parts import Part

NOBODY = (
    "Deleted User", "Deleted Customer", "Deleted Contact", "Permanently Deleted User", "[deleted]", "Anonymous",
    "Anonymous User", "Anonymized", "Anonymised", "Redacted", "Unknown", "Unknown User", "Unknown Customer", "Guest",
    "Silinmiş kullanıcı", "Silinen kullanıcı", "Silinmiş müşteri", "Anonim", "Anonim kullanıcı", "Bilinmeyen",
    "Bilinmeyen müşteri", "Bilinmiyor", "Misafir", "0",
)  # fmt: skip
"""What help desks and shops write in place of a person they erased or never knew; 0 is who buys as a guest."""


class Customers(Part):
    """Who is one customer, and who is none."""

    merged: Path | None = Field(
        None,
        description="CSV file of people who are one: customer_id, merged_into; source where ids repeat between them",
    )
    unknown: tuple[str, ...] = Field(
        NOBODY,
        description="Names and ids that stand for erased or nameless people: never counted as one customer",
    )
