-- The promises, numbered so that of those that match the lowest number wins.
CREATE OR REPLACE TEMP TABLE timing_policies (
    policy_no BIGINT, name TEXT, metric TEXT, per TEXT, target_s BIGINT, calendar TEXT, calendar_no BIGINT, warn_at DOUBLE,
    first_era BIGINT, last_era BIGINT, kind TEXT[], channel TEXT[], segment TEXT[], team TEXT[], priority TEXT[],
    counting TEXT[])
