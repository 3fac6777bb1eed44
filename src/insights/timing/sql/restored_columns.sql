UPDATE tickets SET
    first_response_at = own.first_response_at, first_solved_at = own.first_solved_at, solved_at = own.solved_at,
    replies = own.replies, reopens = own.reopens, reassignments = own.reassignments, transfers = own.transfers
FROM (
    SELECT * FROM ticket_as_loaded SEMI JOIN timing_stale USING (source, ticket_id)
    WHERE rowid BETWEEN $first_no AND $last_no) AS own
WHERE own.source = tickets.source AND own.ticket_id = tickets.ticket_id
