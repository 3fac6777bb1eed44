-- Which slice each stale ticket is in, by its id: what is written of one slice may move the rows of the next.
CREATE OR REPLACE TEMP TABLE timing_slices AS
SELECT source, ticket_id, mark, (row_number() OVER (ORDER BY ticket_no) - 1) // $size AS slice
FROM timing_stale
