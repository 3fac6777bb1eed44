-- tickets, both periods
SELECT created_day >= $since AS now, avg((solved_at IS NOT NULL)::INT), avg((reopens > 0)::INT), avg((replies <= 1)::INT), count(*) FROM tickets
WHERE created_day BETWEEN $before AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
SELECT solved_day >= $since AS now, quantile_cont(full_resolution_s, 0.5), count(*) FROM tickets
WHERE solved_day BETWEEN $before AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
-- open at the end of both periods, with ages
SELECT d.day, least(date_diff('day', t.created_day, d.day), 30) AS age, count(*) FROM (VALUES ($until), ($before_until)) AS d(day), status_spans s JOIN tickets t USING (source, ticket_id)
WHERE s.status IN ('new', 'open', 'pending', 'hold') AND s.started_day <= d.day AND (s.ended_day IS NULL OR s.ended_day > d.day)
AND t.channel = $channel AND t.excluded IS NULL GROUP BY 1, 2;
-- opened, solved and reopened, both periods
SELECT s.started_day >= $since AS now, count(*) FILTER (s.status IN ('solved', 'closed')), count(*) FILTER (s.status IN ('new', 'open')) FROM status_spans s JOIN tickets t USING (source, ticket_id)
WHERE s.started_day BETWEEN $before AND $until AND t.channel = $channel AND t.excluded IS NULL GROUP BY 1;
-- day by day
SELECT created_day, count(*) FROM tickets WHERE created_day BETWEEN $since AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
SELECT solved_day, count(*), quantile_cont(full_resolution_s, 0.5) FROM tickets WHERE solved_day BETWEEN $since AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
-- week by week
SELECT date_trunc('week', created_day) AS period, avg((solved_at IS NOT NULL)::INT), avg((reopens > 0)::INT), count(*) FROM tickets
WHERE created_day BETWEEN $since AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
-- by channel, team, category
SELECT channel, avg((solved_at IS NOT NULL)::INT), count(*) FROM tickets WHERE created_day BETWEEN $since AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
SELECT team, quantile_cont(full_resolution_s, 0.5), count(*) FROM tickets WHERE solved_day BETWEEN $since AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
SELECT category, avg((reopens > 0)::INT), avg((solved_at IS NOT NULL)::INT), quantile_cont(full_resolution_s, 0.5), count(*) FROM tickets
WHERE created_day BETWEEN $since AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
-- time to the solve by priority, and in each state
SELECT priority, quantile_cont(full_resolution_s, [0.5, 0.75, 0.9]), avg(agent_work_s), avg(agent_wait_s), avg(on_hold_s) FROM tickets
WHERE solved_day BETWEEN $since AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
