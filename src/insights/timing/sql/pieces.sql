-- A piece is a stretch of one clock in one state under one promise: what it counts, and what the clock has used so far.
CREATE OR REPLACE TEMP TABLE timing_pieces AS
WITH cut AS (
    SELECT promise.clock_no, promise.policy_no, promise.promised_since, greatest(promise.since, state.since) AS since,
        least(promise.until, state.until) AS until, list_contains(policy.counting, state.status) AS counting,
        policy.calendar_no, policy.target_s
    FROM timing_promised AS promise
    JOIN timing_policies AS policy ON policy.policy_no = promise.policy_no
    JOIN timing_spans AS state ON state.ticket_no = promise.ticket_no
        AND state.since < greatest(promise.until, promise.since + 1)
        AND (state.until > promise.since OR state.until IS NULL)
    WHERE least(promise.until, state.until) > greatest(promise.since, state.since)
        OR promise.looked_at = promise.clock_since),
measured AS (
    SELECT piece.clock_no, piece.policy_no, piece.promised_since, piece.since, piece.counting, piece.target_s,
        worked(piece.calendar_no, piece.until, last_day) AS worked_until,
        CASE WHEN piece.counting THEN worked(piece.calendar_no, piece.until, last_day)
            - worked(piece.calendar_no, piece.since, first_day) ELSE 0 END AS counted
    FROM cut AS piece
    LEFT JOIN calendar_days AS first_day ON first_day.day = calendar_day(piece.calendar_no, piece.since)
    LEFT JOIN calendar_days AS last_day ON last_day.day = calendar_day(piece.calendar_no, piece.until))
SELECT *, sum(counted) OVER (PARTITION BY clock_no ORDER BY since) AS elapsed
FROM measured
