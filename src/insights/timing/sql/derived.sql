CREATE OR REPLACE TEMP TABLE timing_derived AS
SELECT known.ticket_no, as_timestamp(known.first_response) AS first_response_at,
    as_timestamp(known.first_solved) AS first_solved_at, as_timestamp(known.solved) AS solved_at,
    as_timestamp(known.owed_from) AS response_from_at, known.basis AS response_basis,
    ticket.calendar_no, worked.owed_from AS response_from_business_s,
    CASE WHEN $credit = 'replier' THEN known.response_agent_id END AS response_agent_id,
    CASE WHEN $credit = 'replier' THEN held.team END AS response_team,
    known.replies, known.reopens, known.reassignments, known.transfers, figure.* EXCLUDE (ticket_no),
    CASE
        WHEN known.has_events THEN 'events'
        WHEN known.first_response IS NULL
            AND coalesce(figure.first_response_s, figure.first_response_business_s) IS NOT NULL
            OR known.first_solved IS NULL
            AND coalesce(figure.first_resolution_s, figure.first_resolution_business_s) IS NOT NULL
            OR known.solved IS NULL
            AND coalesce(figure.full_resolution_s, figure.full_resolution_business_s) IS NOT NULL
            OR coalesce(figure.requester_wait_s, figure.requester_wait_business_s, figure.agent_work_s,
                figure.agent_work_business_s, figure.agent_wait_s, figure.agent_wait_business_s, figure.on_hold_s,
                figure.on_hold_business_s) IS NOT NULL THEN 'reported'
        ELSE 'timestamps' END AS clock_basis,
    own.excluded IS NULL AND own.merged_into IS NULL AND is_unsolved(known.state) AS is_open,
    local_time(known.created, $zone) AS created_local, local_time(known.first_response, $zone)::DATE AS response_day,
    local_time(known.first_solved, $zone)::DATE AS first_solved_day,
    local_time(known.solved, $zone)::DATE AS solved_day
FROM timing_known_moments AS known
JOIN timing_tickets AS ticket ON ticket.ticket_no = known.ticket_no
JOIN timing_worked_moments AS worked ON worked.ticket_no = known.ticket_no
JOIN timing_figures AS figure ON figure.ticket_no = known.ticket_no
JOIN tickets AS own ON own.rowid = known.ticket_no
LEFT JOIN timing_holders AS held ON held.ticket_no = known.ticket_no AND held.since <= known.first_response
    AND (held.until > known.first_response OR held.until IS NULL)
