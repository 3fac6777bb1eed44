"""Who is there: accounts of our own, sessions that end, and the trail of what was looked at."""

from insights.access.accounts import Account, Accounts, SignInRefused
from insights.access.sessions import LASTS, Sessions
from insights.access.trail import Broken, Trail

__all__ = ["LASTS", "Account", "Accounts", "Broken", "Sessions", "SignInRefused", "Trail"]
