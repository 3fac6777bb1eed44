"""What is kept and what must go: copies to fall back on, and everything held on one person."""

from insights.keeping.backup import back_up
from insights.keeping.erase import Gone, erase, finish, telling
from insights.keeping.restore import Restored, restore

__all__ = ["Gone", "Restored", "back_up", "erase", "finish", "restore", "telling"]
