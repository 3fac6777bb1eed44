-- Cycle 1 is the wait for the first response: until the first human reply, or the solve the ticket was left by; a
-- question after such a solve goes on with it, so that the first reply is never also a next response. `promised_until`
-- is where its promise stops: at the first solve already. A ticket whose comments are not recorded waits until the
-- response its source states, if its source states any. An open ticket nothing is logged of yet, opened since its
-- source logs comments, waits for the first one.
CREATE OR REPLACE TEMP TABLE timing_cycles AS
WITH heard AS (
    SELECT ticket_no FROM timing_comments
    UNION ALL
    SELECT ticket_no FROM timing_logged_tickets),
firsts AS (
    SELECT ticket.ticket_no, ticket.created, owed.basis, owed.owed_from, knows.keeps_response,
        knows.logs_comments AND (
            ticket.ticket_no IN (SELECT ticket_no FROM heard)
            OR coalesce(is_unsolved(own.status) AND own.created_at >= knows.first_comment, false)
            AND own.first_response_at IS NULL AND own.reported_first_response_s IS NULL) AS talks,
        whole_seconds(coalesce(own.first_response_at, own.created_at + to_seconds(own.reported_first_response_s)))
            AS response,
        next.turned, next.answered
    FROM timing_tickets AS ticket
    JOIN timing_sources AS knows USING (source)
    JOIN timing_owed_answers AS owed USING (ticket_no)
    JOIN tickets AS own ON own.rowid = ticket.ticket_no
    LEFT JOIN timing_turns AS next ON next.ticket_no = ticket.ticket_no AND next.turn = 1),
waits AS (
    SELECT ticket_no, 0 AS turn, true AS first, owed_from AS since, turned AS until, answered
    FROM firsts
    WHERE talks AND basis IN ('created', 'handover')
    UNION ALL
    SELECT ticket_no, 0, true, created, least(response, turned),
        coalesce(response <= coalesce(turned, response), false)
    FROM firsts
    WHERE NOT talks AND keeps_response
    UNION ALL
    SELECT turn.ticket_no, turn.turn, NOT turn.heard, turn.waited_since, next.turned, next.answered
    FROM timing_turns AS turn
    JOIN timing_owed_answers AS owed ON owed.ticket_no = turn.ticket_no
    LEFT JOIN timing_turns AS next ON next.ticket_no = turn.ticket_no AND next.turn = turn.turn + 1
    WHERE turn.asked IS NOT NULL AND (turn.turn > 0 OR owed.basis = 'customer_words')),
joined AS (
    SELECT ticket_no, CASE WHEN first THEN 0 ELSE turn END AS turn, first, min(since) AS since,
        arg_max_null(until, turn) AS until, arg_min_null(until, turn) AS promised_until,
        arg_max_null(answered, turn) AS answered
    FROM waits
    WHERE since IS NOT NULL
    GROUP BY ticket_no, first, CASE WHEN first THEN 0 ELSE turn END)
SELECT ticket_no, CASE WHEN first THEN 1 ELSE 1 + row_number() OVER (PARTITION BY ticket_no, first ORDER BY turn) END
        AS cycle, since, until, promised_until, CASE WHEN until IS NOT NULL THEN answered END AS answered
FROM joined
