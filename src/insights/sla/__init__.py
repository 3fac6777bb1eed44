"""What the pages about promises read beyond single metrics: queue, one ticket's story, why late, what if."""

from insights.sla.outcomes import breaches, curve, outcomes, status_time
from insights.sla.queue import Queue, queue
from insights.sla.ticket import Story, story
from insights.sla.whatif import Verdict, what_if
from insights.sla.why import CAUSES, why_late

__all__ = [
    "CAUSES", "Queue", "Story", "Verdict", "breaches", "curve", "outcomes", "queue", "status_time", "story", "what_if",
    "why_late",
]  # fmt: skip
