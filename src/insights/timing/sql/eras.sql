-- The local days on which the set of valid promises changes; era 0 lasts until the first of them.
CREATE OR REPLACE TEMP TABLE timing_eras AS
SELECT 0 AS era, DATE '0001-01-01' AS first_day
UNION ALL
SELECT row_number() OVER (ORDER BY start), start
FROM (SELECT unnest($starts::DATE[]) AS start) AS starts
