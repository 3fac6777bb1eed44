-- `calendar_no` is the calendar a ticket's durations count in: that of the first rule it matches, else `$calendar_no`.
CREATE OR REPLACE TEMP TABLE timing_tickets AS
WITH first_teams AS (
    SELECT ticket_no, arg_min(coalesce(old, new), ("at", seq)) AS team
    FROM timing_events
    WHERE field = 'team' AND coalesce(old, new) IS NOT NULL AND EXISTS (FROM timing_calendar_rules)
    GROUP BY ticket_no),
matched AS (
    SELECT own.rowid AS ticket_no, arg_min(rule.calendar_no, rule.rule_no) AS calendar_no
    FROM timing_tickets AS ticket
    JOIN tickets AS own ON own.rowid = ticket.ticket_no
    LEFT JOIN first_teams AS held ON held.ticket_no = ticket.ticket_no
    JOIN timing_calendar_rules AS rule
    ON covers(rule.source, own.source) AND covers(rule.kind, own.kind) AND covers(rule.channel, own.channel)
        AND covers(rule.category, own.category) AND covers(rule.product, own.product)
        AND covers(rule.priority, own.priority) AND covers(rule.team, coalesce(held.team, own.team))
        AND covers(rule.agent, own.agent_id) AND covers(rule.segment, own.segment)
        AND covers(rule.region, own.region) AND covers(rule.country, own.country)
        AND covers(rule.loyalty_tier, own.loyalty_tier)
    GROUP BY own.rowid)
SELECT ticket.*, coalesce(matched.calendar_no, $calendar_no) AS calendar_no
FROM timing_tickets AS ticket LEFT JOIN matched USING (ticket_no)
