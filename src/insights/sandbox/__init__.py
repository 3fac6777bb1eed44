"""An analyst's own SELECT, over a file that holds only what the role may see, in a process that is thrown away."""

from insights.sandbox.asked import select
from insights.sandbox.ready import build_role_files
from insights.sandbox.runner import LONGEST_S, MOST_ROWS, Answer, Refused, run

__all__ = ["LONGEST_S", "MOST_ROWS", "Answer", "Refused", "build_role_files", "run", "select"]
