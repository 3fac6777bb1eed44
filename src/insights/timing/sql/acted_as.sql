-- What somebody acted as where it is not what the export calls them: robots by name, staff by deeds. A ticket's own
-- customer is its customer, even one who works here.
CREATE OR REPLACE TEMP TABLE timing_acted_as AS
WITH suspected AS (
    SELECT event.rowid AS event_no, event.source, event.ticket_id, event.acted_as, event.actor, event.actor_id,
        robot.person_id IS NOT NULL AS is_robot,
        staff.person_id IS NOT NULL AND coalesce(event.actor, 'customer') = 'customer' AS is_staff
    FROM ticket_events AS event
    LEFT JOIN timing_robots AS robot ON robot.source = event.source AND robot.person_id = event.actor_id
    LEFT JOIN timing_staff AS staff ON staff.source = event.source AND staff.person_id = event.actor_id
        AND $staff_by_deeds
    WHERE event.acted_as IS NOT NULL OR is_robot OR is_staff),
known AS (
    SELECT event_no, acted_as, actor, CASE
            WHEN is_robot THEN 'bot'
            WHEN is_staff AND actor_id IS DISTINCT FROM own.customer_id THEN 'agent' END AS found
    FROM suspected JOIN tickets AS own USING (source, ticket_id))
SELECT event_no, CASE WHEN found IS DISTINCT FROM actor THEN found END AS found
FROM known
WHERE acted_as IS DISTINCT FROM CASE WHEN found IS DISTINCT FROM actor THEN found END
