UPDATE ticket_events SET acted_as = changed.found
FROM timing_acted_as AS changed
WHERE changed.event_no = ticket_events.rowid
