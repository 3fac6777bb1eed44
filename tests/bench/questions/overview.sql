-- open complaints at the end of the period and of the one before
SELECT d.day, count(*) FROM (VALUES ($until), ($before_until)) AS d(day), status_spans s JOIN tickets t USING (source, ticket_id)
WHERE s.status IN ('new', 'open', 'pending', 'hold') AND s.started_day <= d.day AND (s.ended_day IS NULL OR s.ended_day > d.day)
AND t.channel = $channel AND t.kind = 'complaint' AND t.excluded IS NULL GROUP BY 1;
-- promises about to break and broken
SELECT c.state, count(*) FROM sla_clocks c JOIN tickets t USING (source, ticket_id)
WHERE c.state IN ('breached_open', 'at_risk', 'on_track', 'paused') AND t.channel = $channel AND t.kind = 'complaint' AND t.excluded IS NULL GROUP BY 1;
-- promises kept, both periods
SELECT c.decided_day >= $since AS now, avg((c.state = 'met')::INT), count(*) FROM sla_clocks c JOIN tickets t USING (source, ticket_id)
WHERE coalesce(c.decided_day, c.started_day) BETWEEN $before AND $until AND c.state IN ('met', 'breached', 'breached_open') AND t.channel = $channel AND t.excluded IS NULL GROUP BY 1;
-- first reply, both periods
SELECT coalesce(first_response_day, created_day) >= $since AS now, quantile_cont(first_response_s, [0.5, 0.9]), count(first_response_s) FROM tickets
WHERE coalesce(first_response_day, created_day) BETWEEN $before AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
-- satisfaction, both periods
SELECT answered_day >= $since AS now, avg(good::INT), count(good) FROM surveys
WHERE answered_day BETWEEN $before AND $until AND kind = 'csat' AND answered AND channel = $channel AND ticket_excluded IS NULL GROUP BY 1;
-- customers who bought again
SELECT first_day >= $since AS now, avg((second_day <= first_day + 90)::INT), count(*) FROM customer_purchases WHERE first_day BETWEEN $before AND $until GROUP BY 1;
-- what moved where: shares of tickets by seven dimensions, both periods
SELECT created_day >= $since AS now, category, product, region, team, t.channel, priority, segment, count(*), sum((first_response_s <= 14400)::INT), sum((reopens > 0)::INT) FROM tickets t
WHERE created_day BETWEEN $before AND $until AND t.channel = $channel AND excluded IS NULL
GROUP BY GROUPING SETS ((now, category), (now, product), (now, region), (now, team), (now, t.channel), (now, priority), (now, segment));
-- what moved where: satisfaction
SELECT answered_day >= $since AS now, category, product, region, team, channel, priority, segment, count(good), sum(good::INT) FROM surveys
WHERE answered_day BETWEEN $before AND $until AND kind = 'csat' AND answered AND channel = $channel AND ticket_excluded IS NULL
GROUP BY GROUPING SETS ((now, category), (now, product), (now, region), (now, team), (now, channel), (now, priority), (now, segment));
-- promises kept week by week
SELECT date_trunc('week', coalesce(c.decided_day, c.started_day)) AS period, avg((c.state = 'met')::INT), count(*) FROM sla_clocks c JOIN tickets t USING (source, ticket_id)
WHERE coalesce(c.decided_day, c.started_day) BETWEEN $since AND $until AND c.state IN ('met', 'breached', 'breached_open') AND t.channel = $channel AND t.excluded IS NULL GROUP BY 1;
-- promises kept by priority
SELECT coalesce(c.priority, t.priority) AS priority, avg((c.state = 'met')::INT), count(*) FROM sla_clocks c JOIN tickets t USING (source, ticket_id)
WHERE coalesce(c.decided_day, c.started_day) BETWEEN $since AND $until AND c.state IN ('met', 'breached', 'breached_open') AND t.channel = $channel AND t.excluded IS NULL GROUP BY 1;
-- the most urgent
SELECT c.*, t.subject, t.customer_id FROM sla_clocks c JOIN tickets t USING (source, ticket_id)
WHERE c.state IN ('breached_open', 'at_risk', 'on_track') AND t.channel = $channel AND t.kind = 'complaint' AND t.excluded IS NULL ORDER BY c.due_at LIMIT 10;
-- created and solved day by day
SELECT created_day, count(*) FROM tickets WHERE created_day BETWEEN $since AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
SELECT solved_day, count(*) FROM tickets WHERE solved_day BETWEEN $since AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
-- hours of the week
SELECT created_weekday, created_hour, count(*) FROM tickets WHERE created_day BETWEEN $since AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1, 2;
-- customers kept by month of first purchase
SELECT cohort_month, month, count(*) FROM customer_months WHERE cohort_month >= $until::DATE - INTERVAL 12 MONTH AND orders > 0 GROUP BY 1, 2;
-- topics
SELECT category, quantile_cont(first_response_s, 0.5), count(*) FROM tickets WHERE created_day BETWEEN $since AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
