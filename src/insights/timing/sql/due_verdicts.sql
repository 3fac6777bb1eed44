-- When each target is used up, if the clock runs on: the right inverse of working time. A target used up exactly at
-- closing time is due at the next opening, so "stopped by due" and "elapsed within target" are the same statement.
-- Unknown outside the calendar's range.
CREATE OR REPLACE TEMP TABLE timing_due_verdicts AS
SELECT verdict.*, CASE
        WHEN verdict.calendar_no = 0 THEN verdict.used_up
        WHEN verdict.used_up < segment.cum + segment.ended_s - segment.started_s
        THEN segment.started_s + verdict.used_up - segment.cum END AS due
FROM timing_verdicts AS verdict
ASOF LEFT JOIN calendar_segments AS segment
ON segment.calendar_no = verdict.calendar_no AND segment.cum <= verdict.used_up
