-- The priority of each ticket from `since` until `until`: before the first recorded change what it was taken from
-- (unknown if nothing says it); without any change, what the ticket says.
CREATE OR REPLACE TEMP TABLE timing_priority_stretches AS
WITH logged AS (
    SELECT ticket_no, created, moment, seq, old, new
    FROM timing_events SEMI JOIN timing_covered_tickets USING (ticket_no)
    WHERE field = 'priority' AND coalesce(old, new) IS NOT NULL),
changes AS (
    SELECT ticket_no, moment, row_number() OVER (PARTITION BY ticket_no ORDER BY moment, seq) AS place, created, old,
        new
    FROM logged),
known AS (
    SELECT ticket_no, moment, place, new AS word FROM changes
    UNION ALL
    SELECT ticket_no, created, 0, old FROM changes WHERE place = 1),
stretches AS (
    SELECT ticket_no, moment AS since, lead(moment) OVER (PARTITION BY ticket_no ORDER BY place) AS until, word
    FROM known
    UNION ALL
    SELECT ticket_no, created, NULL, priority
    FROM timing_covered_tickets
    WHERE ticket_no NOT IN (SELECT ticket_no FROM changes))
SELECT ticket_no, since, until, coalesce(word, '') AS priority
FROM stretches
WHERE until IS NULL OR until > since
