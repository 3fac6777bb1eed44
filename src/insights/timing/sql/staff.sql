-- Who works here by what they did: listed, assigned, wrote a private comment, or changed a field of another's ticket
-- (a reopening apart: whoever is copied in does that by answering).
CREATE OR REPLACE TEMP TABLE timing_staff AS
SELECT source, agent_id AS person_id FROM agents
UNION
SELECT source, agent_id FROM tickets WHERE agent_id IS NOT NULL
UNION
SELECT source, new FROM ticket_events WHERE field = 'agent' AND new IS NOT NULL
UNION
SELECT source, old FROM ticket_events WHERE field = 'agent' AND old IS NOT NULL
UNION
SELECT source, actor_id FROM ticket_events WHERE field = 'comment' AND NOT public AND actor_id IS NOT NULL
UNION
SELECT event.source, event.actor_id
FROM ticket_events AS event JOIN tickets AS own USING (source, ticket_id)
WHERE event.field <> 'comment' AND event.actor_id <> own.customer_id
    AND NOT (event.field = 'status' AND event.new IN ('new', 'open'))
