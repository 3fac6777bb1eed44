-- Who works here by what they did: listed, assigned, wrote a private comment, or changed a field of another's ticket
-- (a reopening apart: whoever is copied in does that by answering).
CREATE OR REPLACE TEMP TABLE timing_staff AS
WITH plain AS (
    SELECT source, agent_id AS person_id FROM agents
    UNION
    SELECT source, agent_id FROM tickets WHERE agent_id IS NOT NULL
    UNION
    SELECT source, new FROM ticket_events WHERE field = 'agent' AND new IS NOT NULL
    UNION
    SELECT source, old FROM ticket_events WHERE field = 'agent' AND old IS NOT NULL
    UNION
    SELECT source, actor_id FROM ticket_events WHERE field = 'comment' AND NOT public AND actor_id IS NOT NULL),
changed AS (
    SELECT source, ticket_id, actor_id
    FROM ticket_events AS event ANTI JOIN plain ON plain.source = event.source AND plain.person_id = event.actor_id
    WHERE field <> 'comment' AND actor_id IS NOT NULL AND NOT (field = 'status' AND new IN ('new', 'open')))
FROM plain
UNION
SELECT source, actor_id
FROM changed JOIN tickets AS own USING (source, ticket_id)
WHERE actor_id <> own.customer_id
