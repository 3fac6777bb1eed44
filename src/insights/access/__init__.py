"""Who is there and what they see: accounts, sessions, roles, and the trail of what was looked at."""

from insights.access.accounts import Account, Accounts, SignInRefused
from insights.access.asking import COOKIE, SERVICE_COOKIE, Request, holds, sign_out, who
from insights.access.policy import ANYBODY, Visitor, may, role_of, scope_of, shows
from insights.access.reader import scope_at
from insights.access.revealing import can_reveal, revealed
from insights.access.sessions import LASTS, Sessions
from insights.access.store import salt
from insights.access.trail import Broken, Trail

__all__ = [
    "ANYBODY", "COOKIE", "LASTS", "SERVICE_COOKIE", "Account", "Accounts", "Broken", "Request", "Sessions",
    "SignInRefused", "Trail", "Visitor", "can_reveal", "holds", "may", "revealed", "role_of", "salt", "scope_at",
    "scope_of", "shows", "sign_out", "who",
]  # fmt: skip
