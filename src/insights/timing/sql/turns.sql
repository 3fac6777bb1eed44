-- A wait begins when a customer has asked and the ticket is unsolved, and ends with a human answer or a solve.
-- `turn` counts those ends since an answer is owed, so that every turn holds at most one wait; turn 0 is the wait for
-- the first response. `heard` tells whether a human has answered before the turn.
CREATE OR REPLACE TEMP TABLE timing_turns AS
WITH marks AS (
    SELECT ticket_no, moment, seq, CASE WHEN asks THEN 'ask' ELSE 'answer' END AS mark
    FROM timing_comments
    WHERE asks OR answers
    UNION ALL
    SELECT ticket_no, since, seq, CASE WHEN stopped_waiting(status, previous) THEN 'solve' ELSE 'reopen' END
    FROM timing_spans
    WHERE stopped_waiting(status, previous) OR began_waiting(status, previous)),
owing AS (
    SELECT mark.*, mark.mark IN ('answer', 'solve') AND coalesce((mark.moment, mark.seq) > (owed.owed_from,
            owed.owed_seq), false) AS ends
    FROM marks AS mark JOIN timing_owed_answers AS owed USING (ticket_no)),
turned AS (
    SELECT *, row_number() OVER ordered AS place, sum(ends::INT) OVER ordered AS turn,
        sum(CASE mark WHEN 'solve' THEN 1 WHEN 'reopen' THEN -1 ELSE 0 END) OVER ordered AS solved
    FROM owing
    WINDOW ordered AS (PARTITION BY ticket_no ORDER BY moment, seq, mark ROWS UNBOUNDED PRECEDING)),
asked AS (
    SELECT *, min(CASE WHEN mark = 'ask' THEN place END) OVER (PARTITION BY ticket_no, turn) AS asked_place
    FROM turned),
summed AS (
    SELECT ticket_no, turn, min(moment) FILTER (place = asked_place) AS asked,
        min(solved) FILTER (place = asked_place) AS asked_solved,
        min(moment) FILTER (mark = 'reopen' AND place > asked_place) AS reopened,
        min(moment) FILTER (ends) AS turned, bool_or(ends AND mark = 'answer') AS answered
    FROM asked
    GROUP BY ticket_no, turn)
SELECT *, CASE WHEN asked_solved = 0 THEN asked ELSE reopened END AS waited_since,
    bool_or(answered) OVER (PARTITION BY ticket_no ORDER BY turn) AS heard
FROM summed
