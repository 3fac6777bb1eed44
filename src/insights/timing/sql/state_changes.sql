-- Consecutive equal states are one; `place` orders a ticket's changes, 0 is the state it was created in.
CREATE OR REPLACE TEMP TABLE timing_state_changes AS
WITH named AS (
    SELECT ticket_no, created, written, moment, seq, old, new
    FROM timing_events
    WHERE field = 'status' AND is_status(new)),
logged AS (
    SELECT *, lag(new) OVER ordered AS before, row_number() OVER ordered AS place
    FROM named
    WINDOW ordered AS (PARTITION BY ticket_no ORDER BY moment, seq))
SELECT ticket_no, place, moment, written, seq, new AS status
FROM logged
WHERE new <> coalesce(before, first_status(old, new))
UNION ALL
SELECT ticket_no, 0, created, created, -1, first_status(old, new)
FROM logged
WHERE place = 1 AND created IS NOT NULL
