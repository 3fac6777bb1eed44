"""What stands between the network and the pages: the guard, uploads on disk, what the server is asked to be."""

from insights.serving.guard import Guard, Limits
from insights.serving.prepare import prepared

__all__ = ["Guard", "Limits", "prepared"]
