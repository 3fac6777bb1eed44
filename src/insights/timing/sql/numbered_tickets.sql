CREATE OR REPLACE TEMP TABLE timing_tickets AS
SELECT rowid AS ticket_no, source, ticket_id, whole_seconds(created_at) AS created, NULL::BIGINT AS mark
FROM tickets
