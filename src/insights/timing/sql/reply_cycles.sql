INSERT INTO reply_cycles (
    source, ticket_id, cycle, started_at, ended_at, promise_ended_at, answered, wait_s, wait_business_s, started_day, ended_day, agent_id,
    team)
SELECT ticket.source, ticket.ticket_id, wait.cycle, as_timestamp(wait.since), as_timestamp(wait.until),
    as_timestamp(wait.promised_until), wait.answered,
    CASE WHEN wait.answered AND wait.until >= wait.since THEN wait.until - wait.since END,
    CASE WHEN wait.answered AND wait.until >= wait.since THEN
        worked(ticket.calendar_no, wait.until, last_day) - worked(ticket.calendar_no, wait.since, first_day) END,
    local_time(wait.since, $zone)::DATE, local_time(wait.until, $zone)::DATE, CASE WHEN wait.answered AND $credit = 'replier' THEN reply.actor_id END,
    CASE WHEN wait.answered AND $credit = 'replier' THEN held.team END
FROM timing_cycles AS wait
JOIN timing_tickets AS ticket USING (ticket_no)
LEFT JOIN timing_repliers AS reply ON reply.ticket_no = wait.ticket_no AND reply.moment = wait.until
LEFT JOIN timing_holders AS held ON held.ticket_no = wait.ticket_no AND held.since <= wait.until
    AND (held.until > wait.until OR held.until IS NULL)
LEFT JOIN calendar_days AS first_day ON first_day.day = calendar_day(ticket.calendar_no, wait.since)
LEFT JOIN calendar_days AS last_day ON last_day.day = calendar_day(ticket.calendar_no, wait.until)
