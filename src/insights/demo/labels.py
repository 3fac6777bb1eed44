"""What several exports say alike: words of a ticket, and small facts that follow from its number."""

import numpy as np

from insights.demo import world
from insights.demo.block import Block
from insights.demo.world import Flags, Ints

CATEGORY = tuple(c.name for c in world.CATEGORIES)
SUBJECTS = tuple(s for c in world.CATEGORIES for s in c.subjects)
CAUSES = tuple(s for c in world.CATEGORIES for s in c.causes)
KIND_TR = ("Şikâyet", "Soru", "Talep", "Arıza", "Teşekkür", "Diğer")
_SUBJECT_START = np.cumsum([0, *(len(c.subjects) for c in world.CATEGORIES)])
_CAUSE_START = np.cumsum([0, *(len(c.causes) for c in world.CATEGORIES)])


def pick(rows: Ints, starts: Ints, salt: Ints) -> Ints:
    """Return one entry of each row's own list, -1 where it is empty."""
    size = starts[rows + 1] - starts[rows]
    return np.where(size > 0, starts[rows] + salt % np.maximum(size, 1), -1)


def salt(ids: Ints) -> Ints:
    """Return a number that looks random but follows from the id."""
    return ids * 2_654_435_761 % 2_147_483_647 // 64


def subject(category: Ints, ids: Ints) -> Ints:
    """Return what each ticket's customer wrote, as a place in SUBJECTS."""
    return pick(category, _SUBJECT_START, salt(ids))


def cause(category: Ints, ids: Ints) -> Ints:
    """Return the cause found, as a place in CAUSES; -1 where a category has none."""
    return pick(category, _CAUSE_START, salt(ids) // 5)


def at_fault(b: Block) -> Flags:
    """Tell where the company was at fault."""
    fault: Flags = salt(b.ticket_id) // 7 % 100 < 62
    return fault


def compensation(b: Block) -> Ints:
    """Return what was made good, in cents: a third of the justified complaints once solved."""
    owed = (b.cases.kind == 0) & (b.now.last_solved_at > 0) & at_fault(b) & (salt(b.ticket_id) // 11 % 100 < 30)
    return np.where(owed, (2 + salt(b.ticket_id) // 13 % 28) * 2_500 + 50, 0)
