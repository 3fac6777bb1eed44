UPDATE tickets SET
    first_response_at = found.first_response_at, first_solved_at = found.first_solved_at,
    solved_at = found.solved_at, replies = found.replies, reopens = found.reopens,
    reassignments = found.reassignments, transfers = found.transfers,
    first_response_s = found.first_response_s, first_response_business_s = found.first_response_business_s,
    first_resolution_s = found.first_resolution_s, first_resolution_business_s = found.first_resolution_business_s,
    full_resolution_s = found.full_resolution_s, full_resolution_business_s = found.full_resolution_business_s,
    requester_wait_s = found.requester_wait_s, requester_wait_business_s = found.requester_wait_business_s,
    agent_work_s = found.agent_work_s, agent_work_business_s = found.agent_work_business_s,
    agent_wait_s = found.agent_wait_s, agent_wait_business_s = found.agent_wait_business_s,
    on_hold_s = found.on_hold_s, on_hold_business_s = found.on_hold_business_s,
    response_from_at = found.response_from_at, response_basis = found.response_basis,
    response_agent_id = found.response_agent_id, response_team = found.response_team,
    calendar_no = found.calendar_no, response_from_business_s = found.response_from_business_s,
    derived_hash = found.derived_hash, clock_basis = found.clock_basis, is_open = found.is_open, first_solved_day = found.first_solved_day,
    solved_day = found.solved_day, created_day = found.created_local::DATE,
    created_hour = hour(found.created_local), created_weekday = isodow(found.created_local),
    first_response_day = coalesce(found.response_day, CASE
        WHEN coalesce(found.first_response_s, found.first_response_business_s) IS NOT NULL
        THEN found.created_local::DATE END)
FROM timing_derived AS found
WHERE found.ticket_no = tickets.rowid
