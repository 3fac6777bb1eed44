"""What customers answered when they were asked."""

from insights.schema.columns import customer_copies, customer_raw, day, flag, number, table, text, time

# fmt: off
# A table reads as a table: what belongs together on one line.
surveys = table(
    "surveys", "One row per survey sent or answered", ("survey_id",),
    text("survey_id", "Id as exported"), text("kind", "csat, nps or ces", words="survey_kind"),
    text("customer_id", "Who was asked"), text("ticket_id", "About which ticket"),
    text("channel", "Channel of the survey or its ticket", words="channel"), text("agent_id", "Agent rated"),
    time("sent_at", "Sent"), time("answered_at", "Answered"), number("score", "Answer as exported, on its own scale"),
    number("scale_min", "Lowest answer possible"), number("scale_max", "Highest answer possible"),
    text("comment", "Words of the customer", named=True),
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
)
