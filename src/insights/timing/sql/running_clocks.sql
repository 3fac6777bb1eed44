INSERT INTO timing_unsettled
SELECT ticket_no
FROM timing_clocks
WHERE until IS NULL
