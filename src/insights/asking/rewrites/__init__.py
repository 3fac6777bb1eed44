"""What stands between a question and the engine: every statement is asked over what its reader may see."""

from insights.asking.rewrites.seen import rewritten
from insights.asking.rewrites.visible import Statement

__all__ = ["Statement", "rewritten"]
