-- Tickets that are not settled keep nothing of what their figures rest on: they are derived again next time.
UPDATE timing_derived SET derived_hash = NULL WHERE ticket_no IN (SELECT ticket_no FROM timing_unsettled)
