"""Everything an operator can choose, in one frozen object; every option has a default and says what it does."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, field_validator, model_validator

from insights import texts
from insights.settings.access import ROLES, Role, SignIn
from insights.settings.answers import Answers, Resolutions, Robots
from insights.settings.calendars import Calendar, CalendarFor
from insights.settings.costs import Costs, Rates
from insights.settings.counting import EXCLUSIONS, Exclusion, Satisfaction
from insights.settings.customers import Customers
from insights.settings.desks import Links, Names, Queue, Voice
from insights.settings.parts import Currency, Part, Zone
from insights.settings.personal import Personal
from insights.settings.policies import Policy
from insights.settings.refusing import MEMORY, refused

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
RuleName = Literal["own", "zendesk", "jira", "freshdesk", "servicenow"]


def _language(code: str) -> str:
    if code not in texts.languages():
        raise refused("one_of", allowed=", ".join(texts.languages()))
    return code


def _metric_key(key: str) -> str:
    if not texts.has(f"metrics.{key}.definition", texts.FALLBACK):
        raise refused("metric")
    return key


def _database(address: str) -> str:
    if not address.startswith(("clickhousedb://", "spark://")) or not _readable(address):
        raise refused("database")
    return address


def _readable(address: str) -> bool:
    """Tell whether the parts of an address can be told apart, so that no password is taken for a host."""
    from sqlalchemy import exc, make_url  # most companies name no database server

    try:
        url = make_url(address)
    except (ValueError, exc.ArgumentError):
        return False
    said_twice = any(not isinstance(value, str) for value in url.query.values())
    return "@" not in f"{url.host}{url.database}" and not said_twice


Database = Annotated[str, AfterValidator(_database)]
Language = Annotated[str, AfterValidator(_language)]
MetricKey = Annotated[str, AfterValidator(_metric_key)]


class Company(Part):
    """Who the dashboard is for."""

    name: str = Field("CRM Insights", description="Name shown in the sidebar")
    time_zone: Zone = Field("Europe/Istanbul", description="Days, weeks and months are cut in this zone")
    language: Language = Field("tr", description="Language when the browser prefers none of those there are")
    week_starts: Weekday = Field("monday", description="First day of a week: weeks of every chart and table follow")
    fiscal_year_starts: int = Field(
        1, ge=1, le=12, description="Month the company's year begins in: quarters and years follow"
    )
    currency: Currency = Field("TRY", description="ISO code shown with money")

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone object."""
        return ZoneInfo(self.time_zone)

    @property
    def starts(self) -> dict[str, int]:
        """Return when weeks (ISO weekday) and years (month) begin."""
        return {"week": 1 + get_args(Weekday).index(self.week_starts), "year": self.fiscal_year_starts}


class Loading(Part):
    """How exports are read."""

    earliest: dt.date = Field(dt.date(2000, 1, 1), description="Earlier times are set aside as date_out_of_range")
    max_cell: int = Field(1_000_000, description="Characters in one cell above which the row is set aside")
    max_columns: int = Field(2_000, description="Columns above which a file is refused")
    max_unpacked_gb: float = Field(20.0, description="Unpacked size above which a file is refused")
    wait: bool = Field(True, description="A second load waits until the first is done; false refuses it")
    keep_versions: int = Field(3, description="Warehouse versions kept for undo", ge=2)


class Engine(Part):
    """What the database may use."""

    memory_limit: str = Field("1800MB", pattern=MEMORY, description="Memory one process gives the database")
    threads: int = Field(2, description="Threads one process gives the database", ge=1)
    prepare_from: int = Field(200_000, ge=0, description="Tickets from which a load prepares answers by day")


class Server(Part):
    """Where the dashboard listens, and what it takes."""

    address: str = Field("127.0.0.1", description="Address listened on; another than this machine's needs a sign-in")
    port: int = Field(8501, description="Port", ge=1, le=65535)
    hosts: tuple[str, ...] = Field((), description="Names it is reached by besides localhost; others are refused")
    upload_mb: int = Field(50, description="Megabytes a file uploaded in the browser may have", ge=1)


class Thresholds(Part):
    """When a number is too thin to show or to believe."""

    hide_below: int = Field(5, description="Below this n the number is hidden")
    grey_below: int = Field(30, description="Below this n the number is grey and starts no sentence")
    stale_after_days: int = Field(2, description="Days after which the data counts as stale")
    response_window_days: int = Field(7, description="Days a survey may take to be answered")
    reopen_window_days: int = Field(14, description="Days after which a solved ticket counts as not reopened")
    repeat_window_days: int = Field(90, description="Days within which a second purchase counts as a repeat")


class Mark(Part):
    """Something that happened, drawn as a line on trends; what is said of it stands under each language's code."""

    date: dt.date = Field(description="Local day")
    words: dict[Language, str] = Field(description='In a few words, as tr = "...", en = "..."', min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        known = {"date", "words"}
        said = {code: text for code, text in given.items() if code not in known}
        return {name: given[name] for name in known & given.keys()} | ({"words": said} if said else {})

    def said(self, language: str) -> str:
        """Return its words in a language, else in the first it has."""
        return self.words.get(language) or next(iter(self.words.values()))


class Settings(Part):
    """Everything an operator can choose."""

    company: Company = Company()
    customers: Customers = Customers()
    costs: Costs = Costs()
    csat: Satisfaction = Satisfaction()
    exclude: tuple[Exclusion, ...] = Field(
        EXCLUSIONS, description="Tickets that are no customer's; written down, these take the place of the usual ones"
    )
    rates: Rates = Field(
        default_factory=dict,
        description="Company currency for one unit of another, fixed or by first day; without it amounts are left out",
    )
    loading: Loading = Loading()
    engine: Engine = Engine()
    server: Server = Server()
    sign_in: SignIn = SignIn()
    roles: dict[str, Role] = Field(
        default_factory=lambda: dict(ROLES), description="Roles by name; what is written changes those that ship"
    )
    calendar: str = Field("support", description="Calendar of every working-time duration")
    rules: RuleName = Field(
        "own", description="Whose rules first response and resolution follow: own, zendesk, jira, freshdesk, servicenow"
    )
    calendars: dict[str, Calendar] = Field(default_factory=lambda: {"support": Calendar()}, description="By name")
    calendar_for: tuple[CalendarFor, ...] = Field(
        (), description="Other calendars for some tickets' durations; the first that matches wins, else calendar"
    )
    sla: tuple[Policy, ...] = Field((), description="SLA policies")
    queue: Queue = Queue()
    voice: Voice = Voice()
    names: Names = Field(
        default_factory=dict,
        description="What values of the data are called by language, by dimension (or policy, stage, ...) and value",
    )
    links: Links = Field(
        default_factory=dict, description="Address of a ticket by source, with {ticket_id} where its id stands"
    )
    robots: Robots = Robots()
    answers: Answers = Answers()
    resolutions: Resolutions = Resolutions()
    marks: tuple[Mark, ...] = Field((), description="Events drawn on trends")
    targets: dict[MetricKey, float] = Field(
        default_factory=dict, description="Target by metric key, in the metric's unit"
    )
    tiers: dict[str, int] = Field(
        default_factory=dict, description="Tier of each team, for escalations (1 is first line)"
    )
    thresholds: Thresholds = Thresholds()
    personal: Personal = Personal()
    database: Database | None = Field(
        None, description="Address of a database server loads are sent to and pages read from; this machine's without"
    )
    fallback: bool = Field(
        False, description="While that server does not answer, show this machine's last version, and say so"
    )
    warehouse: Path = Field(Path("data/warehouse"), description="Directory of the warehouse")
    profiles: Path = Field(Path("data/profiles"), description="Directory of your own profiles")

    @property
    def merged_people(self) -> Path:
        """Return the file of who was said to be one customer, and who was said not to be."""
        return self.customers.merged or self.profiles / "merged.csv"

    @field_validator("roles", mode="before")
    @classmethod
    def _with_ours(cls, named: Any) -> Any:
        if not isinstance(named, dict):
            return named
        ours = {name: role.model_dump() for name, role in ROLES.items()}
        changed = {n: ours.get(n, {}) | given if isinstance(given, dict) else given for n, given in named.items()}
        return ours | changed
