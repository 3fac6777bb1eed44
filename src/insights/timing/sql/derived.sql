-- Each ticket's figures: durations from moments or states where they are known, else the source's own, in calendar time
-- and in the working time of its calendar. `mark` is what they rest on.
CREATE OR REPLACE TEMP TABLE timing_derived AS
WITH worked AS (
    SELECT known.*, ticket.calendar_no, ticket.mark, own.excluded IS NULL AND own.merged_into IS NULL AS counts,
        own.reported_first_response_s, own.reported_first_response_business_s, own.reported_first_resolution_s,
        own.reported_first_resolution_business_s, own.reported_full_resolution_s,
        own.reported_full_resolution_business_s, own.reported_requester_wait_s,
        own.reported_requester_wait_business_s, own.reported_agent_wait_s, own.reported_agent_wait_business_s,
        own.reported_on_hold_s, own.reported_on_hold_business_s,
        worked(ticket.calendar_no, known.created, created_on) AS created_worked,
        worked(ticket.calendar_no, known.owed_from, owed_on) AS owed_worked,
        worked(ticket.calendar_no, known.first_response, answered_on) AS response_worked,
        worked(ticket.calendar_no, known.first_solved, first_solved_on) AS first_solved_worked,
        worked(ticket.calendar_no, known.solved, solved_on) AS solved_worked
    FROM timing_known_moments AS known
    JOIN timing_tickets AS ticket ON ticket.ticket_no = known.ticket_no
    JOIN tickets AS own ON own.rowid = known.ticket_no
    LEFT JOIN calendar_days AS created_on ON created_on.day = calendar_day(ticket.calendar_no, known.created)
    LEFT JOIN calendar_days AS owed_on ON owed_on.day = calendar_day(ticket.calendar_no, known.owed_from)
    LEFT JOIN calendar_days AS answered_on
        ON answered_on.day = calendar_day(ticket.calendar_no, known.first_response)
    LEFT JOIN calendar_days AS first_solved_on
        ON first_solved_on.day = calendar_day(ticket.calendar_no, known.first_solved)
    LEFT JOIN calendar_days AS solved_on ON solved_on.day = calendar_day(ticket.calendar_no, known.solved)),
figures AS (
    SELECT * REPLACE (
        CASE WHEN logged THEN requester_wait_s ELSE not_negative(reported_requester_wait_s) END AS requester_wait_s,
        CASE WHEN logged THEN requester_wait_business_s
            ELSE not_negative(reported_requester_wait_business_s) END AS requester_wait_business_s,
        CASE WHEN logged THEN agent_work_s
            ELSE less_hold(reported_requester_wait_s, reported_on_hold_s) END AS agent_work_s,
        CASE WHEN logged THEN agent_work_business_s
            ELSE less_hold(reported_requester_wait_business_s, reported_on_hold_business_s)
            END AS agent_work_business_s,
        CASE WHEN logged THEN agent_wait_s ELSE not_negative(reported_agent_wait_s) END AS agent_wait_s,
        CASE WHEN logged THEN agent_wait_business_s
            ELSE not_negative(reported_agent_wait_business_s) END AS agent_wait_business_s,
        CASE WHEN logged THEN on_hold_s ELSE not_negative(reported_on_hold_s) END AS on_hold_s,
        CASE WHEN logged THEN on_hold_business_s
            ELSE not_negative(reported_on_hold_business_s) END AS on_hold_business_s),
        between_moments(owed_from, first_response, first_response - owed_from, talks, reported_first_response_s)
            AS first_response_s,
        between_moments(owed_from, first_response, response_worked - owed_worked, talks,
            reported_first_response_business_s) AS first_response_business_s,
        between_moments(created, first_solved, first_solved - created, logged, reported_first_resolution_s)
            AS first_resolution_s,
        between_moments(created, first_solved, first_solved_worked - created_worked, logged,
            reported_first_resolution_business_s) AS first_resolution_business_s,
        CASE WHEN is_solved(state) THEN
            between_moments(created, solved, solved - created, logged, reported_full_resolution_s) END
            AS full_resolution_s,
        CASE WHEN is_solved(state) THEN
            between_moments(created, solved, solved_worked - created_worked, logged,
                reported_full_resolution_business_s) END AS full_resolution_business_s
    FROM worked)
SELECT figure.ticket_no, as_timestamp(figure.first_response) AS first_response_at,
    as_timestamp(figure.first_solved) AS first_solved_at, as_timestamp(figure.solved) AS solved_at,
    as_timestamp(figure.owed_from) AS response_from_at, figure.basis AS response_basis,
    figure.calendar_no, figure.owed_worked AS response_from_business_s,
    CASE WHEN $credit = 'replier' THEN figure.response_agent_id END AS response_agent_id,
    CASE WHEN $credit = 'replier' THEN held.team END AS response_team,
    figure.replies, figure.reopens, figure.reassignments, figure.transfers,
    figure.first_response_s, figure.first_response_business_s, figure.first_resolution_s,
    figure.first_resolution_business_s, figure.full_resolution_s, figure.full_resolution_business_s,
    figure.requester_wait_s, figure.requester_wait_business_s, figure.agent_work_s, figure.agent_work_business_s,
    figure.agent_wait_s, figure.agent_wait_business_s, figure.on_hold_s, figure.on_hold_business_s,
    CASE
        WHEN figure.has_events THEN 'events'
        WHEN figure.first_response IS NULL
            AND coalesce(figure.first_response_s, figure.first_response_business_s) IS NOT NULL
            OR figure.first_solved IS NULL
            AND coalesce(figure.first_resolution_s, figure.first_resolution_business_s) IS NOT NULL
            OR figure.solved IS NULL
            AND coalesce(figure.full_resolution_s, figure.full_resolution_business_s) IS NOT NULL
            OR coalesce(figure.requester_wait_s, figure.requester_wait_business_s, figure.agent_work_s,
                figure.agent_work_business_s, figure.agent_wait_s, figure.agent_wait_business_s, figure.on_hold_s,
                figure.on_hold_business_s) IS NOT NULL THEN 'reported'
        ELSE 'timestamps' END AS clock_basis,
    figure.counts AND is_unsolved(figure.state) AS is_open, figure.mark AS derived_hash,
    local_time(figure.created, $zone) AS created_local, local_time(figure.first_response, $zone)::DATE AS response_day,
    local_time(figure.first_solved, $zone)::DATE AS first_solved_day,
    local_time(figure.solved, $zone)::DATE AS solved_day
FROM figures AS figure
LEFT JOIN timing_holders AS held ON held.ticket_no = figure.ticket_no AND held.since <= figure.first_response
    AND (held.until > figure.first_response OR held.until IS NULL)
