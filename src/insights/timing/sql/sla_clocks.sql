INSERT INTO sla_clocks (
    source, ticket_id, metric, cycle, policy, target_s, calendar, started_at, due_at, stopped_at, breached_at,
    elapsed_s, state, decided_at, started_day, decided_day, paused, team, agent_id,
    priority)
WITH judged AS (
    SELECT clock.ticket_no, clock.per, clock.team, clock.looked_at, clock.metric, clock.cycle, policy.name, policy.target_s, policy.calendar, clock.since,
        clock.until, verdict.elapsed, clock.cancelled, verdict.counting, policy.warn_at, verdict.due,
        CASE WHEN verdict.breached THEN greatest(
            CASE WHEN verdict.at_once THEN verdict.breach_since ELSE verdict.due END, verdict.promised_since)
            END AS breached
    FROM timing_due_verdicts AS verdict
    JOIN timing_clocks AS clock ON clock.clock_no = verdict.clock_no
    JOIN timing_policies AS policy ON policy.policy_no = verdict.policy_no),
decided AS (
    SELECT *, CASE WHEN NOT cancelled THEN coalesce(breached, until) END AS decided
    FROM judged)
SELECT ticket.source, ticket.ticket_id, clock.metric, clock.cycle, clock.name, clock.target_s, clock.calendar,
    as_timestamp(clock.since), as_timestamp(coalesce(clock.breached, clock.due)), as_timestamp(clock.until),
    as_timestamp(clock.breached), clock.elapsed,
    CASE
        WHEN clock.cancelled THEN 'cancelled'
        WHEN clock.breached IS NULL AND clock.until IS NOT NULL THEN 'met'
        WHEN clock.until IS NOT NULL THEN 'breached'
        WHEN clock.breached IS NOT NULL THEN 'breached_open'
        WHEN NOT clock.counting THEN 'paused'
        WHEN clock.elapsed >= clock.warn_at * clock.target_s THEN 'at_risk'
        ELSE 'on_track' END,
    as_timestamp(clock.decided), local_time(clock.since, $zone)::DATE, local_time(clock.decided, $zone)::DATE,
    clock.until IS NULL AND NOT clock.cancelled AND NOT clock.counting,
    CASE WHEN clock.per = 'team' THEN clock.team ELSE held.team END, held.agent_id, held.priority
FROM decided AS clock
JOIN timing_tickets AS ticket USING (ticket_no)
LEFT JOIN timing_holders AS held ON held.ticket_no = clock.ticket_no
    AND held.since <= coalesce(clock.decided, clock.looked_at)
    AND (held.until > coalesce(clock.decided, clock.looked_at) OR held.until IS NULL)
