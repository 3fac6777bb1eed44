-- The tickets as their sources exported them, whatever events have made of them since.
CREATE OR REPLACE TEMP VIEW timing_exported AS
SELECT held.rowid AS ticket_no, held.* REPLACE (
    CASE WHEN own.ticket_id IS NULL THEN held.first_response_at ELSE own.first_response_at END AS first_response_at,
    CASE WHEN own.ticket_id IS NULL THEN held.first_solved_at ELSE own.first_solved_at END AS first_solved_at,
    CASE WHEN own.ticket_id IS NULL THEN held.solved_at ELSE own.solved_at END AS solved_at,
    CASE WHEN own.ticket_id IS NULL THEN held.replies ELSE own.replies END AS replies,
    CASE WHEN own.ticket_id IS NULL THEN held.reopens ELSE own.reopens END AS reopens,
    CASE WHEN own.ticket_id IS NULL THEN held.reassignments ELSE own.reassignments END AS reassignments,
    CASE WHEN own.ticket_id IS NULL THEN held.transfers ELSE own.transfers END AS transfers)
FROM tickets AS held LEFT JOIN ticket_as_loaded AS own
ON own.source = held.source AND own.ticket_id = held.ticket_id
