CREATE OR REPLACE TEMP TABLE timing_spans AS
SELECT ticket.ticket_no, stored.span, stored.status, stored.previous, whole_seconds(stored.started_at) AS since,
    whole_seconds(stored.ended_at) AS until
FROM w.status_spans AS stored JOIN timing_tickets AS ticket USING (source, ticket_id)
