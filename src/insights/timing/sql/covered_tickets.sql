-- Tickets that some policy may cover whatever their team and priority become: the others need no replay.
CREATE OR REPLACE TEMP TABLE timing_covered_tickets AS
WITH combos AS (
    SELECT DISTINCT coalesce(kind, '') AS kind, coalesce(channel, '') AS channel, coalesce(segment, '') AS segment
    FROM tickets),
promised AS (
    SELECT DISTINCT combo.kind, combo.channel, combo.segment
    FROM combos AS combo JOIN timing_policies AS policy
    ON covers(policy.kind, combo.kind) AND covers(policy.channel, combo.channel)
        AND covers(policy.segment, combo.segment))
SELECT ticket.ticket_no, ticket.source, ticket.ticket_id, ticket.created, promised.kind, promised.channel,
    promised.segment, own.priority, own.team,
    own.excluded IS NOT NULL OR own.merged_into IS NOT NULL AS cancelled
FROM timing_tickets AS ticket
JOIN tickets AS own ON own.rowid = ticket.ticket_no
JOIN promised ON promised.kind = coalesce(own.kind, '') AND promised.channel = coalesce(own.channel, '')
    AND promised.segment = coalesce(own.segment, '')
