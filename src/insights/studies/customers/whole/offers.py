"""What fits one customer: what those who bought the same bought next, never against a refusal or an open complaint."""

from collections.abc import Iterator, Mapping, Sequence

from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study
from insights.studies.customers.whole.customer import customer
from insights.studies.options import Option
from insights.studies.sales.affinities import FOLLOWING, affinities

MOST = 5
COLUMNS = (
    Column("product", "text"),
    Column("after_product", "text"),
    *FOLLOWING,
)


def offers(asker: Asker, options: Options) -> Answer:
    """Return the products that fit a customer, with what they rest on; or why none is offered."""
    found = customer(asker, {"customer": options["customer"], "search": None}).tables
    if not found.get("customer"):
        return Answer({"offers": []})
    one = found["customer"][0]
    if why := withheld(one):
        return Answer({"offers": []}, {"withheld": why}, why)
    pairs = affinities(asker, {"within_days": 365, "least": 20}).tables["affinities"]
    rows = list(fitting(found["bought"], pairs))
    return Answer({"offers": rows}, {"withheld": None}, None if rows else "nothing_fits")


def withheld(one: Row) -> str | None:
    """Return why a customer is offered nothing: an open complaint, a refusal, or a consent nobody knows of."""
    if one["open_complaints"]:
        return "open_complaint"
    return None if one["contact_allowed"] else "no_consent"


def fitting(bought: Sequence[Row], pairs: Sequence[Row]) -> Iterator[Row]:
    """Yield the products not bought yet that surely follow one that was, each by its surest reason."""
    has = {row["product"] for row in bought}
    best: dict[str, Row] = {}
    for pair in sorted(pairs, key=lambda p: -p["low"]):
        if pair["product"] in has and pair["next_product"] not in has and pair["real"]:
            best.setdefault(pair["next_product"], pair)
    for product, pair in list(best.items())[:MOST]:
        yield _offer(product, pair)


def _offer(product: str, pair: Mapping[str, object]) -> Row:
    told = {name: pair[name] for name in ("n", "n_both", "share", "usual", "next_lift", "low", "high")}
    return {"product": product, "after_product": pair["product"], **told}


STUDIES = (
    Study(
        "offers",
        ("customers", "orders"),
        answer=offers,
        heeds=("values", "as_of"),
        options=(Option("customer", "text"),),
        shapes=(Shape("offers", COLUMNS),),
    ),
)
