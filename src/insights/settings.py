"""One frozen settings object, read from insights.toml and INSIGHTS_* variables; every option has a default and help."""

import datetime as dt
import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from insights.errors import SettingsWrong

Metric = Literal["first_response", "next_response", "resolution", "requester_wait"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
RuleName = Literal["own", "zendesk", "jira", "freshdesk", "servicenow"]
Kind = Literal["complaint", "question", "request", "incident", "praise", "other"]
Priority = Literal["urgent", "high", "normal", "low"]
Channel = Literal["phone", "email", "chat", "web", "social", "store", "messaging", "api", "other"]
State = Literal["new", "open", "pending", "hold", "solved", "closed", "deleted"]
"""The words of tickets: a promise with a misspelt one would cover nothing, and nobody would notice."""


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("must be an IANA time zone such as Europe/Istanbul")
    return name


Zone = Annotated[str, AfterValidator(_zone)]
Hours = Annotated[str, Field(pattern=r"^\d{2}:\d{2}-\d{2}:\d{2}$")]


class Part(BaseModel):
    """A frozen section; unknown options are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Company(Part):
    """Who the dashboard is for."""

    name: str = Field("CRM Insights", description="Name shown in the sidebar")
    time_zone: Zone = Field("Europe/Istanbul", description="Days, weeks and months are cut in this zone")
    language: Literal["tr", "en"] = Field("tr", description="Language when the browser prefers neither")
    week_starts: Weekday = Field("monday", description="First day of a week: weeks of every chart and table follow")
    fiscal_year_starts: int = Field(
        1, ge=1, le=12, description="Month the company's year begins in: quarters and years follow"
    )
    currency: str = Field("TRY", description="ISO code shown with money", pattern="^[A-Z]{3}$")

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone object."""
        return ZoneInfo(self.time_zone)

    @property
    def starts(self) -> dict[str, int]:
        """Return when weeks (ISO weekday) and years (month) begin."""
        return {"week": 1 + get_args(Weekday).index(self.week_starts), "year": self.fiscal_year_starts}


NOBODY = (
    "Deleted User", "Deleted Customer", "Deleted Contact", "Permanently Deleted User", "[deleted]", "Anonymous",
    "Anonymous User", "Anonymized", "Anonymised", "Redacted", "Unknown", "Unknown User", "Unknown Customer", "Guest",
    "Silinmiş kullanıcı", "Silinen kullanıcı", "Silinmiş müşteri", "Anonim", "Anonim kullanıcı", "Bilinmeyen",
    "Bilinmeyen müşteri", "Bilinmiyor", "Misafir",
)  # fmt: skip
"""What help desks and shops write in place of a person they erased or never knew."""


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


class Loading(Part):
    """How exports are read."""

    earliest: dt.date = Field(dt.date(2000, 1, 1), description="Earlier times are set aside as date_out_of_range")
    max_cell: int = Field(1_000_000, description="Characters in one cell above which the row is set aside")
    max_columns: int = Field(2_000, description="Columns above which a file is refused")
    max_unpacked_gb: float = Field(20.0, description="Unpacked size above which a file is refused")
    keep_versions: int = Field(3, description="Warehouse versions kept for undo", ge=2)


class Engine(Part):
    """What the database may use."""

    memory_limit: str = Field("1800MB", description="Memory one process gives the database")
    threads: int = Field(2, description="Threads one process gives the database", ge=1)


class Calendar(Part):
    """Working time: weekly hours per day with breaks, half days, holidays of a country, own dates on top."""

    zone: Zone = Field("Europe/Istanbul", description="Zone the hours are written in")
    hours: dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], tuple[Hours, ...]] = Field(
        default_factory=lambda: dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-18:00",)),  # type: ignore[arg-type]
        description="Working hours by weekday; several spans make breaks; 00:00-24:00 is the whole day",
    )
    holidays: str = Field("TR", description="Country code of public holidays, empty for none")
    half_day_ends: str = Field("13:00", description="When work ends on a half day (arife, 28 October)")
    dates: dict[dt.date, tuple[Hours, ...]] = Field(
        default_factory=dict, description="Own dates on top: hours worked that day, empty list for closed"
    )


class Policy(Part):
    """One promise: which tickets it covers, what is promised, and in which time it counts."""

    name: str = Field(description="Name shown")
    rank: int = Field(100, description="Lowest rank that matches wins, per metric")
    kind: tuple[Kind, ...] = Field((), description="Ticket kinds covered, empty for all")
    priority: tuple[Priority, ...] = Field((), description="Priorities covered, empty for all")
    channel: tuple[Channel, ...] = Field((), description="Channels covered, empty for all")
    segment: tuple[str, ...] = Field((), description="Segments covered, empty for all")
    team: tuple[str, ...] = Field((), description="Teams covered, empty for all")
    metric: Metric = Field(description="first_response, next_response, resolution or requester_wait")
    target_s: int = Field(gt=0, description="Seconds promised")
    share: float = Field(0.9, gt=0, le=1, description="Share of cases promised to be in time")
    calendar: str = Field("24x7", description="Name of a calendar, or 24x7")
    paused: tuple[State, ...] = Field(("pending",), description="States in which the clock stands still")
    warn_at: float = Field(0.8, gt=0, lt=1, description="Share of the target used from which a clock is at risk")
    valid_from: dt.date | None = Field(None, description="First local day the promise holds")
    valid_to: dt.date | None = Field(None, description="Last local day the promise holds")

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to must not lie before valid_from")
        return self


class Thresholds(Part):
    """When a number is too thin to show or to believe."""

    hide_below: int = Field(5, description="Below this n the number is hidden")
    grey_below: int = Field(30, description="Below this n the number is grey and starts no sentence")
    stale_after_days: int = Field(2, description="Days after which the data counts as stale")
    response_window_days: int = Field(7, description="Days a survey may take to be answered")
    reopen_window_days: int = Field(14, description="Days after which a solved ticket counts as not reopened")
    repeat_window_days: int = Field(90, description="Days within which a second purchase counts as a repeat")


class Mark(Part):
    """Something that happened, drawn as a line on trends."""

    date: dt.date = Field(description="Local day")
    tr: str = Field(description="Said in Turkish, in a few words")
    en: str = Field(description="Said in English, in a few words")


class Settings(Part):
    """Everything an operator can choose."""

    company: Company = Company()
    customers: Customers = Customers()
    loading: Loading = Loading()
    engine: Engine = Engine()
    calendar: str = Field("support", description="Calendar of every working-time duration")
    rules: RuleName = Field(
        "own", description="Whose rules first response and resolution follow: own, zendesk, jira, freshdesk, servicenow"
    )
    calendars: dict[str, Calendar] = Field(default_factory=lambda: {"support": Calendar()}, description="By name")
    sla: tuple[Policy, ...] = Field((), description="SLA policies")
    marks: tuple[Mark, ...] = Field((), description="Events drawn on trends")
    targets: dict[str, float] = Field(default_factory=dict, description="Target by metric key, in the metric's unit")
    tiers: dict[str, int] = Field(
        default_factory=dict, description="Tier of each team, for escalations (1 is first line)"
    )
    thresholds: Thresholds = Thresholds()
    warehouse: Path = Field(Path("data/warehouse"), description="Directory of the warehouse")
    profiles: Path = Field(Path("data/profiles"), description="Directory of your own profiles")


def settings_path(config: Path | None = None) -> Path:
    """Return where the settings are written: `config`, else INSIGHTS_CONFIG, else ./insights.toml."""
    return config or Path(os.environ.get("INSIGHTS_CONFIG") or "insights.toml")


def load_settings(config: Path | None = None) -> Settings:
    """Return the settings of `config` (else INSIGHTS_CONFIG, else ./insights.toml), INSIGHTS_* on top.

    A nested option is named with two underscores: INSIGHTS_COMPANY__TIME_ZONE. Raises SettingsWrong.
    """
    path = settings_path(config)
    values: dict[str, Any] = {}
    if path.exists():
        try:
            values = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise SettingsWrong("settings_unreadable", file=str(path), problem=str(error)) from error
    elif config is not None:
        raise SettingsWrong("settings_missing", file=str(path))
    for name, value in os.environ.items():
        if name.startswith("INSIGHTS_") and (place := name[9:].lower().split("__"))[0] in Settings.model_fields:
            target = values
            for part in place[:-1]:
                target = target.setdefault(part, {})
            target[place[-1]] = value
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise SettingsWrong(
            "settings_wrong",
            file=str(path),
            option=key,
            found=repr(first["input"])[:80],
            allowed=first["msg"].removeprefix("Value error, "),
        ) from error
    names = set(settings.calendars)
    for option, wanted in [
        ("calendar", settings.calendar),
        *((f"sla.{p.name}.calendar", p.calendar) for p in settings.sla),
    ]:
        if wanted not in names | {"24x7"}:
            raise SettingsWrong(
                "settings_wrong",
                file=str(path),
                option=option,
                found=wanted,
                allowed=f"must be one of {', '.join(sorted(names | {'24x7'}))}",
            )
    return settings
