"""Contacts, campaigns and the sales they lead to."""

from insights.schema.columns import company_amount, customer_copies, customer_raw, day, flag, money, table, text, time

# fmt: off
# A table reads as a table: what belongs together on one line.
interactions = table(
    "interactions", "Contacts in either direction", ("interaction_id",),
    text("interaction_id", "Id as exported"), text("customer_id", "With whom"), time("at", "When"),
    text("direction", "inbound or outbound", words="direction"), text("channel", "Channel", words="channel"),
    text("kind", "call, email, visit, ...", words="interaction_kind"), text("agent_id", "Agent"),
    text("campaign_id", "Part of which campaign"), text("outcome", "Outcome"), flag("by_human", "A person did it"),
    day("day", "Local date"), customer_raw(),
    *customer_copies(),
)

campaigns = table(
    "campaigns", "Campaigns", ("campaign_id",),
    text("campaign_id", "Id as exported"), text("name", "Name", named=True),
    text("channel", "Channel", words="channel"),
    text("goal", "Goal", named=True), time("started_at", "Start", ahead=True), time("ended_at", "End", ahead=True),
    money("cost", "Cost, in its own currency"), text("currency", "Currency"),
    money("company_cost", "Cost in the company's currency; unknown where no rate converts it", derived=True),
)

campaign_members = table(
    "campaign_members", "Who was in a campaign, in which arm", ("campaign_id", "customer_id"),
    text("campaign_id", "Campaign"), text("customer_id", "Customer"), text("arm", "treated or control", words="arm"),
    text("variant", "Which of several treatments"), flag("responded", "Reacted, where no time is told"),
    flag("converted", "Converted, where no time is told"),
    time("sent_at", "Sent"), time("opened_at", "Opened"), time("clicked_at", "Clicked"),
    time("converted_at", "Converted"), money("revenue", "Revenue"), customer_raw(),
)

opportunities = table(
    "opportunities", "Sales opportunities", ("opportunity_id",),
    text("opportunity_id", "Id as exported"), text("customer_id", "Customer or account"), text("stage", "Stage"),
    money("amount", "Value, in its own currency"), text("currency", "Currency"), company_amount(),
    time("created_at", "Opened"), time("closed_at", "Decided", ahead=True),
    text("outcome", "won, lost or open", words="outcome"), text("lost_reason", "Why lost"),
    text("competitor", "Lost to"), text("agent_id", "Owner"), text("product", "Product"),
    day("created_day", "Local date opened"), day("closed_day", "Local date decided"), customer_raw(),
    *customer_copies(),
)
