-- Each stretch of a logged ticket with its length; `turn` counts the solves before it: 0 until the first one.
CREATE OR REPLACE TEMP TABLE timing_measured_turns AS
WITH turns AS (
    SELECT timing_spans.*, ticket.calendar_no, coalesce(until, greatest(since, $now)) AS looked_at,
        sum(became_solved(status, previous)::INT) OVER (
            PARTITION BY ticket_no ORDER BY span ROWS UNBOUNDED PRECEDING) AS turn,
        sum(became_solved(status, previous)::INT) OVER (PARTITION BY ticket_no) AS solves
    FROM timing_spans JOIN timing_tickets AS ticket USING (ticket_no)
    WHERE ticket_no IN (SELECT ticket_no FROM timing_logged_tickets))
SELECT stretch.*, looked_at - since AS length_s,
    worked(stretch.calendar_no, looked_at, last_day) - worked(stretch.calendar_no, since, first_day) AS worked_s
FROM turns AS stretch
LEFT JOIN calendar_days AS first_day ON first_day.day = calendar_day(stretch.calendar_no, since)
LEFT JOIN calendar_days AS last_day ON last_day.day = calendar_day(stretch.calendar_no, looked_at)
