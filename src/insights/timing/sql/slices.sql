-- Which slice each ticket is in, by its id: what is written of one slice may move the rows of the next.
CREATE OR REPLACE TEMP TABLE timing_slices AS
SELECT source, ticket_id, rowid // $size AS slice
FROM tickets
