-- From when a ticket is owed its first answer, and why then: from creation; where an agent opened it, from the
-- customer's first public words; where a robot handled it first, from the hand-over to people. Unknown: none is owed.
CREATE OR REPLACE TEMP TABLE timing_owed_answers AS
WITH said AS (
    SELECT ticket_no, bool_or(opens) AS by_agent,
        min(struct_pack(moment := moment, seq := seq)) FILTER (asks) AS asked,
        min(struct_pack(moment := moment, seq := seq)) FILTER (answers) AS answered
    FROM timing_comments
    GROUP BY ticket_no),
handled AS (
    SELECT ticket_no, min(struct_pack(moment := moment, seq := seq)) FILTER (mark = 'robot') AS robot,
        min(struct_pack(moment := moment, seq := seq)) FILTER (mark = 'people') AS people
    FROM timing_robot_marks
    GROUP BY ticket_no),
solved AS (
    SELECT ticket_no, is_solved(arg_max(status, span)) AS solved
    FROM timing_spans
    WHERE ticket_no IN (SELECT ticket_no FROM timing_robot_marks)
    GROUP BY ticket_no),
judged AS (
    SELECT ticket.ticket_no, ticket.created, said.asked, handled.people, CASE
            WHEN said.by_agent AND $agent_opened = 'first_words'
                THEN CASE WHEN said.asked IS NULL THEN 'agent_opened' ELSE 'customer_words' END
            WHEN $count_from = 'creation' OR said.ticket_no IS NULL OR handled.robot IS NULL OR said.answered < handled.robot
                OR said.answered < handled.people OR handled.people < handled.robot THEN 'created'
            WHEN handled.people IS NOT NULL THEN 'handover'
            WHEN solved.solved AND said.answered IS NULL THEN 'robot'
            ELSE 'created' END AS basis
    FROM timing_tickets AS ticket
    LEFT JOIN said USING (ticket_no)
    LEFT JOIN handled USING (ticket_no)
    LEFT JOIN solved USING (ticket_no))
SELECT ticket_no, basis, CASE basis WHEN 'created' THEN created WHEN 'customer_words' THEN asked.moment
        WHEN 'handover' THEN people.moment END AS owed_from,
    CASE basis WHEN 'created' THEN -2 WHEN 'customer_words' THEN asked.seq WHEN 'handover' THEN people.seq END
        AS owed_seq
FROM judged
