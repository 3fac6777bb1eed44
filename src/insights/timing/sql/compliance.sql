-- Per metric and policy the decided clocks and the share kept, as stored and as replayed.
WITH decided AS (
    SELECT metric, policy, 1 AS stored, (state = 'met')::INT AS stored_met, 0 AS replayed, 0 AS replayed_met
    FROM stored
    WHERE is_decided(state)
    UNION ALL
    SELECT metric, policy, 0, 0, 1, (state = 'met')::INT
    FROM sla_clocks
    WHERE is_decided(state)
    UNION ALL
    SELECT metric, policy, 0, 0, 0, 0 FROM stored
    UNION ALL
    SELECT metric, policy, 0, 0, 0, 0 FROM sla_clocks)
SELECT metric, policy, sum(stored_met) / nullif(sum(stored), 0) AS value_then, sum(stored)::BIGINT AS n_then,
    sum(replayed_met) / nullif(sum(replayed), 0) AS value_now, sum(replayed)::BIGINT AS n_now
FROM decided
GROUP BY metric, policy
ORDER BY metric, policy
