-- A wait begins when a customer has asked and the ticket is unsolved, and ends with a human answer or a solve.
-- `turn` counts those ends, so that every turn holds at most one wait; turn 0 is the wait for the first response.
CREATE OR REPLACE TEMP TABLE timing_turns AS
WITH marks AS (
    SELECT ticket_no, moment, seq, CASE WHEN asks THEN 'ask' ELSE 'answer' END AS mark
    FROM timing_comments
    WHERE asks OR answers
    UNION ALL
    SELECT ticket_no, since, seq, CASE WHEN stopped_waiting(status, previous) THEN 'solve' ELSE 'reopen' END
    FROM timing_spans
    WHERE stopped_waiting(status, previous) OR began_waiting(status, previous)),
turned AS (
    SELECT ticket_no, moment, mark,
        sum(CASE WHEN mark IN ('answer', 'solve') THEN 1 ELSE 0 END) OVER ordered AS turn,
        sum(CASE mark WHEN 'solve' THEN 1 WHEN 'reopen' THEN -1 ELSE 0 END) OVER ordered AS solved
    FROM marks
    WINDOW ordered AS (PARTITION BY ticket_no ORDER BY moment, seq, mark ROWS UNBOUNDED PRECEDING))
SELECT ticket_no, turn, min(moment) FILTER (mark = 'ask') AS asked,
    min(moment) FILTER (mark = 'reopen') AS reopened, max(solved) AS solved,
    min(moment) FILTER (mark IN ('answer', 'solve')) AS turned, bool_or(mark = 'answer') AS answered
FROM turned
GROUP BY ticket_no, turn
