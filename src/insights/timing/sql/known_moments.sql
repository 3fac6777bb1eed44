-- Events win over the source's own column, except for the last solve: a source that keeps it is believed up to its
-- last update (ServiceNow's resolved_at is the last confirmation, and empty where it does not count a resolution).
-- A Zendesk export has no first solve: of a reopened ticket it is creation plus the reported minutes.
CREATE OR REPLACE TEMP TABLE timing_known_moments AS
WITH told AS (
    SELECT ticket.ticket_no, ticket.created, knows.keeps_solved, knows.logs_comments, knows.logs_agents,
        knows.logs_teams, own.status, own.reported_first_resolution_s,
        whole_seconds(own.updated_at) AS updated, whole_seconds(own.closed_at) AS closed,
        whole_seconds(own.first_response_at) AS own_first_response,
        whole_seconds(own.first_solved_at) AS own_first_solved, whole_seconds(CASE
            WHEN knows.only_closes AND $closed_is_solved THEN own.closed_at ELSE own.solved_at END) AS own_solved,
        own.replies AS own_replies, own.reopens AS own_reopens, own.reassignments AS own_reassignments,
        own.transfers AS own_transfers, states.* EXCLUDE (ticket_no), states.ticket_no IS NOT NULL AS logged,
        said.ticket_no IS NOT NULL AS talks, said.response, said.response_agent_id, said.replies AS said_replies,
        owed.basis, owed.owed_from,
        states.ticket_no IS NOT NULL OR said.ticket_no IS NOT NULL AS has_events, moves.* EXCLUDE (ticket_no)
    FROM timing_tickets AS ticket
    JOIN tickets AS own ON own.rowid = ticket.ticket_no
    JOIN timing_sources AS knows ON knows.source = ticket.source
    JOIN timing_owed_answers AS owed ON owed.ticket_no = ticket.ticket_no
    LEFT JOIN timing_state_times AS states ON states.ticket_no = ticket.ticket_no
    LEFT JOIN timing_replies AS said ON said.ticket_no = ticket.ticket_no
    LEFT JOIN timing_handovers AS moves ON moves.ticket_no = ticket.ticket_no),
judged AS (
    SELECT *, coalesce(status_now, status, CASE
            WHEN own_solved IS NOT NULL OR closed IS NOT NULL THEN 'solved'
            WHEN keeps_solved THEN 'open' END) AS state,
        own_solved IS NULL AND keeps_solved AND last_solve <= updated AS not_solved
    FROM told)
SELECT ticket_no, created, state, logged, talks, has_events, basis, owed_from, response_agent_id,
    requester_wait_s, requester_wait_business_s, agent_work_s, agent_work_business_s, agent_wait_s,
    agent_wait_business_s, on_hold_s, on_hold_business_s,
    CASE WHEN talks THEN response ELSE own_first_response END AS first_response,
    CASE
        WHEN logged AND not_solved AND is_solved(state) THEN NULL
        WHEN logged THEN coalesce(first_solve, own_solved)
        ELSE coalesce(
            own_first_solved, CASE WHEN coalesce(own_reopens, CASE WHEN NOT $first_needs_reopens THEN 0 END) = 0 THEN own_solved END,
            CASE WHEN reported_first_resolution_s >= 0 THEN
                least(created + reported_first_resolution_s, own_solved) END) END AS first_solved,
    CASE
        WHEN NOT logged THEN own_solved
        WHEN not_solved THEN NULL
        WHEN own_solved IS NULL OR last_solve > coalesce(updated, own_solved) THEN last_solve
        ELSE own_solved END AS solved,
    CASE
        WHEN talks THEN said_replies
        WHEN logs_comments AND has_events THEN coalesce(own_replies, 0)
        ELSE own_replies END AS replies,
    CASE WHEN logged THEN reopens ELSE own_reopens END AS reopens,
    CASE
        WHEN logs_agent THEN reassignments
        WHEN logs_agents AND has_events THEN coalesce(own_reassignments, 0)
        ELSE own_reassignments END AS reassignments,
    CASE
        WHEN logs_team THEN transfers
        WHEN logs_teams AND has_events THEN coalesce(own_transfers, 0)
        ELSE own_transfers END AS transfers
FROM judged
