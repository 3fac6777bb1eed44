CREATE OR REPLACE TEMP TABLE timing_cycles AS
SELECT ticket.ticket_no, stored.cycle, whole_seconds(stored.started_at) AS since,
    whole_seconds(stored.ended_at) AS until, whole_seconds(stored.promise_ended_at) AS promised_until
FROM w.reply_cycles AS stored JOIN timing_tickets AS ticket USING (source, ticket_id)
