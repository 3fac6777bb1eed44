-- Where each ticket stood at `$now`, and since when it was solved if it was.
CREATE OR REPLACE TEMP TABLE timing_standing AS
WITH latest AS (
    SELECT ticket_no, arg_max(status, span) AS status, max(since) FILTER (became_solved(status, previous)) AS last_solve
    FROM timing_spans
    WHERE since <= $now AND ticket_no IN (SELECT ticket_no FROM timing_covered_tickets)
    GROUP BY ticket_no)
SELECT ticket_no, status, CASE WHEN is_solved(status) THEN last_solve END AS solved
FROM latest
