-- The opening comment of a ticket an agent created is the agent's own question or note, not a reply.
CREATE OR REPLACE TEMP TABLE timing_comments AS
WITH said AS (
    SELECT ticket_no, created, written, moment, seq, actor, actor_id, coalesce(public, true) AS public
    FROM timing_events
    WHERE field = 'comment'),
early AS (
    SELECT ticket_no, seq, actor, row_number() OVER (PARTITION BY ticket_no ORDER BY written, seq) AS place
    FROM said
    WHERE written <= created + $opening_within_s),
opening AS (
    SELECT ticket_no, seq
    FROM early
    WHERE place = 1 AND actor = 'agent'),
placed AS (
    SELECT *, (ticket_no, seq) IN (SELECT (ticket_no, seq) FROM opening) AS opens
    FROM said)
SELECT ticket_no, moment, written, seq, actor_id, opens, public AND actor = 'customer' AS asks,
    public AND actor = 'agent' AND NOT opens AS answers, public AND actor IN ('bot', 'system') AS automatic,
    public AND actor = 'bot' AS by_robot, actor = 'agent' AND NOT public AND NOT opens AS noted,
    public AND opens AS opened
FROM placed
