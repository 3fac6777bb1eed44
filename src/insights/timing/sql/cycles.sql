-- A ticket whose comments are not recorded waits until the response its source states, if its source states any. An
-- open ticket nothing is logged of yet, opened since its source logs comments, waits for the first one.
CREATE OR REPLACE TEMP TABLE timing_cycles AS
WITH heard AS (
    SELECT ticket_no FROM timing_comments
    UNION ALL
    SELECT ticket_no FROM timing_logged_tickets),
firsts AS (
    SELECT ticket.ticket_no, ticket.created, knows.keeps_response, knows.logs_comments AND (
            ticket.ticket_no IN (SELECT ticket_no FROM heard)
            OR coalesce(is_unsolved(own.status) AND own.created_at >= knows.first_comment, false)
            AND own.first_response_at IS NULL AND own.reported_first_response_s IS NULL) AS talks,
        whole_seconds(coalesce(own.first_response_at, own.created_at + to_seconds(own.reported_first_response_s)))
            AS response,
        next.turned, next.answered
    FROM timing_tickets AS ticket
    JOIN timing_sources AS knows USING (source)
    JOIN tickets AS own ON own.rowid = ticket.ticket_no
    LEFT JOIN timing_turns AS next ON next.ticket_no = ticket.ticket_no AND next.turn = 1),
waits AS (
    SELECT ticket_no, 0 AS turn, created AS since, turned AS until, answered
    FROM firsts
    WHERE talks
    UNION ALL
    SELECT ticket_no, 0, created, least(response, turned), coalesce(response <= coalesce(turned, response), false)
    FROM firsts
    WHERE NOT talks AND keeps_response
    UNION ALL
    SELECT turn.ticket_no, turn.turn, CASE
            WHEN turn.solved = 0 OR turn.asked > turn.reopened THEN turn.asked
            WHEN turn.asked IS NOT NULL THEN turn.reopened END, next.turned, next.answered
    FROM timing_turns AS turn
    LEFT JOIN timing_turns AS next ON next.ticket_no = turn.ticket_no AND next.turn = turn.turn + 1
    WHERE turn.turn > 0 AND turn.asked IS NOT NULL)
SELECT ticket_no, row_number() OVER (PARTITION BY ticket_no ORDER BY turn) AS cycle, since, until,
    CASE WHEN until IS NOT NULL THEN answered END AS answered
FROM waits
WHERE since IS NOT NULL
