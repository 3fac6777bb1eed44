-- Tickets whose figures may be others at another `$now`: what runs, and what lies ahead.
CREATE OR REPLACE TEMP TABLE timing_unsettled AS
SELECT ticket_no FROM timing_tickets WHERE created > $now
UNION
SELECT ticket_no FROM timing_events WHERE moment > $now
UNION
SELECT ticket_no FROM timing_spans WHERE since > $now OR (until IS NULL AND is_unsolved(status))
UNION
SELECT ticket_no
FROM timing_cycles
WHERE until IS NULL OR promised_until IS NULL OR greatest(since, until, promised_until) > $now
