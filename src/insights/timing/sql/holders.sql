-- Who held a ticket from `since` until `until`, of tickets whose team, agent or priority the log says: its team, agent
-- and priority of then. What it does not log is as it is now.
CREATE OR REPLACE TEMP TABLE timing_holders AS
WITH logged AS (
    SELECT ticket.ticket_no, ticket.created, greatest(whole_seconds(event."at"), ticket.created) AS moment, event.seq,
        event.field, event.old, event.new
    FROM ticket_events AS event JOIN timing_tickets AS ticket USING (source, ticket_id)
    WHERE $owners = 'then' AND event.field IN ('team', 'agent', 'priority') AND event."at" IS NOT NULL
        AND coalesce(event.old, event.new) IS NOT NULL AND ticket.created IS NOT NULL),
begun AS (
    SELECT ticket_no, created, field, arg_min_null(old, struct_pack(moment := moment, seq := seq)) AS word
    FROM logged
    GROUP BY ticket_no, created, field),
changes AS (
    SELECT ticket_no, created AS moment, -1 AS seq, field, word FROM begun
    UNION ALL
    SELECT ticket_no, moment, seq, field, new FROM logged),
placed AS (
    SELECT *, row_number() OVER (PARTITION BY ticket_no ORDER BY moment, seq, field) AS place
    FROM changes),
filled AS (
    SELECT ticket_no, moment, place,
        last_value(CASE WHEN field = 'team' THEN place END IGNORE NULLS) OVER ordered AS team_place,
        last_value(CASE WHEN field = 'agent' THEN place END IGNORE NULLS) OVER ordered AS agent_place,
        last_value(CASE WHEN field = 'priority' THEN place END IGNORE NULLS) OVER ordered AS priority_place
    FROM placed
    WINDOW ordered AS (PARTITION BY ticket_no ORDER BY place ROWS UNBOUNDED PRECEDING)),
stretches AS (
    SELECT *, lead(moment) OVER (PARTITION BY ticket_no ORDER BY place) AS until
    FROM filled)
SELECT stretch.ticket_no, stretch.moment AS since, stretch.until,
    CASE WHEN stretch.team_place IS NULL THEN own.team ELSE team.word END AS team,
    CASE WHEN stretch.agent_place IS NULL THEN own.agent_id ELSE agent.word END AS agent_id,
    CASE WHEN stretch.priority_place IS NULL THEN own.priority ELSE priority.word END AS priority
FROM stretches AS stretch
JOIN tickets AS own ON own.rowid = stretch.ticket_no
LEFT JOIN placed AS team ON team.ticket_no = stretch.ticket_no AND team.place = stretch.team_place
LEFT JOIN placed AS agent ON agent.ticket_no = stretch.ticket_no AND agent.place = stretch.agent_place
LEFT JOIN placed AS priority ON priority.ticket_no = stretch.ticket_no AND priority.place = stretch.priority_place
WHERE stretch.until IS NULL OR stretch.until > stretch.moment
