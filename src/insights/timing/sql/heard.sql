CREATE OR REPLACE TEMP TABLE timing_heard AS
SELECT ticket_no, min(moment) FILTER (answers OR automatic) AS bot_reply,
    min(moment) FILTER (answers OR noted) AS internal_note,
    min(moment) FILTER (answers OR opened) AS opening_comment, min(moment) FILTER (answers) AS any_reply
FROM timing_comments
GROUP BY ticket_no
