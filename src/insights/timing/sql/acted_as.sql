-- What somebody acted as where it is not what the export calls them: robots by name, staff by deeds. A ticket's own
-- customer is its customer, even one who works here.
CREATE OR REPLACE TEMP TABLE timing_acted_as AS
WITH known AS (
    SELECT event.rowid AS event_no, event.acted_as, event.actor, CASE
            WHEN robot.person_id IS NOT NULL THEN 'bot'
            WHEN staff.person_id IS NOT NULL AND coalesce(event.actor, 'customer') = 'customer'
                AND event.actor_id IS DISTINCT FROM own.customer_id THEN 'agent' END AS found
    FROM ticket_events AS event
    JOIN tickets AS own USING (source, ticket_id)
    LEFT JOIN timing_robots AS robot ON robot.source = event.source AND robot.person_id = event.actor_id
    LEFT JOIN timing_staff AS staff ON staff.source = event.source AND staff.person_id = event.actor_id
        AND $staff_by_deeds)
SELECT event_no, CASE WHEN found IS DISTINCT FROM actor THEN found END AS found
FROM known
WHERE acted_as IS DISTINCT FROM CASE WHEN found IS DISTINCT FROM actor THEN found END
