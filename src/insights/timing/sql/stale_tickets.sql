-- Tickets whose figures rest on anything else than last time: what their export says, their events, what their source
-- knows at all, its robots, the calendars, the settings and our own statements. All of it makes one fingerprint.
CREATE OR REPLACE TEMP TABLE timing_stale AS
WITH said AS (
    SELECT source, ticket_id, count(*) AS events,
        bit_xor(hash("at", seq, field, old, new, actor, acted_as, actor_id, public)) AS told
    FROM ticket_events
    GROUP BY source, ticket_id),
robots AS (
    SELECT source, bit_xor(hash(person_id)) AS named
    FROM timing_robots
    GROUP BY source),
calendars AS (
    SELECT bit_xor(hash(counted)) AS days
    FROM calendar_days AS counted),
marked AS (
    SELECT own.ticket_no, own.source, own.ticket_id, own.derived_hash, coalesce(said.events, 0) AS events, (hash(
            $basis, calendars.days, knows, robots.named, said.told, own.customer_id, own.kind, own.channel,
            own.category, own.product, own.priority, own.status, own.team, own.agent_id, own.created_at,
            own.first_response_at, own.first_solved_at, own.solved_at, own.closed_at, own.updated_at, own.replies,
            own.reopens, own.reassignments, own.transfers, own.merged_into, own.excluded,
            own.reported_first_response_s, own.reported_first_response_business_s,
            own.reported_first_resolution_s, own.reported_first_resolution_business_s,
            own.reported_full_resolution_s, own.reported_full_resolution_business_s,
            own.reported_requester_wait_s, own.reported_requester_wait_business_s,
            own.reported_agent_wait_s, own.reported_agent_wait_business_s,
            own.reported_on_hold_s, own.reported_on_hold_business_s,
            own.segment, own.region, own.country, own.loyalty_tier) >> 1)::BIGINT AS mark
    FROM timing_exported AS own
    JOIN timing_sources AS knows ON knows.source = own.source
    LEFT JOIN robots ON robots.source = own.source
    LEFT JOIN said ON said.source = own.source AND said.ticket_id = own.ticket_id, calendars)
SELECT ticket_no, source, ticket_id, events, mark
FROM marked
WHERE $anew OR derived_hash IS DISTINCT FROM mark
