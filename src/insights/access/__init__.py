"""Who is there and what they see: accounts, sessions, roles, and the trail of what was looked at.

Every command asks who it answers; what tells that does not wait for the import of passwords and questions.
"""

from typing import TYPE_CHECKING

from insights.lazily import offered

if TYPE_CHECKING:
    from insights.access.accounts import Account, Accounts, SignInRefused
    from insights.access.asking import COOKIE, SERVICE_COOKIE, Request, arrives, holds, sign_out, who
    from insights.access.policy import ANYBODY, Visitor, may, role_of, scope_of, shows
    from insights.access.reader import scope_at
    from insights.access.revealing import can_reveal, revealed
    from insights.access.saved import QUERIES, VIEWS, Saved
    from insights.access.sessions import LASTS, Sessions
    from insights.access.store import salt
    from insights.access.trail import Broken, Trail
else:
    __getattr__ = offered(
        __name__,
        {
            "accounts": ("Account", "Accounts", "SignInRefused"),
            "asking": ("COOKIE", "SERVICE_COOKIE", "Request", "arrives", "holds", "sign_out", "who"),
            "policy": ("ANYBODY", "Visitor", "may", "role_of", "scope_of", "shows"),
            "reader": ("scope_at",),
            "revealing": ("can_reveal", "revealed"),
            "saved": ("QUERIES", "VIEWS", "Saved"),
            "sessions": ("LASTS", "Sessions"),
            "store": ("salt",),
            "trail": ("Broken", "Trail"),
        },
    )


__all__ = [
    "ANYBODY",
    "COOKIE",
    "LASTS",
    "QUERIES",
    "SERVICE_COOKIE",
    "VIEWS",
    "Account",
    "Accounts",
    "Broken",
    "Request",
    "Saved",
    "Sessions",
    "SignInRefused",
    "Trail",
    "Visitor",
    "arrives",
    "can_reveal",
    "holds",
    "may",
    "revealed",
    "role_of",
    "salt",
    "scope_at",
    "scope_of",
    "shows",
    "sign_out",
    "who",
]
