-- Picked up: assigned for the first time, or no longer new.
CREATE OR REPLACE TEMP TABLE timing_picked_up AS
WITH touched AS (
    SELECT ticket.ticket_no, greatest(whole_seconds(event."at"), ticket.created) AS moment
    FROM ticket_events AS event JOIN timing_tickets AS ticket USING (source, ticket_id)
    WHERE event.field = 'agent' AND event.new IS NOT NULL AND event."at" IS NOT NULL
    UNION ALL
    SELECT ticket_no, since
    FROM timing_spans
    WHERE previous = 'new' AND ticket_no IN (SELECT ticket_no FROM timing_logged_tickets))
SELECT ticket_no, min(moment) AS picked_up
FROM touched
GROUP BY ticket_no
