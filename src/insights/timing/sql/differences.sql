-- How many clocks differ in any field from the stored ones.
SELECT count(*) AS differing
FROM ((FROM stored EXCEPT FROM sla_clocks) UNION ALL (FROM sla_clocks EXCEPT FROM stored))
