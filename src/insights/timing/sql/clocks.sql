-- A clock runs from `since` and, once it stopped, until `until`; `looked_at` is where it is looked at.
CREATE OR REPLACE TEMP TABLE timing_clocks AS
WITH started AS (
    SELECT ticket_no, CASE WHEN cycle = 1 THEN 'first_response' ELSE 'next_response' END AS metric,
        greatest(cycle - 1, 1) AS cycle, since, CASE WHEN promised_until <= $now THEN promised_until END AS until
    FROM timing_cycles
    WHERE since <= $now AND (promised_until >= since OR promised_until IS NULL)
    UNION ALL
    SELECT standing.ticket_no, lasting.metric, 1, ticket.created, standing.solved
    FROM timing_standing AS standing
    JOIN timing_covered_tickets AS ticket USING (ticket_no),
        (VALUES ('resolution'), ('requester_wait')) AS lasting (metric)),
begun AS (
    SELECT 'ticket' AS per, NULL AS team, * FROM started
    UNION ALL
    SELECT 'team', turn.team, turn.ticket_no, lasting.metric,
        turn.turn + (lasting.metric IN (SELECT metric FROM timing_policies WHERE per = 'ticket'))::INT, turn.since,
        turn.until
    FROM timing_team_turns AS turn, (VALUES ('resolution'), ('requester_wait')) AS lasting (metric)),
dated AS (
    SELECT *, local_time(since, $zone)::DATE AS first_day
    FROM begun
    WHERE (metric, per) IN (SELECT (metric, per) FROM timing_policies))
SELECT row_number() OVER () AS clock_no, clock.ticket_no, clock.metric, clock.per, clock.cycle,
    clock.since, clock.until,
    coalesce(clock.until, $now) AS looked_at, coalesce(clock.team, held.word) AS team, ticket.kind, ticket.channel, ticket.segment,
    ticket.cancelled OR standing.status = 'deleted' AS cancelled, era.era
FROM dated AS clock
ASOF JOIN timing_eras AS era ON era.first_day <= clock.first_day
JOIN timing_covered_tickets AS ticket ON ticket.ticket_no = clock.ticket_no
JOIN timing_standing AS standing ON standing.ticket_no = clock.ticket_no
JOIN timing_stretches AS held ON held.ticket_no = clock.ticket_no AND held.field = 'team' AND held.since <= clock.since
    AND (held.until > clock.since OR held.until IS NULL)
