CREATE OR REPLACE TEMP TABLE timing_spans AS
SELECT ticket_no, row_number() OVER ordered AS span, status, lag(status) OVER ordered AS previous, moment AS since,
    lead(moment) OVER ordered AS until, written, seq
FROM timing_state_changes
WINDOW ordered AS (PARTITION BY ticket_no ORDER BY place)
