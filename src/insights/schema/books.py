"""What the warehouse says of itself: verdicts, loads, rejects, facts."""

from insights.schema.columns import count, flag, number, plain, table, text, time

# fmt: off
# A table reads as a table: what belongs together on one line.
verdicts = table(
    "verdicts", "KPIs refused because a source contradicts itself; judged at load", ("metric", "reason"),
    text("metric", "Metric key refused for the source"), text("reason", "Check that failed"),
    number("share", "Share of the rows looked at that fail"), count("n", "Rows looked at"), canonical=False,
)

loads = plain(
    "loads", "Every file ever loaded; several rows share a load_id when one command loaded several files",
    ("load_id", "file", "sha256"),
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
)

rejects = plain(
    "rejects", "Every row or cell set aside, with the reason", (),
    count("load_id", "Load"), text("file", "File"), count("line", "Line in the file, from 1"),
    text("column", "Header of the cell; empty when the whole row was set aside"), text("value", "What stood there"),
    text("reason", "Word of the reject vocabulary"), text("row", "JSON of the whole row"),
    flag("row_rejected", "The row was not loaded (else only the cell is unknown)"),
)

facts = plain(
    "facts", "What a version of the warehouse says of itself", ("name",),
    text("name", "as_of, time_zone, duckdb, schema, sample, ..."), text("value", "As text"),
)
