-- What each ticket's team and priority were from `since` until `until`: before the first recorded change what it was
-- taken from (of a team else the first one it got; a priority nothing says is unknown); without any change, what the
-- ticket says.
CREATE OR REPLACE TEMP TABLE timing_stretches AS
WITH logged AS (
    SELECT ticket_no, field, created, moment, seq, old, new
    FROM timing_events SEMI JOIN timing_covered_tickets USING (ticket_no)
    WHERE field IN ('team', 'priority') AND coalesce(old, new) IS NOT NULL),
changes AS (
    SELECT ticket_no, field, moment, created, old, new,
        row_number() OVER (PARTITION BY ticket_no, field ORDER BY moment, seq) AS place
    FROM logged),
known AS (
    SELECT ticket_no, field, moment, place, new AS word FROM changes
    UNION ALL
    SELECT ticket_no, field, created, 0, CASE WHEN field = 'team' THEN coalesce(old, new) ELSE old END
    FROM changes
    WHERE place = 1),
stretches AS (
    SELECT ticket_no, field, moment AS since,
        lead(moment) OVER (PARTITION BY ticket_no, field ORDER BY place) AS until, word
    FROM known
    UNION ALL
    SELECT ticket_no, said.field, created, NULL, CASE WHEN said.field = 'team' THEN team ELSE priority END
    FROM timing_covered_tickets, (VALUES ('team'), ('priority')) AS said (field)
    WHERE (ticket_no, said.field) NOT IN (SELECT (ticket_no, field) FROM changes))
SELECT ticket_no, field, since, until, coalesce(word, '') AS word
FROM stretches
WHERE until IS NULL OR until > since
