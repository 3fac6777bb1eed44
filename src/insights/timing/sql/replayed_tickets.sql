-- Whoever looks from a past moment still sees what was deleted only after it.
CREATE TABLE tickets AS
SELECT source, ticket_id, created_at, kind, channel, segment, priority, team, agent_id, merged_into,
    CASE WHEN excluded <> 'deleted' OR (source, ticket_id) NOT IN (
        SELECT (source, ticket_id) FROM w.status_spans WHERE status = 'deleted' AND started_at > $as_of)
        THEN excluded END AS excluded
FROM w.tickets SEMI JOIN chosen USING (source, ticket_id)
