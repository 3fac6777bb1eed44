"""The first help desk's export: Zendesk's full ticket CSV, in the account's time zone, with its own minutes."""

import numpy as np
import pyarrow.compute as pc

from insights.demo import files, hours, labels, world
from insights.demo.block import ZENDESK, Block
from insights.demo.files import Csv, texts, whole, words
from insights.demo.people import Agents
from insights.demo.world import HOUR, NEVER, Ints, Texts

_MINUTES = (
    "First reply time",
    "First resolution time",
    "Full resolution time",
    "Agent wait time",
    "Requester wait time",
    "On hold time",
)
HEADER = (
    "Summation column",
    "Id",
    "Requester",
    "Requester id",
    "Requester external id",
    "Requester email",
    "Requester domain",
    "Submitter",
    "Assignee",
    "Group",
    "Subject",
    "Tags",
    "Status",
    "Priority",
    "Via",
    "Ticket type",
    "Created at",
    "Updated at",
    "Assigned at",
    "Organization",
    "Due date",
    "Initially assigned at",
    "Solved at",
    "Resolution time",
    "Satisfaction Score",
    "Group stations",
    "Assignee stations",
    "Reopens",
    "Replies",
    *(f"{name} in minutes{clock}" for name in _MINUTES for clock in ("", " within business hours")),
    "Konu [list]",
    "Kayıt türü [list]",
    "Ürün [list]",
)
_VIA = ("Phone call (inbound)", "Mail", "Web form", "Chat", "WhatsApp", "Facebook Post", "Web service")
_TYPE = ("Problem", "Question", "Task", "Incident", "Question", "Question")


def write(out: Csv, b: Block, staff: Agents, customer_ids: Texts) -> None:
    """Append the first help desk's tickets: account time zone, reported minutes, satisfaction score."""
    rows = np.flatnonzero(b.desk == ZENDESK)
    c, k, now, ids = b.cases.take(rows), b.course, b.now, b.ticket_id[rows]
    first, replied = k.solved_at[0][rows], np.where(c.waited >= 0, c.created_at + c.waited, -1)
    last = now.last_solved_at[rows]
    pending = np.array([k.pending_from[rows], k.pending_until[rows]]) // 60 * 60
    hold = np.array([k.hold_from[rows], k.hold_until[rows]]) // 60 * 60
    on_hold, asked = hold[0] < last, pending[0] < last
    done = np.ones(len(rows), bool)

    def spans(measure: object) -> tuple[Ints, Ints, Ints]:
        between = measure if callable(measure) else np.subtract
        waits = np.where(asked, between(pending[0], np.where(asked, pending[1], pending[0])), 0)
        holds = np.where(on_hold, between(hold[0], np.where(on_hold, hold[1], hold[0])), 0)
        total = between(c.created_at, first)
        for i, reopened in enumerate(k.reopened_at):
            again = reopened[rows] < NEVER
            start, end = (np.where(again, x, c.created_at) for x in (reopened[rows], k.solved_at[i + 1][rows]))
            total = total + np.where(again, between(start, end), 0)
        return waits, total - waits, holds

    plain, business = spans(lambda a, z: z - a), spans(hours.working_seconds)
    figures = [c.waited, hours.working_seconds(c.created_at, np.where(replied < 0, c.created_at, replied))]
    figures += [first - c.created_at, hours.working_seconds(c.created_at, first)]
    figures += [last - c.created_at, hours.working_seconds(c.created_at, last)]
    figures += [x for pair in zip(plain, business, strict=True) for x in pair]
    answered = [c.waited >= 0] * 2 + [done] * 10
    survey = b.surveys[0]
    sent, score = np.zeros(len(b.desk), bool), np.full(len(b.desk), -1)
    sent[survey.ticket], score[survey.ticket] = True, survey.score
    stars = np.where(score[rows] > 0, score[rows] - 1, np.where(sent[rows], 5, 6))
    taken, final = k.taken_at[rows], np.where(k.transferred[rows], k.assigned_at[rows], k.taken_at[rows])
    names = b.crowd.name[c.customer]
    constants = {"Summation column": "1", "Organization": "", "Due date": ""}
    cells = {
        "Id": whole(ids),
        "Requester": texts(names),
        "Requester id": whole(10_200_300_000_000 + b.crowd.first + c.customer),
        "Requester external id": texts(customer_ids[c.customer]),
        "Requester email": texts(b.crowd.email[c.customer]),
        "Requester domain": pc.replace_substring_regex(texts(b.crowd.email[c.customer]), "^.*@", ""),
        "Submitter": texts(names),
        "Assignee": words(now.agent[rows], staff.name.tolist()),
        "Group": words(now.team[rows], world.TEAMS),
        "Subject": words(labels.subject(c.category, ids), labels.SUBJECTS),
        "Tags": words(np.where(c.channel == 3, 1, 0), ("tr", "sohbet tr")),
        "Status": words(now.status[rows], [s.title() for s in world.STATUSES]),
        "Priority": words(c.priority, [p.title() for p in world.PRIORITIES]),
        "Via": words(c.channel, _VIA),
        "Ticket type": words(c.kind, _TYPE),
        "Created at": files.local(c.created_at),
        "Updated at": files.local(now.updated_at[rows] // 60 * 60),
        "Assigned at": files.local(final // 60 * 60),
        "Initially assigned at": files.local(taken // 60 * 60),
        "Solved at": files.local(last),
        "Resolution time": whole((last - c.created_at + HOUR // 2) // HOUR),
        "Satisfaction Score": words(stars, ("1", "2", "3", "4", "5", "Offered", "Not Offered")),
        "Group stations": whole(1 + k.transferred[rows]),
        "Assignee stations": whole(1 + k.transferred[rows]),
        "Reopens": whole(now.reopens[rows]),
        "Replies": whole(now.replies[rows]),
        "Konu [list]": words(c.category, labels.CATEGORY),
        "Kayıt türü [list]": words(c.kind, labels.KIND_TR),
        "Ürün [list]": words(b.product[rows], world.GROUPS),
    }
    minutes = HEADER[HEADER.index("Replies") + 1 : HEADER.index("Konu [list]")]
    cells |= {h: whole(s // 60, where) for h, s, where in zip(minutes, figures, answered, strict=True)}
    cells |= {h: words(np.zeros(len(rows), np.int64), (v,)) for h, v in constants.items()}
    out.write({h: cells[h] for h in HEADER})
