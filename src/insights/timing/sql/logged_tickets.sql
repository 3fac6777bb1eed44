CREATE OR REPLACE TEMP TABLE timing_logged_tickets AS
SELECT DISTINCT ticket_no
FROM timing_state_changes
