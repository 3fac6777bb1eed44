-- The events of the tickets at hand, looked up by the ticket's name once for all statements that read them.
CREATE OR REPLACE TEMP TABLE timing_events AS
SELECT ticket.ticket_no, ticket.created, event."at", whole_seconds(event."at") AS written,
    greatest(whole_seconds(event."at"), ticket.created) AS moment, event.seq, event.field, event.old, event.new,
    coalesce(event.acted_as, event.actor) AS actor, event.actor_id, event.public
FROM ticket_events AS event JOIN timing_tickets AS ticket USING (source, ticket_id)
WHERE event."at" IS NOT NULL
