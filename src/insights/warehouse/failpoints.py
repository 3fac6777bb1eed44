"""Die at the stage of a load that INSIGHTS_FAILPOINT names: set by tests alone, to prove that a crash loses nothing."""

import os
import signal

STAGES = ("locked", "copied", "staged", "upserted", "derived", "checked", "closed", "renamed", "published", "pruned")
"""The stages of a load in order; after `published` readers see the new version."""


def failpoint(stage: str) -> None:
    """Kill this process as `kill -9` would when INSIGHTS_FAILPOINT names this stage."""
    if os.environ.get("INSIGHTS_FAILPOINT") == stage:
        os.kill(os.getpid(), signal.SIGKILL)
