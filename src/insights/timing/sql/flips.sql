-- The clocks that are broken under one set of promises only: `now` is kept or broken.
SELECT source, ticket_id, metric, cycle, before.policy AS policy_then, after.policy AS policy_now,
    before.state AS state_then, after.state AS state_now,
    CASE WHEN is_broken(after.state) THEN 'broken' ELSE 'kept' END AS now
FROM stored AS before JOIN sla_clocks AS after USING (source, ticket_id, metric, cycle)
WHERE is_broken(before.state) <> is_broken(after.state) AND before.state <> 'cancelled' AND after.state <> 'cancelled'
ORDER BY source, ticket_id, metric, cycle
