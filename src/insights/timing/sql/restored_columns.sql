UPDATE tickets SET
    first_response_at = own.first_response_at, first_solved_at = own.first_solved_at, solved_at = own.solved_at,
    replies = own.replies, reopens = own.reopens, reassignments = own.reassignments, transfers = own.transfers
FROM (FROM ticket_as_loaded WHERE rowid BETWEEN $first_no AND $last_no) AS own
WHERE own.source = tickets.source AND own.ticket_id = tickets.ticket_id
