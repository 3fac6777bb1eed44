-- The tickets of a slice of all.
CREATE OR REPLACE TEMP TABLE timing_tickets AS
SELECT rowid AS ticket_no, source, ticket_id, whole_seconds(created_at) AS created
FROM tickets SEMI JOIN (FROM timing_slices WHERE slice = $slice) USING (source, ticket_id)
