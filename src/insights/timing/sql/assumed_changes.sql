-- Without status events: unsolved until the solve the source states, then solved. Nothing is said of a ticket that is
-- solved at an unknown time, or of which neither state nor solve is known.
INSERT INTO timing_state_changes
WITH silent AS (
    SELECT ticket.ticket_no, ticket.created, whole_seconds(coalesce(own.solved_at, own.closed_at)) AS solved,
        coalesce(own.status, CASE
            WHEN own.solved_at IS NOT NULL OR own.closed_at IS NOT NULL THEN 'solved'
            WHEN knows.keeps_solved THEN 'open' END) AS status
    FROM timing_tickets AS ticket
    JOIN tickets AS own ON own.rowid = ticket.ticket_no
    JOIN timing_sources AS knows ON knows.source = ticket.source
    WHERE ticket.created IS NOT NULL AND ticket.ticket_no NOT IN (SELECT ticket_no FROM timing_logged_tickets))
SELECT ticket_no, 0, created, created, -1, 'open'
FROM silent
WHERE is_unsolved(status) OR (is_solved(status) AND solved >= created)
UNION ALL
SELECT ticket_no, 1, solved, solved, 0, 'solved'
FROM silent
WHERE is_solved(status) AND solved >= created
