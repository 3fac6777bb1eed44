-- The ids of named robots: by the id itself, the name or the e-mail address, also one that sits on an agent's seat.
CREATE OR REPLACE TEMP TABLE timing_robots AS
WITH people AS (
    SELECT source, actor_id AS person_id, actor_id AS word FROM ticket_events WHERE actor_id IS NOT NULL
    UNION
    SELECT source, agent_id, agent_id FROM tickets WHERE agent_id IS NOT NULL
    UNION
    SELECT source, new, new FROM ticket_events WHERE field = 'agent' AND new IS NOT NULL
    UNION
    SELECT source, agent_id, name FROM agents
    UNION
    SELECT source, customer_id, name FROM customers
    UNION
    SELECT source, customer_id, email FROM customers)
SELECT DISTINCT person.source, person.person_id
FROM people AS person JOIN timing_robot_names AS named
ON (named.source IS NULL OR named.source = person.source) AND lower(person.word) LIKE named.pattern ESCAPE '\'
