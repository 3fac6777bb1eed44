-- Each duration from moments or states where they are known, else the source's own figure.
CREATE OR REPLACE TEMP TABLE timing_figures AS
SELECT known.ticket_no,
    between_moments(known.owed_from, known.first_response, known.first_response - known.owed_from, known.talks,
        own.reported_first_response_s) AS first_response_s,
    between_moments(known.owed_from, known.first_response, worked.first_response - worked.owed_from, known.talks,
        own.reported_first_response_business_s) AS first_response_business_s,
    between_moments(known.created, known.first_solved, known.first_solved - known.created, known.logged,
        own.reported_first_resolution_s) AS first_resolution_s,
    between_moments(known.created, known.first_solved, worked.first_solved - worked.created, known.logged,
        own.reported_first_resolution_business_s) AS first_resolution_business_s,
    CASE WHEN is_solved(known.state) THEN
        between_moments(known.created, known.solved, known.solved - known.created, known.logged,
            own.reported_full_resolution_s) END AS full_resolution_s,
    CASE WHEN is_solved(known.state) THEN
        between_moments(known.created, known.solved, worked.solved - worked.created, known.logged,
            own.reported_full_resolution_business_s) END AS full_resolution_business_s,
    CASE WHEN known.logged THEN known.requester_wait_s
        ELSE not_negative(own.reported_requester_wait_s) END AS requester_wait_s,
    CASE WHEN known.logged THEN known.requester_wait_business_s
        ELSE not_negative(own.reported_requester_wait_business_s) END AS requester_wait_business_s,
    CASE WHEN known.logged THEN known.agent_work_s
        ELSE less_hold(own.reported_requester_wait_s, own.reported_on_hold_s) END AS agent_work_s,
    CASE WHEN known.logged THEN known.agent_work_business_s
        ELSE less_hold(own.reported_requester_wait_business_s, own.reported_on_hold_business_s)
        END AS agent_work_business_s,
    CASE WHEN known.logged THEN known.agent_wait_s
        ELSE not_negative(own.reported_agent_wait_s) END AS agent_wait_s,
    CASE WHEN known.logged THEN known.agent_wait_business_s
        ELSE not_negative(own.reported_agent_wait_business_s) END AS agent_wait_business_s,
    CASE WHEN known.logged THEN known.on_hold_s ELSE not_negative(own.reported_on_hold_s) END AS on_hold_s,
    CASE WHEN known.logged THEN known.on_hold_business_s
        ELSE not_negative(own.reported_on_hold_business_s) END AS on_hold_business_s
FROM timing_known_moments AS known
JOIN timing_worked_moments AS worked ON worked.ticket_no = known.ticket_no
JOIN tickets AS own ON own.rowid = known.ticket_no
