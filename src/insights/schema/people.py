"""Who is served, and which ids mean whom."""

from insights.schema.columns import flag, number, table, text, time

# fmt: off
# A table reads as a table: what belongs together on one line.
customers = table(
    "customers", "Who is served", ("customer_id",),
    text("customer_id", "Id as exported"),
    text("name", "Name", named=True), text("email", "E-mail"), text("phone", "Telephone"),
    text("company", "Company", named=True),
    text("segment", "Segment"), text("country", "Country"), text("region", "Region"), text("city", "City", named=True),
    time("acquired_at", "Won as a customer", long_ago=True), text("acquisition_channel", "Where they came from"),
    text("referred_by", "Customer of the same source who recommended them"),
    text("owner_agent_id", "Account owner"), text("lifecycle_stage", "Lifecycle stage"),
    text("loyalty_tier", "Loyalty tier"), number("loyalty_points", "Loyalty points"),
    flag("contact_allowed", "May be contacted"), time("ended_at", "Contract or membership ended", ahead=True),
    text("merged_into", "Customer this one was merged into, by the source"),
    text("merged_ids", "Ids of customers merged into this one, as the source lists them"),
)

customer_aliases = table(
    "customer_aliases", "Ids that mean another customer, or nobody: every fact shows who is meant", ("customer_id",),
    text("customer_id", "Id as exported"), text("merged_into", "Who it is; empty for a placeholder of unknown people"),
    text("evidence", "Who says so, or what they share", words="alias_evidence"), canonical=False,
)
