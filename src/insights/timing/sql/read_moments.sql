-- The moments the readings of a figure begin or end at.
CREATE OR REPLACE TEMP TABLE timing_read_moments AS
SELECT known.ticket_no, known.created, heard.bot_reply, heard.internal_note, heard.opening_comment,
    CASE WHEN known.basis IN ('customer_words', 'agent_opened') THEN heard.any_reply END AS agent_opened,
    CASE WHEN known.basis IN ('handover', 'robot') THEN heard.any_reply END AS robot,
    least(known.first_response, known.first_solved) AS reply_or_solve, taken.picked_up,
    known.first_solved AS first_solve, known.solved AS last_solve,
    coalesce(spent.closed, whole_seconds(own.closed_at)) AS closed, spent.reopened
FROM timing_known_moments AS known
JOIN tickets AS own ON own.rowid = known.ticket_no
LEFT JOIN timing_heard AS heard ON heard.ticket_no = known.ticket_no
LEFT JOIN timing_picked_up AS taken ON taken.ticket_no = known.ticket_no
LEFT JOIN timing_spent AS spent ON spent.ticket_no = known.ticket_no
