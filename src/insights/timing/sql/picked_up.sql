-- Picked up: assigned for the first time, or no longer new.
CREATE OR REPLACE TEMP TABLE timing_picked_up AS
WITH touched AS (
    SELECT ticket_no, moment
    FROM timing_events
    WHERE field = 'agent' AND new IS NOT NULL
    UNION ALL
    SELECT ticket_no, since
    FROM timing_spans
    WHERE previous = 'new' AND ticket_no IN (SELECT ticket_no FROM timing_logged_tickets))
SELECT ticket_no, min(moment) AS picked_up
FROM touched
GROUP BY ticket_no
