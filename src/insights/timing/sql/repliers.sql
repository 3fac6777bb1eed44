-- Who gave the human answer of a moment: the first by order where there are several.
CREATE OR REPLACE TEMP TABLE timing_repliers AS
SELECT ticket_no, moment, arg_min_null(actor_id, seq) AS actor_id
FROM timing_comments
WHERE answers
GROUP BY ticket_no, moment
