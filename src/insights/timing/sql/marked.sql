-- What settled tickets keep of what their figures rest on. A table of its own: changed by a join of so many columns it
-- makes the engine stumble over the words of few tickets among many.
CREATE OR REPLACE TEMP TABLE timing_derived AS
SELECT derived.*, CASE WHEN derived.ticket_no NOT IN (SELECT ticket_no FROM timing_unsettled) THEN ticket.mark END
    AS derived_hash
FROM timing_derived AS derived JOIN timing_tickets AS ticket USING (ticket_no)
