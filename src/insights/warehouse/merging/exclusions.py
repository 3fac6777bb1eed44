"""Tickets that rules of the settings exclude, and open ones that are missing from a file said to be complete."""

from typing import Any

import duckdb

from insights import schema
from insights.settings import Exclusion, Settings
from insights.sources import StagedFile
from insights.warehouse.ddl import quoted

GONE = "missing from a complete file"
_TAGS = r"""list_concat(regexp_split_to_array(lower(tags), '\s*[,;|\[\]"]+\s*'),
    regexp_split_to_array(lower(tags), '[\s,;|\[\]"]+'))"""


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Take back what rules excluded, so that export is compared with export."""
    con.execute("UPDATE tickets SET excluded = NULL, excluded_by = NULL WHERE excluded_by IS NOT NULL")


def apply(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Exclude what the rules say, the first that fits; what exports exclude themselves stays as they say."""
    for rule in settings.exclude:
        _apply(con, rule)
    con.execute(
        "UPDATE tickets SET excluded = 'gone', excluded_by = ? WHERE gone_at IS NOT NULL AND excluded IS NULL", [GONE]
    )


def said(rule: Exclusion) -> str:
    """Return a rule as it is written beside the tickets it excludes."""
    parts = [f"tag {' / '.join(rule.tags)}"] if rule.tags else []
    parts += [f"{column} {' / '.join(values)}" for column, values in rule.having.items()]
    return ", ".join(parts)


def _apply(con: duckdb.DuckDBPyConnection, rule: Exclusion) -> None:
    if not (rule.tags or rule.having):
        return
    bound: dict[str, Any] = {"reason": rule.reason, "rule": said(rule)}
    conditions = ["excluded IS NULL"]
    for name, values in ({"source": rule.source} | rule.having).items():
        if values:
            conditions.append(f"list_contains($in_{name}, lower({quoted(name)}))")
            bound[f"in_{name}"] = [value.lower() for value in values]
    if rule.tags:
        conditions.append(f"list_has_any({_TAGS}, $tags)")
        bound["tags"] = [tag.lower() for tag in rule.tags]
    con.execute(f"UPDATE tickets SET excluded = $reason, excluded_by = $rule WHERE {' AND '.join(conditions)}", bound)


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Begin a load: no file has said yet that it is everything."""
    con.execute("CREATE OR REPLACE TEMP TABLE complete_tickets (source TEXT, ticket_id TEXT, as_of TIMESTAMP)")


def see(con: duckdb.DuckDBPyConnection, file: StagedFile, as_of: object) -> None:
    """Note the tickets of a file: who is in it is not gone, and one that is everything tells who is."""
    if (staged := file.tables.get("tickets")) is None:
        return
    key = f"source = ? AND ticket_id IN (SELECT ticket_id FROM {quoted(staged)})"
    con.execute(f"UPDATE tickets SET gone_at = NULL WHERE gone_at <= ? AND {key}", [as_of, file.source])
    if file.complete:
        con.execute(
            f"INSERT INTO complete_tickets SELECT DISTINCT ?, ticket_id, CAST(? AS TIMESTAMP) FROM {quoted(staged)}",
            [file.source, as_of],
        )


def mark_gone(con: duckdb.DuckDBPyConnection) -> int:
    """Mark open tickets that complete files of their source do not hold as gone from then on; return how many."""
    open_now = "coalesce(is_open, status IS NULL OR status NOT IN ('solved', 'closed', 'deleted'))"
    found = con.execute(f"""
        UPDATE tickets SET gone_at = listed.as_of
        FROM (SELECT source, max(as_of) AS as_of FROM complete_tickets GROUP BY source) AS listed
        WHERE tickets.source = listed.source AND gone_at IS NULL AND {open_now}
            AND coalesce(created_at <= listed.as_of, true)
            AND (tickets.source, ticket_id) NOT IN (SELECT (source, ticket_id) FROM complete_tickets)""").fetchone()
    con.execute("DROP TABLE complete_tickets")
    return int(found[0]) if found else 0


def end_stretches(con: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Let what ran of gone tickets end when they went: state, and waits for an answer."""
    day = f"CAST((gone_at AT TIME ZONE 'UTC') AT TIME ZONE '{zone}' AS DATE)"
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE gone_tickets AS
        SELECT source, ticket_id, gone_at, {day} AS gone_day FROM tickets WHERE excluded_by = ?""",
        [GONE],
    )
    same = "gone_tickets.source = {0}.source AND gone_tickets.ticket_id = {0}.ticket_id AND {0}.ended_at IS NULL"
    con.execute(f"""
        INSERT INTO status_spans BY NAME
        SELECT source, ticket_id, span + 1 AS span, 'deleted' AS status, gone_at AS started_at,
            gone_day AS started_day, status AS previous
        FROM status_spans JOIN gone_tickets USING (source, ticket_id)
        WHERE ended_at IS NULL AND status IN {schema.UNSOLVED} AND started_at <= gone_at""")
    con.execute(f"""UPDATE status_spans SET ended_at = gone_at, ended_day = gone_day FROM gone_tickets
                    WHERE {same.format("status_spans")} AND status_spans.status IN {schema.UNSOLVED}""")
    con.execute(f"""UPDATE reply_cycles SET ended_at = gone_at, ended_day = gone_day, answered = false
                    FROM gone_tickets WHERE {same.format("reply_cycles")}""")
    con.execute("DROP TABLE gone_tickets")
