INSERT INTO status_spans (
    source, ticket_id, span, status, started_at, ended_at, previous, started_day, ended_day)
SELECT ticket.source, ticket.ticket_id, stretch.span, stretch.status, as_timestamp(stretch.since),
    as_timestamp(stretch.until), stretch.previous, local_time(stretch.since, $zone)::DATE,
    local_time(stretch.until, $zone)::DATE
FROM timing_spans AS stretch JOIN timing_tickets AS ticket USING (ticket_no)
