-- The first piece that passes its target breaks the promise for good, whatever the priority becomes afterwards.
-- `used_up` is the point of the calendar's running sum at which its target is used up: the same for a piece that
-- counts, seen from either end.
CREATE OR REPLACE TEMP TABLE timing_verdicts AS
WITH broken AS (
    SELECT clock_no, any_value(promised_since) AS promised_since, sum(counted)::BIGINT AS elapsed,
        bool_or(elapsed > target_s) AS breached, min(since) FILTER (elapsed > target_s) AS breach_since,
        arg_min(elapsed - counted > target_s, since) FILTER (elapsed > target_s) AS at_once,
        coalesce(arg_min(policy_no, since) FILTER (elapsed > target_s), arg_max(policy_no, since)) AS policy_no,
        coalesce(arg_min(worked_until + target_s - elapsed, since) FILTER (elapsed > target_s),
            arg_max(worked_until + target_s - elapsed, since))::BIGINT AS used_up,
        arg_max(counting, since) AS counting
    FROM timing_pieces
    GROUP BY clock_no)
SELECT broken.*, policy.calendar_no
FROM broken JOIN timing_policies AS policy ON policy.policy_no = broken.policy_no
