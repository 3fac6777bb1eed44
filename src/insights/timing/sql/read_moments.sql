-- The moments the readings of a figure begin or end at.
CREATE OR REPLACE TEMP TABLE timing_read_moments AS
WITH handed AS (
    SELECT known.ticket_no, greatest(whole_seconds(event."at"), known.created) AS moment, known.first_response, known.solved
    FROM ticket_events AS event JOIN timing_tickets AS ticket USING (source, ticket_id)
    JOIN timing_known_moments AS known ON known.ticket_no = ticket.ticket_no
    WHERE event.field = 'team' AND event."at" IS NOT NULL),
held AS (
    SELECT ticket_no, max(moment) FILTER (moment <= first_response) AS team_that_replied,
        max(moment) FILTER (moment <= solved) AS team_that_solved
    FROM handed
    GROUP BY ticket_no)
SELECT known.ticket_no, known.created, heard.bot_reply, heard.internal_note, heard.opening_comment,
    CASE WHEN known.basis IN ('customer_words', 'agent_opened') THEN heard.any_reply END AS agent_opened,
    CASE WHEN known.basis IN ('handover', 'robot') THEN heard.any_reply END AS robot,
    least(known.first_response, known.first_solved) AS reply_or_solve, taken.picked_up,
    known.first_solved AS first_solve, known.solved AS last_solve,
    coalesce(spent.closed, whole_seconds(own.closed_at)) AS closed, spent.reopened,
    known.first_response AS first_reply, held.team_that_replied, held.team_that_solved
FROM timing_known_moments AS known
JOIN tickets AS own ON own.rowid = known.ticket_no
LEFT JOIN timing_heard AS heard ON heard.ticket_no = known.ticket_no
LEFT JOIN timing_picked_up AS taken ON taken.ticket_no = known.ticket_no
LEFT JOIN held ON held.ticket_no = known.ticket_no
LEFT JOIN timing_spent AS spent ON spent.ticket_no = known.ticket_no
