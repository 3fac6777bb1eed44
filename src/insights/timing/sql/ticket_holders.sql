-- Whose each ticket was, day by day, where that changed: `started_at` included, `ended_at` not.
INSERT INTO ticket_holders (
    source, ticket_id, stretch, team, agent_id, priority, started_at, ended_at, started_day, ended_day)
SELECT ticket.source, ticket.ticket_id, row_number() OVER (PARTITION BY held.ticket_no ORDER BY held.since),
    held.team, held.agent_id, held.priority, as_timestamp(held.since), as_timestamp(held.until),
    local_time(held.since, $zone)::DATE, local_time(held.until, $zone)::DATE
FROM timing_holders AS held JOIN timing_tickets AS ticket USING (ticket_no)
WHERE held.ticket_no IN (SELECT ticket_no FROM timing_holders WHERE until IS NOT NULL)
