-- customers who bought again, both periods
SELECT first_day >= $since AS now, avg((second_day <= first_day + 90)::INT), count(*) FROM customer_purchases WHERE first_day BETWEEN $before AND $until AND segment = $segment GROUP BY 1;
-- orders, both periods
SELECT ordered_day >= $since AS now, count(*), sum(company_amount), count(DISTINCT customer_id) FROM orders WHERE ordered_day BETWEEN $before AND $until AND segment = $segment GROUP BY 1;
-- customers kept by month of first purchase
SELECT cohort_month, month, count(*) FROM customer_months WHERE cohort_month >= $until::DATE - INTERVAL 18 MONTH AND orders > 0 AND segment = $segment GROUP BY 1, 2;
-- week by week
SELECT date_trunc('week', ordered_day) AS period, count(*), count(DISTINCT customer_id) FROM orders WHERE ordered_day BETWEEN $since AND $until AND segment = $segment GROUP BY 1;
-- by segment and region
SELECT segment, avg((second_day <= first_day + 90)::INT), count(*) FROM customer_purchases WHERE first_day BETWEEN $since AND $until AND segment = $segment GROUP BY 1;
SELECT region, avg((second_day <= first_day + 90)::INT), count(*) FROM customer_purchases WHERE first_day BETWEEN $since AND $until AND segment = $segment GROUP BY 1;
-- how long customers stay
SELECT segment, date_diff('day', first_day, last_day) AS days, last_day < $until::DATE - 180 AS left_us, count(*) FROM customer_purchases WHERE segment = $segment GROUP BY 1, 2, 3;
