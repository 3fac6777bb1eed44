-- Each logged ticket's solves, reopens, state now and time in states until `$now`.
CREATE OR REPLACE TEMP TABLE timing_state_times AS
WITH ended AS (
    SELECT timing_spans.*, ticket.calendar_no, coalesce(until, greatest(since, $now)) AS looked_at
    FROM timing_spans JOIN timing_tickets AS ticket USING (ticket_no)
    WHERE ticket_no IN (SELECT ticket_no FROM timing_logged_tickets)),
measured AS (
    SELECT stretch.*, looked_at - since AS length_s,
        worked(stretch.calendar_no, looked_at, last_day) - worked(stretch.calendar_no, since, first_day) AS worked_s
    FROM ended AS stretch
    LEFT JOIN calendar_days AS first_day ON first_day.day = calendar_day(stretch.calendar_no, since)
    LEFT JOIN calendar_days AS last_day ON last_day.day = calendar_day(stretch.calendar_no, looked_at))
SELECT ticket_no, min(written) FILTER (became_solved(status, previous)) AS first_solve,
    max(written) FILTER (became_solved(status, previous)) AS last_solve,
    count(*) FILTER (is_unsolved(status) AND is_solved(previous)) AS reopens,
    max(status) FILTER (until IS NULL) AS status_now,
    coalesce(sum(length_s) FILTER (status IN ('new', 'open', 'hold')), 0)::BIGINT AS requester_wait_s,
    coalesce(sum(worked_s) FILTER (status IN ('new', 'open', 'hold')), 0)::BIGINT AS requester_wait_business_s,
    coalesce(sum(length_s) FILTER (status IN ('new', 'open')), 0)::BIGINT AS agent_work_s,
    coalesce(sum(worked_s) FILTER (status IN ('new', 'open')), 0)::BIGINT AS agent_work_business_s,
    coalesce(sum(length_s) FILTER (status = 'pending'), 0)::BIGINT AS agent_wait_s,
    coalesce(sum(worked_s) FILTER (status = 'pending'), 0)::BIGINT AS agent_wait_business_s,
    coalesce(sum(length_s) FILTER (status = 'hold'), 0)::BIGINT AS on_hold_s,
    coalesce(sum(worked_s) FILTER (status = 'hold'), 0)::BIGINT AS on_hold_business_s
FROM measured
GROUP BY ticket_no
