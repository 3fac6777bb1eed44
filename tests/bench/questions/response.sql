-- first reply, both periods
SELECT coalesce(first_response_day, created_day) >= $since AS now, quantile_cont(first_response_s, [0.5, 0.9]), count(first_response_s) FROM tickets
WHERE coalesce(first_response_day, created_day) BETWEEN $before AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
-- within hours, both periods
SELECT created_day >= $since AS now, avg((first_response_s <= 3600)::INT), avg((first_response_s <= 14400)::INT), avg((first_response_s <= 86400)::INT), count(*) FROM tickets
WHERE created_day BETWEEN $before AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
-- later replies, both periods
SELECT coalesce(c.ended_day, c.started_day) >= $since AS now, quantile_cont(c.wait_s, 0.5), count(c.wait_s) FROM reply_cycles c JOIN tickets t USING (source, ticket_id)
WHERE coalesce(c.ended_day, c.started_day) BETWEEN $before AND $until AND c.cycle > 1 AND c.answered AND t.channel = $channel AND t.excluded IS NULL GROUP BY 1;
-- waiting now
SELECT count(*) FROM reply_cycles c JOIN tickets t USING (source, ticket_id) WHERE c.ended_at IS NULL AND t.is_open AND t.channel = $channel AND t.excluded IS NULL;
-- week by week
SELECT date_trunc('week', coalesce(first_response_day, created_day)) AS period, quantile_cont(first_response_s, [0.5, 0.9]), count(*) FROM tickets
WHERE coalesce(first_response_day, created_day) BETWEEN $since AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
SELECT date_trunc('week', created_day) AS period, avg((first_response_s <= 3600)::INT), avg((first_response_s <= 14400)::INT), avg((first_response_s <= 86400)::INT), count(*) FROM tickets
WHERE created_day BETWEEN $since AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
-- hours of the week
SELECT created_weekday, created_hour, count(*) FROM tickets WHERE created_day BETWEEN $since AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1, 2;
-- by channel, team and priority
SELECT channel, quantile_cont(first_response_s, 0.5), count(*) FROM tickets WHERE coalesce(first_response_day, created_day) BETWEEN $since AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
SELECT coalesce(response_team, team) AS team, avg((first_response_s <= 14400)::INT), count(*) FROM tickets WHERE created_day BETWEEN $since AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
SELECT priority, avg((first_response_s <= 14400)::INT), quantile_cont(first_response_s, [0.5, 0.75, 0.9]), count(*) FROM tickets WHERE created_day BETWEEN $since AND $until AND channel = $channel AND excluded IS NULL GROUP BY 1;
-- the slowest
SELECT * FROM tickets WHERE coalesce(first_response_day, created_day) BETWEEN $since AND $until AND channel = $channel AND excluded IS NULL ORDER BY first_response_s DESC NULLS LAST LIMIT 20;
