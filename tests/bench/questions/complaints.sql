-- promises kept, both periods
SELECT c.decided_day >= $since AS now, avg((c.state = 'met')::INT), count(*) FROM sla_clocks c JOIN tickets t USING (source, ticket_id)
WHERE coalesce(c.decided_day, c.started_day) BETWEEN $before AND $until AND c.state IN ('met', 'breached', 'breached_open') AND t.channel = $channel AND t.kind = 'complaint' AND t.excluded IS NULL GROUP BY 1;
-- how clocks stand
SELECT c.state, count(*) FROM sla_clocks c JOIN tickets t USING (source, ticket_id)
WHERE c.state IN ('breached_open', 'at_risk', 'on_track', 'paused') AND t.channel = $channel AND t.kind = 'complaint' AND t.excluded IS NULL GROUP BY 1;
-- the queue
SELECT c.*, t.subject, t.customer_id FROM sla_clocks c JOIN tickets t USING (source, ticket_id)
WHERE c.state IN ('breached_open', 'at_risk', 'on_track') AND t.channel = $channel AND t.kind = 'complaint' AND t.excluded IS NULL ORDER BY c.due_at LIMIT 100;
-- outcomes by promise
SELECT c.metric, c.policy, c.state, count(*) FROM sla_clocks c JOIN tickets t USING (source, ticket_id)
WHERE coalesce(c.decided_day, c.started_day) BETWEEN $since AND $until AND t.channel = $channel AND t.kind = 'complaint' AND t.excluded IS NULL GROUP BY ALL;
-- week by week
SELECT date_trunc('week', coalesce(c.decided_day, c.started_day)) AS period, avg((c.state = 'met')::INT), count(*) FROM sla_clocks c JOIN tickets t USING (source, ticket_id)
WHERE coalesce(c.decided_day, c.started_day) BETWEEN $since AND $until AND c.state IN ('met', 'breached', 'breached_open') AND t.channel = $channel AND t.kind = 'complaint' AND t.excluded IS NULL GROUP BY 1;
-- late ones by hour of creation
SELECT t.created_weekday, t.created_hour, count(*) FROM sla_clocks c JOIN tickets t USING (source, ticket_id)
WHERE coalesce(c.decided_day, c.started_day) BETWEEN $since AND $until AND c.state IN ('breached', 'breached_open') AND t.channel = $channel AND t.kind = 'complaint' AND t.excluded IS NULL GROUP BY 1, 2;
-- how long the first reply took, by priority
SELECT priority, quantile_cont(first_response_s, [0.5, 0.75, 0.9]), count(*) FROM tickets
WHERE created_day BETWEEN $since AND $until AND channel = $channel AND kind = 'complaint' AND excluded IS NULL GROUP BY 1;
-- by team
SELECT coalesce(c.team, t.team) AS team, avg((c.state = 'met')::INT), count(*) FROM sla_clocks c JOIN tickets t USING (source, ticket_id)
WHERE coalesce(c.decided_day, c.started_day) BETWEEN $since AND $until AND c.state IN ('met', 'breached', 'breached_open') AND t.channel = $channel AND t.kind = 'complaint' AND t.excluded IS NULL GROUP BY 1;
-- hours of the week
SELECT created_weekday, created_hour, count(*) FROM tickets WHERE created_day BETWEEN $since AND $until AND channel = $channel AND kind = 'complaint' AND excluded IS NULL GROUP BY 1, 2;
-- topics
SELECT category, quantile_cont(first_response_s, 0.5), quantile_cont(full_resolution_s, 0.5), count(*) FROM tickets
WHERE created_day BETWEEN $since AND $until AND channel = $channel AND kind = 'complaint' AND excluded IS NULL GROUP BY 1;
SELECT category, avg(good::INT), count(good) FROM surveys
WHERE answered_day BETWEEN $since AND $until AND kind = 'csat' AND answered AND channel = $channel AND ticket_kind = 'complaint' AND ticket_excluded IS NULL GROUP BY 1;
