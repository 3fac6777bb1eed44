-- The first human reply since one was owed, who gave it, and how many there are in all.
CREATE OR REPLACE TEMP TABLE timing_replies AS
SELECT said.ticket_no, min(said.written) FILTER (said.answers AND in_time) AS response,
    arg_min_null(said.actor_id, struct_pack(written := said.written, seq := said.seq)) FILTER (said.answers AND in_time)
        AS response_agent_id,
    count(*) FILTER (said.answers) AS replies
FROM (
    SELECT comment.*, coalesce((comment.moment, comment.seq) > (owed.owed_from, owed.owed_seq), false) AS in_time
    FROM timing_comments AS comment JOIN timing_owed_answers AS owed USING (ticket_no)) AS said
GROUP BY said.ticket_no
