"""Which header an alias of a profile names: the same text, or with `*` before or around it any header that ends so or holds it."""

from collections.abc import Iterable

from insights.sources.folding import fold


def named(alias: str, folded: Iterable[str]) -> str | None:
    """Return the first of the folded headers an alias stands for."""
    if not alias.startswith("*"):
        return wanted if (wanted := fold(alias)) in folded else None
    text = fold(alias.strip("*"))
    return next((h for h in folded if (text in h if alias.endswith("*") else h.endswith(text))), None)
