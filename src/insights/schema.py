"""All warehouse tables with column comments: the data dictionary."""

from typing import Any

import sqlalchemy as sa

from insights import dimensions

metadata = sa.MetaData()

WORDS: dict[str, tuple[str, ...]] = {
    "kind": ("complaint", "question", "request", "incident", "praise", "other"),
    "channel": ("phone", "email", "chat", "web", "social", "store", "messaging", "api", "other"),
    "priority": ("urgent", "high", "normal", "low"),
    "status": ("new", "open", "pending", "hold", "solved", "closed", "deleted"),
    "excluded": ("spam", "test", "deleted", "merged", "side_conversation", "internal", "gone"),
    "clock_basis": ("events", "timestamps", "reported"),
    "response_basis": ("created", "customer_words", "handover", "agent_opened", "robot"),
    "survey_kind": ("csat", "nps", "ces"),
    "order_status": ("paid", "refunded", "cancelled"),
    "direction": ("inbound", "outbound"),
    "interaction_kind": ("call", "email", "visit", "message", "social", "event", "newsletter"),
    "arm": ("treated", "control"),
    "alias_evidence": ("settings", "merged_into", "merged_ids", "placeholder"),
    "outcome": ("won", "lost", "open"),
    "event_field": ("status", "priority", "team", "agent", "comment"),
    "actor": ("agent", "customer", "bot", "system"),
}
"""Closed vocabularies: canonical words in display order. The words of a source are mapped to these on the way in."""

UNSOLVED = ("new", "open", "pending", "hold")
SOLVED = ("solved", "closed")


def column(name: str, type_: Any, comment: str, *, derived: bool = False, words: str | None = None) -> sa.Column[Any]:
    """Return a documented column; `derived` is computed at load, `words` names its closed vocabulary."""
    return sa.Column(name, type_, comment=comment, info={"derived": derived, "words": words})


def text(name: str, comment: str, **info: Any) -> sa.Column[Any]:
    """Return a text column."""
    return column(name, sa.Text(), comment, **info)


def time(name: str, comment: str, **info: Any) -> sa.Column[Any]:
    """Return a naive UTC time column."""
    return column(name, sa.DateTime(), comment, **info)


def day(name: str, comment: str) -> sa.Column[Any]:
    """Return a derived local-date column: what periods are cut by."""
    return column(name, sa.Date(), comment, derived=True)


def count(name: str, comment: str, **info: Any) -> sa.Column[Any]:
    """Return a whole-number column."""
    return column(name, sa.BigInteger(), comment, **info)


def seconds(name: str, comment: str, **info: Any) -> sa.Column[Any]:
    """Return a duration column in whole seconds."""
    return column(name, sa.BigInteger(), comment, **info)


def money(name: str, comment: str, **info: Any) -> sa.Column[Any]:
    """Return an exact money column."""
    return column(name, sa.Numeric(18, 2), comment, **info)


def number(name: str, comment: str, **info: Any) -> sa.Column[Any]:
    """Return a floating column."""
    return column(name, sa.Double(), comment, **info)


def flag(name: str, comment: str, **info: Any) -> sa.Column[Any]:
    """Return a true/false/unknown column."""
    return column(name, sa.Boolean(), comment, **info)


def table(name: str, comment: str, key: tuple[str, ...], *columns: sa.Column[Any], canonical: bool = True) -> sa.Table:
    """Declare a table: `source` first, `load_id` last on canonical ones; `key` identifies a row with source."""
    body = (text("source", "Profile that brought the row"), *columns)
    if canonical:
        body += (
            count("load_id", "Load that last changed the row"),
            time("row_at", "Bookkeeping: the source's update time of the row kept", derived=True),
            text("row_columns", "Bookkeeping: the columns some export has filled", derived=True),
            count("row_hash", "Bookkeeping: fingerprint of the row as exported", derived=True),
        )
    return sa.Table(name, metadata, *body, comment=comment, info={"key": ("source", *key), "canonical": canonical})


CUSTOMER_COPIES = dimensions.columns_of("customers")


def customer_copies() -> tuple[sa.Column[Any], ...]:
    """Return the customer's attributes copied onto a fact at load, so that a metric reads one table."""
    return tuple(text(name, f"The customer's {name.replace('_', ' ')}", derived=True) for name in CUSTOMER_COPIES)


def customer_raw() -> sa.Column[Any]:
    """Return where a fact keeps the customer its export names, when that person is another one now or unknown."""
    return text("customer_id_raw", "Customer as exported, where another is meant", derived=True)


def company_amount() -> sa.Column[Any]:
    """Return where an amount stands in the company's currency: the only form in which amounts are added."""
    return money("company_amount", "Amount in the company's currency; unknown where no rate converts it", derived=True)


customers = table(
    "customers", "Who is served", ("customer_id",),
    text("customer_id", "Id as exported"),
    text("name", "Name"), text("email", "E-mail"), text("phone", "Telephone"), text("company", "Company"),
    text("segment", "Segment"), text("country", "Country"), text("region", "Region"), text("city", "City"),
    time("acquired_at", "Won as a customer"), text("acquisition_channel", "Where they came from"),
    text("owner_agent_id", "Account owner"), text("lifecycle_stage", "Lifecycle stage"),
    text("loyalty_tier", "Loyalty tier"), number("loyalty_points", "Loyalty points"),
    flag("contact_allowed", "May be contacted"), time("ended_at", "Contract or membership ended"),
    text("merged_into", "Customer this one was merged into, by the source"),
    text("merged_ids", "Ids of customers merged into this one, as the source lists them"),
)  # fmt: skip

customer_aliases = table(
    "customer_aliases", "Ids that mean another customer, or nobody: every fact shows who is meant", ("customer_id",),
    text("customer_id", "Id as exported"), text("merged_into", "Who it is; empty for a placeholder of unknown people"),
    text("evidence", "Who says so", words="alias_evidence"), canonical=False,
)  # fmt: skip

tickets = table(
    "tickets", "One row per case", ("ticket_id",),
    text("ticket_id", "Id as exported"), text("customer_id", "Who asked"), text("subject", "Subject"),
    text("kind", "What it is", words="kind"), text("kind_raw", "Kind as exported"),
    text("channel", "How it came", words="channel"), text("channel_raw", "Channel as exported"),
    text("category", "Topic"), text("product", "Product"),
    text("priority", "Priority", words="priority"), text("priority_raw", "Priority as exported"),
    text("status", "State now", words="status"), text("status_raw", "State as exported"),
    text("team", "Team or group"), text("agent_id", "Assigned agent"),
    time("created_at", "Opened"), time("first_response_at", "First public reply by a human agent"),
    time("first_solved_at", "Solved for the first time"), time("solved_at", "Solved for the last time"),
    time("closed_at", "Closed for good (not a resolution)"), time("updated_at", "Last change in the source"),
    time("due_at", "Due, by the source"),
    count("replies", "Public agent replies"), count("reopens", "Times solved and unsolved again"),
    count("reassignments", "Changes of agent"), count("transfers", "Changes of team after the first"),
    text("root_cause", "Root cause"), flag("at_fault", "The company was at fault"),
    money("compensation", "Made good, in company currency"), text("tags", "Tags"),
    text("merged_into", "Ticket this was merged into"), text("excluded", "Why it counts nowhere", words="excluded"),
    text("excluded_by", "Rule of the settings, or missing file row, that excluded it", derived=True),
    time("gone_at", "When a file that is everything no longer held it", derived=True),
    flag("source_sla_met", "The source's own verdict"),
    seconds("reported_first_response_s", "Source's figure: first response, calendar"),
    seconds("reported_first_response_business_s", "Source's figure: first response, business hours"),
    seconds("reported_first_resolution_s", "Source's figure: first resolution, calendar"),
    seconds("reported_first_resolution_business_s", "Source's figure: first resolution, business hours"),
    seconds("reported_full_resolution_s", "Source's figure: full resolution, calendar"),
    seconds("reported_full_resolution_business_s", "Source's figure: full resolution, business hours"),
    seconds("reported_requester_wait_s", "Source's figure: requester wait, calendar"),
    seconds("reported_requester_wait_business_s", "Source's figure: requester wait, business hours"),
    seconds("reported_agent_wait_s", "Source's figure: waiting for the customer, calendar"),
    seconds("reported_agent_wait_business_s", "Source's figure: waiting for the customer, business hours"),
    seconds("reported_on_hold_s", "Source's figure: on hold, calendar"),
    seconds("reported_on_hold_business_s", "Source's figure: on hold, business hours"),
    seconds("first_response_s", "Created to first response", derived=True),
    seconds("first_response_business_s", "Created to first response, working time", derived=True),
    seconds("first_resolution_s", "Created to first solved", derived=True),
    seconds("first_resolution_business_s", "Created to first solved, working time", derived=True),
    seconds("full_resolution_s", "Created to last solved, only while solved", derived=True),
    seconds("full_resolution_business_s", "Created to last solved, working time, only while solved", derived=True),
    seconds("requester_wait_s", "Time new, open or on hold", derived=True),
    seconds("requester_wait_business_s", "Time new, open or on hold, working time", derived=True),
    seconds("agent_work_s", "Time new or open", derived=True),
    seconds("agent_work_business_s", "Time new or open, working time", derived=True),
    seconds("agent_wait_s", "Time waiting for the customer", derived=True),
    seconds("agent_wait_business_s", "Time waiting for the customer, working time", derived=True),
    seconds("on_hold_s", "Time on hold", derived=True),
    seconds("on_hold_business_s", "Time on hold, working time", derived=True),
    time("response_from_at", "Owed an answer from here on; unknown when none is owed", derived=True),
    text("response_basis", "From when the first answer was owed, or why none is", derived=True, words="response_basis"),
    text("response_agent_id", "Who gave the first response", derived=True),
    text("response_team", "Team that held the ticket at the first response", derived=True),
    count("calendar_no", "Calendar its working time counts in: calendar_days.calendar_no", derived=True),
    count("response_from_business_s", "Working seconds of that calendar before it was owed an answer", derived=True),
    text("clock_basis", "What the durations rest on", derived=True, words="clock_basis"),
    flag("is_open", "Unsolved and not excluded at as_of", derived=True),
    day("created_day", "Local date opened"), day("first_response_day", "Local date of the first response"),
    day("first_solved_day", "Local date first solved"), day("solved_day", "Local date last solved"),
    count("created_hour", "Local hour opened, 0-23", derived=True),
    count("created_weekday", "Local ISO weekday opened, 1 Monday", derived=True),
    customer_raw(),
    *customer_copies(),
)  # fmt: skip

ticket_events = table(
    "ticket_events", "What happened to a ticket, in order", ("ticket_id", "seq"),
    text("ticket_id", "Ticket"), count("seq", "Order within the ticket"), time("at", "When"),
    text("field", "What changed", words="event_field"), text("old", "Value before, canonical for status and priority"),
    text("new", "Value after, canonical for status and priority"),
    text("actor", "Who did it", words="actor"), text("actor_id", "Id of who did it"),
    flag("public", "The customer could see it"),
    text("acted_as", "What they acted as, where deeds or settings say otherwise", derived=True, words="actor"),
)  # fmt: skip

status_spans = table(
    "status_spans", "Every stretch of time a ticket spent in one state", ("ticket_id", "span"),
    text("ticket_id", "Ticket"), count("span", "Order within the ticket, from 1"),
    text("status", "State", words="status"), time("started_at", "From, included"),
    time("ended_at", "Until, not included; unknown when it still runs"),
    text("previous", "State before; unknown for the first stretch", words="status"),
    day("started_day", "Local date of the start"), day("ended_day", "Local date of the end"), canonical=False,
)  # fmt: skip

reply_cycles = table(
    "reply_cycles", "Every stretch of time a customer waited for an answer", ("ticket_id", "cycle"),
    text("ticket_id", "Ticket"),
    count("cycle", "1 until the first reply, then from each oldest unanswered customer comment"),
    time("started_at", "Customer began to wait"),
    time("ended_at", "Answered by a human or solved; unknown when they still wait"),
    time("promise_ended_at", "Where a promise on it stops: answered, or solved for the first time"),
    flag("answered", "Ended by a public human reply (false: by solving)"),
    text("agent_id", "Who answered"), text("team", "Team that held the ticket then"),
    seconds("wait_s", "Length of an answered wait", derived=True),
    seconds("wait_business_s", "Length of an answered wait, working time", derived=True),
    day("started_day", "Local date of the start"), day("ended_day", "Local date of the end"), canonical=False,
)  # fmt: skip

sla_clocks = table(
    "sla_clocks", "One clock per ticket, promise and cycle", ("ticket_id", "metric", "cycle"),
    text("ticket_id", "Ticket"), text("metric", "first_response, next_response, resolution or requester_wait"),
    count("cycle", "1 for the first run"), text("policy", "Policy that promised it"),
    seconds("target_s", "Promised"), text("calendar", "Calendar it counts in"), time("started_at", "Clock started"),
    time("due_at", "Due, given the pauses known"), time("stopped_at", "Kept or given up"),
    time("breached_at", "Moment the promise was broken"), seconds("elapsed_s", "Counted so far"),
    text("state", "met, breached, breached_open, paused, at_risk, on_track, cancelled"),
    time("decided_at", "When met or broken was settled"),
    day("started_day", "Local date of the start"), day("decided_day", "Local date it was settled"),
    flag("paused", "Stands still now, late or not"),
    text("team", "Team that held the ticket when it was settled, else now; unknown where nothing is logged"),
    text("agent_id", "Agent who held it then"), text("priority", "Priority it had then", words="priority"),
    canonical=False,
)  # fmt: skip

ticket_as_loaded = table(
    "ticket_as_loaded", "The source's own times and counts of tickets where ours differ: put back before the next load",
    ("ticket_id",),
    text("ticket_id", "Ticket"), time("first_response_at", "Source's own first response"),
    time("first_solved_at", "Source's own first solve"), time("solved_at", "Source's own last solve"),
    count("replies", "Source's own count of replies"), count("reopens", "Source's own count of reopens"),
    count("reassignments", "Source's own count of reassignments"),
    count("transfers", "Source's own count of transfers"),
    canonical=False,
)  # fmt: skip

calendar_days = sa.Table(
    "calendar_days", metadata,
    text("calendar", "Name in the settings, or 24x7"), count("calendar_no", "Number of the calendar, 0 for 24x7"),
    count("day", "calendar_no * 100000 + days since 1970-01-01 UTC"),
    count("cum", "Working seconds before this day"),
    *(count(f"{edge}{i}", f"Working stretch {i}: second of the UTC day it {word}") for i in range(1, 5)
      for edge, word in (("s", "starts"), ("e", "ends"))),
    comment="Working time as a running sum per UTC day: an interval's working seconds are two look-ups",
    info={"key": ("calendar", "day"), "canonical": False},
)  # fmt: skip

calendar_segments = sa.Table(
    "calendar_segments", metadata,
    text("calendar", "Name in the settings, or 24x7"), count("calendar_no", "Number of the calendar, 0 for 24x7"),
    count("cum", "Working seconds before this stretch"),
    count("started_s", "Start, seconds since 1970-01-01 UTC"), count("ended_s", "End, not included"),
    comment="Working stretches with the running sum before them: the way from a target back to its due time",
    info={"key": ("calendar", "started_s"), "canonical": False},
)  # fmt: skip

surveys = table(
    "surveys", "One row per survey sent or answered", ("survey_id",),
    text("survey_id", "Id as exported"), text("kind", "csat, nps or ces", words="survey_kind"),
    text("customer_id", "Who was asked"), text("ticket_id", "About which ticket"),
    text("channel", "Channel of the survey or its ticket", words="channel"), text("agent_id", "Agent rated"),
    time("sent_at", "Sent"), time("answered_at", "Answered"), number("score", "Answer as exported, on its own scale"),
    number("scale_min", "Lowest answer possible"), number("scale_max", "Highest answer possible"),
    text("comment", "Words of the customer"),
    flag("answered", "There is a score", derived=True),
    flag("good", "Among the best answers of its scale, as many as the settings count", derived=True),
    number("good_from", "Lowest good answer of its scale, high being good", derived=True),
    flag("replaced", "A later answer about the same ticket counts instead", derived=True),
    time("replaced_at", "When the later answer came", derived=True),
    text("nps_group", "promoter, passive or detractor", derived=True),
    number("score_5", "Score rescaled to 1-5", derived=True),
    day("sent_day", "Local date sent, else of the answer, else of the ticket's creation"),
    day("answered_day", "Local date answered, else sent, else of the ticket's creation"),
    text("ticket_kind", "The ticket's kind", derived=True), text("category", "The ticket's topic", derived=True),
    text("product", "The ticket's product", derived=True), text("priority", "The ticket's priority", derived=True),
    text("status", "The ticket's state", derived=True), text("team", "The ticket's team", derived=True),
    text("ticket_excluded", "Why its ticket counts nowhere", derived=True),
    text("from_ticket", "Bookkeeping: which of channel and agent_id were taken from the ticket", derived=True),
    customer_raw(),
    *customer_copies(),
)  # fmt: skip

orders = table(
    "orders", "Purchases", ("order_id",),
    text("order_id", "Id as exported, or made from customer, time and position"), text("customer_id", "Who bought"),
    time("ordered_at", "When"), money("amount", "Total, in its own currency"), text("currency", "Currency"),
    company_amount(),
    text("status", "paid, refunded or cancelled", words="order_status"), text("status_raw", "State as exported"),
    day("ordered_day", "Local date of the order"),
    customer_raw(),
    *customer_copies(),
)  # fmt: skip

order_lines = table(
    "order_lines", "Lines of a purchase", ("order_id", "line"),
    text("order_id", "Order"), count("line", "Position, from 1"), text("product_id", "Product id"),
    text("product", "Product"), text("category", "Category"), number("quantity", "Quantity"),
    money("unit_price", "Price of one"), money("amount", "Line total"),
)  # fmt: skip

interactions = table(
    "interactions", "Contacts in either direction", ("interaction_id",),
    text("interaction_id", "Id as exported"), text("customer_id", "With whom"), time("at", "When"),
    text("direction", "inbound or outbound", words="direction"), text("channel", "Channel", words="channel"),
    text("kind", "call, email, visit, ...", words="interaction_kind"), text("agent_id", "Agent"),
    text("campaign_id", "Part of which campaign"), text("outcome", "Outcome"), flag("by_human", "A person did it"),
    day("day", "Local date"), customer_raw(),
    *customer_copies(),
)  # fmt: skip

campaigns = table(
    "campaigns", "Campaigns", ("campaign_id",),
    text("campaign_id", "Id as exported"), text("name", "Name"), text("channel", "Channel", words="channel"),
    text("goal", "Goal"), time("started_at", "Start"), time("ended_at", "End"), money("cost", "Cost"),
    text("currency", "Currency"),
)  # fmt: skip

campaign_members = table(
    "campaign_members", "Who was in a campaign, in which arm", ("campaign_id", "customer_id"),
    text("campaign_id", "Campaign"), text("customer_id", "Customer"), text("arm", "treated or control", words="arm"),
    time("sent_at", "Sent"), time("opened_at", "Opened"), time("clicked_at", "Clicked"),
    time("converted_at", "Converted"), money("revenue", "Revenue"), customer_raw(),
)  # fmt: skip

opportunities = table(
    "opportunities", "Sales opportunities", ("opportunity_id",),
    text("opportunity_id", "Id as exported"), text("customer_id", "Customer or account"), text("stage", "Stage"),
    money("amount", "Value, in its own currency"), text("currency", "Currency"), company_amount(),
    time("created_at", "Opened"), time("closed_at", "Decided"),
    text("outcome", "won, lost or open", words="outcome"), text("lost_reason", "Why lost"),
    text("competitor", "Lost to"), text("agent_id", "Owner"), text("product", "Product"),
    day("created_day", "Local date opened"), day("closed_day", "Local date decided"), customer_raw(),
    *customer_copies(),
)  # fmt: skip

agents = table(
    "agents", "Who serves", ("agent_id",),
    text("agent_id", "Id as exported"), text("name", "Name"), text("team", "Team"), text("tier", "Tier"),
    time("hired_at", "Hired"), time("left_at", "Left"),
)  # fmt: skip

trainings = table(
    "trainings", "Courses completed by agents", ("training_id",),
    text("training_id", "Id as exported"), text("agent_id", "Agent"), text("course", "Course"),
    time("completed_at", "Completed"), number("score", "Score"),
)  # fmt: skip

customer_months = table(
    "customer_months", "Months in which a customer bought or gave back: what retention cohorts are counted from",
    ("customer_id", "month"),
    text("customer_id", "Customer"), day("cohort_month", "First month with a paid order"),
    day("month", "Month with a paid order or a refund"),
    count("orders", "Paid orders in the month; 0 where it holds only refunds"),
    money("revenue", "Paid amount less refunds in the month, in the company's currency"),
    *customer_copies(), canonical=False,
)  # fmt: skip

customer_purchases = table(
    "customer_purchases", "First and second purchase day of each customer", ("customer_id",),
    text("customer_id", "Customer"), day("first_day", "First purchase day"), day("second_day", "Second purchase day"),
    day("last_day", "Last purchase day"), count("purchase_days", "Distinct purchase days"),
    money("revenue", "Paid amount less refunds, in the company's currency"),
    *customer_copies(), canonical=False,
)  # fmt: skip

verdicts = table(
    "verdicts", "KPIs refused because a source contradicts itself; judged at load", ("metric", "reason"),
    text("metric", "Metric key refused for the source"), text("reason", "Check that failed"),
    number("share", "Share of the rows looked at that fail"), count("n", "Rows looked at"), canonical=False,
)  # fmt: skip

loads = sa.Table(
    "loads", metadata,
    count("load_id", "Number of the load"), text("file", "File name as given"), text("sha256", "Of its content"),
    text("source", "Profile"), time("started_at", "Start"), time("finished_at", "End"),
    time("as_of", "Moment the file speaks of"), text("encoding", "Encoding read"), text("delimiter", "Delimiter read"),
    text("date_order", "Order of day, month and year read"), count("rows_read", "Rows in the file"),
    count("rows_inserted", "Rows that brought something new"), count("rows_updated", "Rows that changed something"),
    count("rows_unchanged", "Rows already known"), count("rows_rejected", "Rows set aside"),
    count("warnings", "Cells set aside"), text("loaded_by", "Operating-system user"),
    text("profile_hash", "Fingerprint of the profile and options used"),
    text("counts", "JSON: inserted, updated and unchanged by table"),
    text("columns", "JSON: the headers of the file, so that one that vanishes is noticed"),
    text("read_as", "JSON: profile, zone, order of dates and decimal mark, so that corrected rows are read alike"),
    comment="Every file ever loaded; several rows share a load_id when one command loaded several files",
    info={"key": ("load_id", "file", "sha256"), "canonical": False},
)  # fmt: skip

rejects = sa.Table(
    "rejects", metadata,
    count("load_id", "Load"), text("file", "File"), count("line", "Line in the file, from 1"),
    text("column", "Header of the cell; empty when the whole row was set aside"), text("value", "What stood there"),
    text("reason", "Word of the reject vocabulary"), text("row", "JSON of the whole row"),
    flag("row_rejected", "The row was not loaded (else only the cell is unknown)"),
    comment="Every row or cell set aside, with the reason", info={"key": (), "canonical": False},
)  # fmt: skip

facts = sa.Table(
    "facts", metadata,
    text("name", "as_of, time_zone, duckdb, schema, sample, ..."), text("value", "As text"),
    comment="What a version of the warehouse says of itself", info={"key": ("name",), "canonical": False},
)  # fmt: skip


def canonical_tables() -> tuple[sa.Table, ...]:
    """Return the tables exports are loaded into, in declaration order."""
    return tuple(t for t in metadata.tables.values() if t.info["canonical"])


def loaded_columns(of: sa.Table) -> tuple[str, ...]:
    """Return the columns a source may fill: neither derived nor bookkeeping."""
    return tuple(c.name for c in of.columns if not c.info["derived"] and c.name not in ("source", "load_id"))


REQUIRED_TIMES = {"tickets": "created_at", "ticket_events": "at", "orders": "ordered_at", "interactions": "at"}
"""The time a row of a table is worth nothing without."""


def kind_of(column: sa.Column[Any]) -> str:
    """Return what a canonical column holds: words, time, flag, number, money, seconds, count or text."""
    if column.info.get("words"):
        return "words"
    if isinstance(column.type, sa.DateTime):
        return "time"
    if isinstance(column.type, sa.Boolean):
        return "flag"
    if isinstance(column.type, sa.Double):
        return "number"
    if isinstance(column.type, sa.Numeric):
        return "money"
    if isinstance(column.type, sa.BigInteger):
        return "seconds" if column.name.endswith("_s") else "count"
    return "text"
