-- The priority at the time decides; a change to a priority without a promise leaves the promise there was standing,
-- and time before the first promise counts by it. Nothing was promised, so nothing was broken, before `promised_since`.
CREATE OR REPLACE TEMP TABLE timing_promised AS
WITH rated AS (
    SELECT clock.clock_no, clock.ticket_no, clock.since AS clock_since, clock.looked_at, clock.metric, clock.per, clock.kind,
        clock.channel, clock.segment, clock.team, clock.era, rating.word AS priority,
        greatest(rating.since, clock.since) AS since, least(rating.until, clock.looked_at) AS until
    FROM timing_clocks AS clock JOIN timing_stretches AS rating ON rating.ticket_no = clock.ticket_no
    WHERE rating.field = 'priority' AND (rating.until > clock.since OR rating.until IS NULL)
        AND (rating.since <= clock.since OR rating.since < clock.looked_at)),
combos AS (
    SELECT DISTINCT metric, per, kind, channel, segment, team, era, priority
    FROM rated),
matched AS (
    SELECT combo.*, min(policy.policy_no) AS policy_no
    FROM combos AS combo JOIN timing_policies AS policy
    ON policy.metric = combo.metric AND policy.per = combo.per AND combo.era BETWEEN policy.first_era AND policy.last_era
        AND covers(policy.kind, combo.kind) AND covers(policy.channel, combo.channel)
        AND covers(policy.segment, combo.segment) AND covers(policy.team, combo.team)
        AND covers(policy.priority, combo.priority)
    GROUP BY ALL),
found AS (
    SELECT rated.clock_no, rated.ticket_no, rated.clock_since, rated.looked_at, rated.since, rated.until,
        matched.policy_no
    FROM rated LEFT JOIN matched USING (metric, per, kind, channel, segment, team, era, priority)),
filled AS (
    SELECT * REPLACE (coalesce(
            last_value(policy_no IGNORE NULLS) OVER ordered,
            first_value(policy_no IGNORE NULLS) OVER (
                ordered ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)) AS policy_no),
        min(CASE WHEN policy_no IS NOT NULL THEN since END) OVER (PARTITION BY clock_no) AS promised_since
    FROM found
    WHERE since > clock_since OR until < looked_at
    WINDOW ordered AS (PARTITION BY clock_no ORDER BY since)),
standing AS (
    SELECT *, since AS promised_since FROM found WHERE since = clock_since AND until = looked_at
    UNION ALL
    FROM filled)
SELECT *
FROM standing
WHERE policy_no IS NOT NULL
