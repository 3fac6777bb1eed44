-- answers by kind, both periods
SELECT answered_day >= $since AS now, kind, avg(good::INT), avg(score_5), avg(CASE nps_group WHEN 'promoter' THEN 100 WHEN 'detractor' THEN -100 ELSE 0 END), count(*) FROM surveys
WHERE answered_day BETWEEN $before AND $until AND answered AND channel = $channel AND ticket_excluded IS NULL GROUP BY 1, 2;
-- who answers, both periods
SELECT sent_day >= $since AS now, avg(answered::INT), count(*) FROM surveys WHERE sent_day BETWEEN $before AND $until AND channel = $channel AND ticket_excluded IS NULL GROUP BY 1;
-- week by week
SELECT date_trunc('week', answered_day) AS period, kind, avg(good::INT), count(*) FROM surveys
WHERE answered_day BETWEEN $since AND $until AND answered AND channel = $channel AND ticket_excluded IS NULL GROUP BY 1, 2;
-- scores
SELECT channel, score, count(*) FROM surveys WHERE answered_day BETWEEN $since AND $until AND kind = 'csat' AND answered AND channel = $channel AND ticket_excluded IS NULL GROUP BY 1, 2;
-- by category and team
SELECT category, avg(good::INT), count(good) FROM surveys WHERE answered_day BETWEEN $since AND $until AND kind = 'csat' AND answered AND channel = $channel AND ticket_excluded IS NULL GROUP BY 1;
SELECT team, avg(good::INT), count(good) FROM surveys WHERE answered_day BETWEEN $since AND $until AND kind = 'csat' AND answered AND channel = $channel AND ticket_excluded IS NULL GROUP BY 1;
-- what they wrote
SELECT * FROM surveys WHERE answered_day BETWEEN $since AND $until AND kind = 'csat' AND comment IS NOT NULL AND channel = $channel AND ticket_excluded IS NULL ORDER BY good, answered_day DESC LIMIT 20;
