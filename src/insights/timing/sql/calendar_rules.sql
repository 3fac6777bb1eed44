-- Which tickets count their durations in which calendar; the lowest number that matches wins.
CREATE OR REPLACE TEMP TABLE timing_calendar_rules (
    rule_no BIGINT, calendar_no BIGINT, source TEXT[], kind TEXT[], channel TEXT[], category TEXT[], product TEXT[],
    priority TEXT[], team TEXT[], agent TEXT[], segment TEXT[], region TEXT[], country TEXT[], loyalty_tier TEXT[])
