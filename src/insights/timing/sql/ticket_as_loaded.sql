INSERT INTO ticket_as_loaded (
    source, ticket_id, first_response_at, first_solved_at, solved_at, replies, reopens, reassignments, transfers)
SELECT own.source, own.ticket_id, own.first_response_at, own.first_solved_at, own.solved_at, own.replies, own.reopens,
    own.reassignments, own.transfers
FROM tickets AS own JOIN timing_derived AS found ON found.ticket_no = own.rowid
WHERE (own.first_response_at, own.first_solved_at, own.solved_at, own.replies, own.reopens, own.reassignments,
        own.transfers) IS DISTINCT FROM (found.first_response_at, found.first_solved_at, found.solved_at,
        found.replies, found.reopens, found.reassignments, found.transfers)
