"""Which pages there are, in which order, and what the frame must know of each."""

from dataclasses import dataclass

from insights.access import shows
from insights.settings import Right, Role


@dataclass(frozen=True)
class Place:
    """One page: file pages/<section>/<name>.py, its icon, and whether filters and clock concern it."""

    path: str
    icon: str
    filters: bool = True
    clock: bool = False
    period: bool = True
    """It is about a period; else about everything there is, because what it asks takes longer to show."""
    needs: tuple[str, ...] = ("created", "solved")
    """Metrics of which one must have rows, or the page says that there is nothing under the filters."""
    tables: tuple[str, ...] = ()
    """Tables one of which, if it holds rows, is enough too: no metric counts them."""
    only: tuple[str, ...] = ()
    """Tables one of which must hold rows, or the page says so once: without them every card of it would."""
    linked: bool = False
    """Other pages lead to it; it is not in the navigation."""
    counted: bool = True
    """The line below its title says how many cases it is about; else they are others than those counted."""
    right: Right | None = None
    """Without this right the page is not there."""
    asks: tuple[str, ...] = ()
    """Names in the address that are the page's own; one that ends in an underscore stands for all that begin so."""

    def knows(self, name: str) -> bool:
        """Tell whether a name in the address is the page's own."""
        return any(name == own or (own.endswith("_") and name.startswith(own)) for own in self.asks)

    @property
    def section(self) -> str:
        """Return the navigation section."""
        return self.path.split("/")[0]

    @property
    def name(self) -> str:
        """Return the page's name in texts and in the address."""
        return self.path.split("/")[1]


ANSWERS = ("csat_answers", "nps_answers", "ces_answers")
"""What a company whose exports are surveys alone has."""
PAGES = (
    Place("home/overview", "dashboard"),
    Place(
        "home/explore",
        "travel_explore",
        clock=True,
        needs=("created", "orders"),
        asks=("metrics", "cut", "grain", "shape", "versus"),
    ),
    Place("home/tour", "school", filters=False, linked=True),
    Place("service/complaints", "timer", asks=("ticket", "show", "long_late", "my_agent", "my_team", "queue_stake")),
    Place("service/whatif", "alt_route", asks=("whatif_",)),
    Place("service/satisfaction", "sentiment_satisfied", needs=("created", "solved", *ANSWERS), only=("surveys",)),
    Place("service/response", "schedule", clock=True),
    Place("service/resolution", "task_alt", clock=True),
    Place("service/agents", "support_agent"),
    Place("service/channels", "hub"),
    Place(
        "customers/retention",
        "loyalty",
        needs=("orders", "repeat_rate", "created"),
        asks=("cohort_", "gone_days", "staying_whose"),
    ),
    Place("customers/speed", "speed", period=False, needs=("created",), asks=("speed_exposure", "speed_hours")),
    Place("customers/value", "diamond", needs=("orders",), asks=("moves_earlier", "moves_later")),
    Place("customers/care", "volunteer_activism", needs=("created", "orders", "nps_answers"), tables=("interactions",)),
    Place("customers/customer", "person_search", filters=False, asks=("customer",)),
    Place(
        "sales/campaigns",
        "campaign",
        period=False,
        needs=("orders", "created"),
        tables=("campaign_members",),
        only=("campaign_members", "orders"),
        asks=("campaign_split",),
        counted=False,
    ),
    Place(
        "sales/pipeline",
        "filter_alt",
        period=False,
        needs=("orders", "created"),
        tables=("opportunities",),
        only=("opportunities",),
        counted=False,
    ),
    Place("data/load", "upload_file", filters=False, right="load"),
    Place("data/quality", "rule", filters=False),
    Place("data/reconciliation", "balance", filters=False),
    Place("data/calendars", "calendar_month", filters=False, asks=("calendar_name",)),
    Place("data/rules", "gavel", filters=False, asks=("rule",)),
    Place("data/people", "join_inner", filters=False, right="settings"),
    Place("data/definitions", "menu_book", filters=False),
    Place("data/sql", "terminal", filters=False, right="sql"),
    Place("data/access", "shield_person", filters=False, right="audit"),
)
HOME = PAGES[0]


def there_for(role: Role, place: Place) -> bool:
    """Tell whether a page is there for a role."""
    allowed = place.right is None or place.right in role.may
    return allowed and shows(role, place.name, place.section)
