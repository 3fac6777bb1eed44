-- What robots did first (spoke, were assigned, solved), and what handed a ticket to people: the assignment to a person,
-- a robot's letting go of it or passing it to a team, a reopening after a robot's solve.
CREATE OR REPLACE TEMP TABLE timing_robot_marks AS
WITH solves AS (
    SELECT stretch.ticket_no, stretch.span, stretch.since, stretch.seq
    FROM timing_spans AS stretch
    JOIN timing_events AS event ON event.ticket_no = stretch.ticket_no AND event.seq = stretch.seq
        AND event.field = 'status' AND event.actor = 'bot'
    WHERE became_solved(stretch.status, stretch.previous)),
moves AS (
    SELECT event.ticket_no, event.moment, event.seq, event.field, event.new, event.actor,
        taker.person_id IS NOT NULL AS to_robot, giver.person_id IS NOT NULL AS from_robot
    FROM timing_events AS event
    JOIN timing_tickets AS ticket USING (ticket_no)
    LEFT JOIN timing_robots AS taker ON taker.source = ticket.source AND taker.person_id = event.new
    LEFT JOIN timing_robots AS giver ON giver.source = ticket.source AND giver.person_id = event.old
    WHERE event.field IN ('agent', 'team'))
SELECT ticket_no, moment, seq, 'robot' AS mark FROM timing_comments WHERE by_robot
UNION ALL
SELECT ticket_no, since, seq, 'robot' FROM solves
UNION ALL
SELECT ticket_no, moment, seq, 'robot' FROM moves WHERE field = 'agent' AND to_robot
UNION ALL
SELECT ticket_no, moment, seq, 'people' FROM moves WHERE field = 'agent' AND new IS NOT NULL AND NOT to_robot
UNION ALL
SELECT ticket_no, moment, seq, 'people' FROM moves WHERE field = 'agent' AND new IS NULL AND from_robot
UNION ALL
SELECT ticket_no, moment, seq, 'people' FROM moves WHERE field = 'team' AND new IS NOT NULL AND actor = 'bot'
UNION ALL
SELECT again.ticket_no, again.since, again.seq, 'people'
FROM timing_spans AS again JOIN solves ON solves.ticket_no = again.ticket_no AND again.span = solves.span + 1
WHERE began_waiting(again.status, again.previous)
