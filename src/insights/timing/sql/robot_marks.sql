-- What robots did first (spoke, were assigned, solved), and what handed a ticket to people: the assignment to a person,
-- a robot's letting go of it or passing it to a team, a reopening after a robot's solve.
CREATE OR REPLACE TEMP TABLE timing_robot_marks AS
WITH solves AS (
    SELECT stretch.ticket_no, stretch.span, stretch.since, stretch.seq
    FROM timing_spans AS stretch
    JOIN timing_tickets AS ticket USING (ticket_no)
    JOIN ticket_events AS event ON event.source = ticket.source AND event.ticket_id = ticket.ticket_id
        AND event.seq = stretch.seq AND event.field = 'status'
    WHERE became_solved(stretch.status, stretch.previous) AND coalesce(event.acted_as, event.actor) = 'bot'),
moves AS (
    SELECT ticket.ticket_no, greatest(whole_seconds(event."at"), ticket.created) AS moment, event.seq, event.field,
        event.new, coalesce(event.acted_as, event.actor) AS actor, taker.person_id IS NOT NULL AS to_robot,
        giver.person_id IS NOT NULL AS from_robot
    FROM ticket_events AS event
    JOIN timing_tickets AS ticket USING (source, ticket_id)
    LEFT JOIN timing_robots AS taker ON taker.source = event.source AND taker.person_id = event.new
    LEFT JOIN timing_robots AS giver ON giver.source = event.source AND giver.person_id = event.old
    WHERE event.field IN ('agent', 'team') AND event."at" IS NOT NULL)
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
