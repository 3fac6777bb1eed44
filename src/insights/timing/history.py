"""From events and timestamps to the history of each ticket: states, public comments, waits, priorities, teams.

Everything is set-based SQL over temporary tables keyed by `n`, the rowid of the ticket. Times are whole seconds since
1970 UTC. Within a ticket, events are ordered by (time, seq); an event before the ticket's creation counts at creation.
"""

import duckdb

from insights.schema import SOLVED, UNSOLVED, WORDS


def words(of: tuple[str, ...]) -> str:
    """Return words as an SQL list."""
    return "(" + ", ".join(f"'{w}'" for w in of) + ")"


def seconds(time: str) -> str:
    """Return a timestamp as whole seconds since 1970 UTC."""
    return f"(epoch_us({time}) // 1000000)"


def timestamp(at: str) -> str:
    """Return whole seconds since 1970 as a naive UTC timestamp."""
    return f"make_timestamp({at} * 1000000)"


IS_UNSOLVED, IS_SOLVED = f"IN {words(UNSOLVED)}", f"IN {words(SOLVED)}"
# What a ticket was before its first recorded change: as the event says, else the unsolved state it was found in.
FIRST_STATUS = f"""CASE WHEN old IN {words(WORDS["status"])} THEN old WHEN new {IS_UNSOLVED} THEN new ELSE 'open' END"""
BECAME_SOLVED = f"status {IS_SOLVED} AND (previous IS NULL OR previous NOT {IS_SOLVED})"
STOPPED_WAITING = f"status NOT {IS_UNSOLVED} AND (previous IS NULL OR previous {IS_UNSOLVED})"
BEGAN_WAITING = f"status {IS_UNSOLVED} AND previous NOT {IS_UNSOLVED}"

TICKETS = f"""
CREATE OR REPLACE TEMP TABLE timing_tickets AS
SELECT rowid AS n, source, ticket_id, {seconds("created_at")} AS created FROM tickets"""

# What a source knows at all: a column is computed from events only where its source records such events.
SOURCES = """
CREATE OR REPLACE TEMP TABLE timing_sources AS
SELECT source, keeps_solved, keeps_response, coalesce(logs_comments, false) AS logs_comments,
    coalesce(logs_agents, false) AS logs_agents, coalesce(logs_teams, false) AS logs_teams, first_comment
FROM (SELECT source, bool_or(solved_at IS NOT NULL OR closed_at IS NOT NULL) AS keeps_solved,
        bool_or(first_response_at IS NOT NULL OR reported_first_response_s IS NOT NULL) AS keeps_response
    FROM tickets GROUP BY source)
LEFT JOIN (SELECT source, bool_or(field = 'comment') AS logs_comments,
        min("at") FILTER (field = 'comment') AS first_comment, bool_or(field = 'agent') AS logs_agents,
        bool_or(field = 'team') AS logs_teams FROM ticket_events GROUP BY source) USING (source)"""


def _events(field: str, columns: str, condition: str) -> str:
    """Return the events of one field with the ticket's `n`: `raw` is their time, `moment` never before creation."""
    return f"""(SELECT t.n, t.created, {seconds("e.at")} AS raw, greatest({seconds("e.at")}, t.created) AS moment,
        e.seq, {columns}
        FROM ticket_events AS e JOIN timing_tickets AS t USING (source, ticket_id)
        WHERE e.field = '{field}' AND e.at IS NOT NULL AND {condition})"""


# Consecutive equal states are one; `k` orders a ticket's changes, 0 is the state it was created in.
CHANGES = f"""
CREATE OR REPLACE TEMP TABLE timing_changes AS
WITH logged AS (
    SELECT *, lag(new) OVER w AS before, row_number() OVER w AS k
    FROM {_events("status", "e.old, e.new", f"e.new IN {words(WORDS['status'])}")}
    WINDOW w AS (PARTITION BY n ORDER BY moment, seq))
SELECT n, k, moment, raw, seq, new AS status FROM logged WHERE new <> coalesce(before, {FIRST_STATUS})
UNION ALL SELECT n, 0, created, created, -1, {FIRST_STATUS} FROM logged WHERE k = 1 AND created IS NOT NULL"""

LOGGED = "CREATE OR REPLACE TEMP TABLE timing_logged AS SELECT DISTINCT n FROM timing_changes"

# Without status events: unsolved until the solve the source states, then solved. Nothing is said of a ticket that is
# solved at an unknown time, or of which neither state nor solve is known.
SYNTHESISED = f"""
INSERT INTO timing_changes
WITH silent AS (
    SELECT t.n, t.created, {seconds("coalesce(o.solved_at, o.closed_at)")} AS solved,
        coalesce(o.status, CASE WHEN o.solved_at IS NOT NULL OR o.closed_at IS NOT NULL THEN 'solved'
            WHEN s.keeps_solved THEN 'open' END) AS status
    FROM timing_tickets AS t JOIN tickets AS o ON o.rowid = t.n JOIN timing_sources AS s ON s.source = t.source
    WHERE t.created IS NOT NULL AND t.n NOT IN (SELECT n FROM timing_logged))
SELECT n, 0, created, created, -1, 'open' FROM silent
WHERE status {IS_UNSOLVED} OR (status {IS_SOLVED} AND solved >= created)
UNION ALL SELECT n, 1, solved, solved, 0, 'solved' FROM silent WHERE status {IS_SOLVED} AND solved >= created"""

SPANS = """
CREATE OR REPLACE TEMP TABLE timing_spans AS
SELECT n, row_number() OVER w AS span, status, lag(status) OVER w AS previous, moment AS a, lead(moment) OVER w AS b,
    raw, seq
FROM timing_changes WINDOW w AS (PARTITION BY n ORDER BY k)"""

# The opening comment of a ticket an agent created is the agent's own question, not a reply.
COMMENTS = f"""
CREATE OR REPLACE TEMP TABLE timing_comments AS
WITH said AS {_events("comment", "e.actor, coalesce(e.public, true) AS public", "true")},
opening AS (
    SELECT n, seq FROM (
        SELECT n, seq, actor, row_number() OVER (PARTITION BY n ORDER BY raw, seq) AS k FROM said WHERE raw <= created)
    WHERE k = 1 AND actor = 'agent')
SELECT n, moment, raw, seq, public AND actor = 'customer' AS asks, public AND actor = 'agent' AND NOT opens AS answers,
    public AND actor IN ('bot', 'system') AS automatic, actor = 'agent' AND NOT public AND NOT opens AS noted,
    public AND opens AS opened
FROM (SELECT *, (n, seq) IN (SELECT (n, seq) FROM opening) AS opens FROM said)"""

# A wait begins when a customer has asked and the ticket is unsolved, and ends with a human answer or a solve.
# `turn` counts those ends, so that every turn holds at most one wait; turn 0 is the wait for the first response.
TURNS = f"""
CREATE OR REPLACE TEMP TABLE timing_turns AS
WITH marks AS (
    SELECT n, moment, seq, CASE WHEN asks THEN 'ask' ELSE 'answer' END AS mark FROM timing_comments
        WHERE asks OR answers
    UNION ALL SELECT n, a, seq, CASE WHEN {STOPPED_WAITING} THEN 'solve' ELSE 'reopen' END
    FROM timing_spans WHERE ({STOPPED_WAITING}) OR ({BEGAN_WAITING})),
turned AS (
    SELECT n, moment, mark, sum(CASE WHEN mark IN ('answer', 'solve') THEN 1 ELSE 0 END) OVER w AS turn,
        sum(CASE mark WHEN 'solve' THEN 1 WHEN 'reopen' THEN -1 ELSE 0 END) OVER w AS solved
    FROM marks WINDOW w AS (PARTITION BY n ORDER BY moment, seq, mark ROWS UNBOUNDED PRECEDING))
SELECT n, turn, min(moment) FILTER (mark = 'ask') AS asked, min(moment) FILTER (mark = 'reopen') AS reopened,
    max(solved) AS solved,
    min(moment) FILTER (mark IN ('answer', 'solve')) AS turned, bool_or(mark = 'answer') AS answered
FROM turned GROUP BY n, turn"""

# A ticket whose comments are not recorded waits until the response its source states, if its source states any. An open
# ticket nothing is logged of yet, opened since its source logs comments, waits for the first one.
CYCLES = f"""
CREATE OR REPLACE TEMP TABLE timing_cycles AS
WITH firsts AS (
    SELECT t.n, t.created, s.keeps_response, s.logs_comments AND (t.n IN (
            SELECT n FROM timing_comments UNION ALL SELECT n FROM timing_logged)
        OR coalesce(o.status {IS_UNSOLVED} AND o.created_at >= s.first_comment, false)
            AND o.first_response_at IS NULL AND o.reported_first_response_s IS NULL) AS talks,
        {seconds("coalesce(o.first_response_at, o.created_at + to_seconds(o.reported_first_response_s))")} AS response,
        e.turned, e.answered
    FROM timing_tickets AS t JOIN timing_sources AS s USING (source) JOIN tickets AS o ON o.rowid = t.n
    LEFT JOIN timing_turns AS e ON e.n = t.n AND e.turn = 1),
waits AS (
    SELECT n, 0 AS turn, created AS a, turned AS b, answered FROM firsts WHERE talks
    UNION ALL SELECT n, 0, created, least(response, turned), coalesce(response <= coalesce(turned, response), false)
    FROM firsts WHERE NOT talks AND keeps_response
    UNION ALL SELECT g.n, g.turn, CASE WHEN g.solved = 0 OR g.asked > g.reopened THEN g.asked
        WHEN g.asked IS NOT NULL THEN g.reopened END, e.turned, e.answered
    FROM timing_turns AS g LEFT JOIN timing_turns AS e ON e.n = g.n AND e.turn = g.turn + 1
    WHERE g.turn > 0 AND g.asked IS NOT NULL)
SELECT n, row_number() OVER (PARTITION BY n ORDER BY turn) AS cycle, a, b, CASE WHEN b IS NOT NULL
    THEN answered END AS answered
FROM waits WHERE a IS NOT NULL"""


STORY = (TICKETS, CHANGES, LOGGED, SYNTHESISED, SPANS, COMMENTS)
"""States and comments of the tickets there are; `SOURCES`, which looks at whole sources, comes first."""


def read(con: duckdb.DuckDBPyConnection) -> None:
    """Build the temporary tables of every ticket's history."""
    for statement in (SOURCES, *STORY, TURNS, CYCLES):
        con.execute(statement)


RECALLED = f"""
CREATE OR REPLACE TEMP TABLE timing_spans AS
SELECT t.n, s.span, s.status, s.previous, {seconds("s.started_at")} AS a, {seconds("s.ended_at")} AS b
FROM w.status_spans AS s JOIN timing_tickets AS t USING (source, ticket_id);
CREATE OR REPLACE TEMP TABLE timing_cycles AS
SELECT t.n, c.cycle, {seconds("c.started_at")} AS a, {seconds("c.ended_at")} AS b
FROM w.reply_cycles AS c JOIN timing_tickets AS t USING (source, ticket_id)"""


def recall(con: duckdb.DuckDBPyConnection) -> None:
    """Build the history tables a replay needs from those an attached warehouse `w` has stored."""
    con.execute(TICKETS)
    con.execute(RECALLED)


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Drop the temporary tables."""
    named = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE temporary AND table_name LIKE 'timing\\_%' ESCAPE '\\'"
    )
    for (name,) in named.fetchall():
        con.execute(f"DROP TABLE {name}")
