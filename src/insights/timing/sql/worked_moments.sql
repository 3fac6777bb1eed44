-- The working seconds of the calendar up to each moment a duration begins or ends at.
CREATE OR REPLACE TEMP TABLE timing_worked_moments AS
SELECT known.ticket_no, worked(ticket.calendar_no, known.created, created_day) AS created,
    worked(ticket.calendar_no, known.owed_from, owed_day) AS owed_from,
    worked(ticket.calendar_no, known.first_response, response_day) AS first_response,
    worked(ticket.calendar_no, known.first_solved, first_solved_day) AS first_solved,
    worked(ticket.calendar_no, known.solved, solved_day) AS solved
FROM timing_known_moments AS known
JOIN timing_tickets AS ticket ON ticket.ticket_no = known.ticket_no
LEFT JOIN calendar_days AS created_day ON created_day.day = calendar_day(ticket.calendar_no, known.created)
LEFT JOIN calendar_days AS owed_day ON owed_day.day = calendar_day(ticket.calendar_no, known.owed_from)
LEFT JOIN calendar_days AS response_day ON response_day.day = calendar_day(ticket.calendar_no, known.first_response)
LEFT JOIN calendar_days AS first_solved_day ON first_solved_day.day = calendar_day(ticket.calendar_no, known.first_solved)
LEFT JOIN calendar_days AS solved_day ON solved_day.day = calendar_day(ticket.calendar_no, known.solved)
