-- A source's working-time figure stands for the calendar one where the source has no other. A Zendesk export may hold
-- reply minutes within business hours alone: no answer at all would hide what is known, so the figure stands, and
-- `clock_basis` (reported) makes every card say whose it is. Such tickets are derived again next time: the source may
-- have another by then.
UPDATE tickets SET
    derived_hash = NULL,
    first_response_s = CASE WHEN alone.response THEN first_response_business_s ELSE first_response_s END,
    first_resolution_s = CASE WHEN alone.first_solve THEN first_resolution_business_s ELSE first_resolution_s END,
    full_resolution_s = CASE WHEN alone.last_solve THEN full_resolution_business_s ELSE full_resolution_s END
FROM (
    SELECT source, count(first_response_s) = 0 AND count(first_response_business_s) > 0 AS response,
        count(first_resolution_s) = 0 AND count(first_resolution_business_s) > 0 AS first_solve,
        count(full_resolution_s) = 0 AND count(full_resolution_business_s) > 0 AS last_solve
    FROM tickets
    GROUP BY source) AS alone
WHERE alone.source = tickets.source AND clock_basis = 'reported'
    AND (alone.response OR alone.first_solve OR alone.last_solve)
