-- Each ticket's number of changes of agent or team: the first assignment and gaps without one do not count. What it was
-- taken from is known too: T1 -> nobody -> T2 is one change, also when the log begins there.
CREATE OR REPLACE TEMP TABLE timing_handovers AS
WITH held AS (
    SELECT ticket_no, field, new, coalesce(lag(coalesce(new, old)) OVER (
            PARTITION BY ticket_no, field ORDER BY "at", seq), old) AS before
    FROM timing_events
    WHERE field IN ('agent', 'team') AND coalesce(new, old) IS NOT NULL)
SELECT ticket_no, count(*) FILTER (field = 'agent' AND new <> before) AS reassignments,
    bool_or(field = 'agent') AS logs_agent, count(*) FILTER (field = 'team' AND new <> before) AS transfers,
    bool_or(field = 'team') AS logs_team
FROM held
GROUP BY ticket_no
