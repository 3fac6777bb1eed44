-- The tickets of a slice.
CREATE OR REPLACE TEMP TABLE timing_tickets AS
SELECT tickets.rowid AS ticket_no, tickets.source, tickets.ticket_id, whole_seconds(tickets.created_at) AS created,
    slice.mark
FROM tickets JOIN timing_slices AS slice USING (source, ticket_id)
WHERE slice.slice = $slice
