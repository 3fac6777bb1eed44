-- Who held a ticket from `since` until `until`, of tickets whose team, agent or priority the log says: its team, agent
-- and priority of then. What it does not log is as it is now.
CREATE OR REPLACE TEMP TABLE timing_holders AS
WITH logged AS (
    SELECT ticket_no, created, moment, seq, field, old, new
    FROM timing_events
    WHERE $owners = 'then' AND field IN ('team', 'agent', 'priority') AND coalesce(old, new) IS NOT NULL
        AND created IS NOT NULL),
begun AS (
    SELECT ticket_no, created, field, arg_min_null(old, struct_pack(moment := moment, seq := seq)) AS word
    FROM logged
    GROUP BY ticket_no, created, field),
changes AS (
    SELECT ticket_no, created AS moment, -1 AS seq, field, word FROM begun
    UNION ALL
    SELECT ticket_no, moment, seq, field, new FROM logged),
held AS (
    SELECT ticket_no, moment AS since, lead(moment) OVER ordered AS until,
        last_value(CASE WHEN field = 'team' THEN struct_pack(word := word) END IGNORE NULLS) OVER so_far AS team,
        last_value(CASE WHEN field = 'agent' THEN struct_pack(word := word) END IGNORE NULLS) OVER so_far AS agent,
        last_value(CASE WHEN field = 'priority' THEN struct_pack(word := word) END IGNORE NULLS) OVER so_far
            AS priority
    FROM changes
    WINDOW ordered AS (PARTITION BY ticket_no ORDER BY moment, seq, field),
        so_far AS (PARTITION BY ticket_no ORDER BY moment, seq, field ROWS UNBOUNDED PRECEDING))
SELECT held.ticket_no, held.since, held.until,
    CASE WHEN held.team IS NULL THEN own.team ELSE held.team.word END AS team,
    CASE WHEN held.agent IS NULL THEN own.agent_id ELSE held.agent.word END AS agent_id,
    CASE WHEN held.priority IS NULL THEN own.priority ELSE held.priority.word END AS priority
FROM held JOIN tickets AS own ON own.rowid = held.ticket_no
WHERE held.until IS NULL OR held.until > held.since
