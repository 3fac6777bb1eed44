-- What a source knows at all: a column is computed from events only where its source records such events.
CREATE OR REPLACE TEMP TABLE timing_sources AS
WITH kept AS (
    SELECT source, bool_or(solved_at IS NOT NULL OR closed_at IS NOT NULL) AS keeps_solved,
        NOT bool_or(solved_at IS NOT NULL OR status IS NOT NULL) AS only_closes,
        bool_or(first_response_at IS NOT NULL OR reported_first_response_s IS NOT NULL) AS keeps_response
    FROM timing_exported
    GROUP BY source),
logged AS (
    SELECT source, bool_or(field = 'comment') AS logs_comments, bool_or(field = 'agent') AS logs_agents,
        bool_or(field = 'team') AS logs_teams, min("at") FILTER (field = 'comment') AS first_comment
    FROM ticket_events
    GROUP BY source)
SELECT source, keeps_solved, only_closes, keeps_response, coalesce(logs_comments, false) AS logs_comments,
    coalesce(logs_agents, false) AS logs_agents, coalesce(logs_teams, false) AS logs_teams, first_comment
FROM kept LEFT JOIN logged USING (source)
