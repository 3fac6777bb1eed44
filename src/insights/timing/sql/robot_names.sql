-- What robots are called, `*` already written as `%`; those without a source hold for all.
CREATE OR REPLACE TEMP TABLE timing_robot_names (source TEXT, pattern TEXT)
