-- Each ticket's number of changes of agent or team: the first assignment and gaps without one do not count. What it was
-- taken from is known too: T1 -> nobody -> T2 is one change, also when the log begins there.
CREATE OR REPLACE TEMP TABLE timing_handovers AS
WITH held AS (
    SELECT ticket.ticket_no, event.field, event.new,
        coalesce(lag(coalesce(event.new, event.old)) OVER (
            PARTITION BY ticket.ticket_no, event.field ORDER BY event."at", event.seq), event.old) AS before
    FROM ticket_events AS event JOIN timing_tickets AS ticket USING (source, ticket_id)
    WHERE event.field IN ('agent', 'team') AND coalesce(event.new, event.old) IS NOT NULL AND event."at" IS NOT NULL)
SELECT ticket_no, count(*) FILTER (field = 'agent' AND new <> before) AS reassignments,
    bool_or(field = 'agent') AS logs_agent, count(*) FILTER (field = 'team' AND new <> before) AS transfers,
    bool_or(field = 'team') AS logs_team
FROM held
GROUP BY ticket_no
