CREATE OR REPLACE TEMP TABLE timing_replies AS
SELECT ticket_no, min(written) FILTER (answers) AS response, count(*) FILTER (answers) AS replies
FROM timing_comments
GROUP BY ticket_no
