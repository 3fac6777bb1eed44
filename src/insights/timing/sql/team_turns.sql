-- Each team's turn at a ticket: consecutive stretches of one team are one turn. It ends when the team loses the ticket,
-- or with the solve the ticket was left by then; a turn that only held it solved is none.
CREATE OR REPLACE TEMP TABLE timing_team_turns AS
WITH changed AS (
    SELECT ticket_no, word AS team, since, lag(word) OVER (PARTITION BY ticket_no ORDER BY since) AS before
    FROM timing_stretches
    WHERE field = 'team'),
turns AS (
    SELECT ticket_no, team, since, lead(since) OVER (PARTITION BY ticket_no ORDER BY since) AS lost
    FROM changed
    WHERE team IS DISTINCT FROM before),
left_as AS (
    SELECT turn.ticket_no, turn.team, turn.since, turn.lost, arg_max(state.status, state.span) AS status,
        max(state.since) FILTER (became_solved(state.status, state.previous)) AS solved,
        bool_or(is_unsolved(state.status) AND coalesce(state.until, $now) > turn.since) AS worked_on
    FROM turns AS turn
    JOIN timing_spans AS state ON state.ticket_no = turn.ticket_no
        AND state.since <= CASE WHEN turn.lost <= $now THEN turn.lost - 1 ELSE $now END
    WHERE turn.since <= $now AND turn.team <> ''
    GROUP BY turn.ticket_no, turn.team, turn.since, turn.lost)
SELECT ticket_no, team, row_number() OVER (PARTITION BY ticket_no ORDER BY since) AS turn, since,
    CASE WHEN is_solved(status) THEN solved WHEN lost <= $now THEN lost END AS until
FROM left_as
WHERE worked_on AND (NOT is_solved(status) OR solved >= since)
