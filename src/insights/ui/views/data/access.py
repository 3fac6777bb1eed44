"""Who sees what, and who looked at what: the roles as settings make them, and the trail."""

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from insights.access import Trail
from insights.settings import Role
from insights.ui.cards.card import Body, Card, Column, Table
from insights.ui.run import Reader, Run, local, t
from insights.ui.run.places import PAGES, there_for

ROLE = ("role", "rows", "masked", "may", "pages")
SHOWN = 500
"""Entries of the trail a page shows, newest first; the command line shows all."""


def roles(run: Run) -> Card:
    """Return the card of what each role sees and may do."""
    return Card("roles", None, t(run, "access_page.roles"), lambda _: _matrix(run), t(run, "access_page.roles_reading"))


def trail(run: Run) -> Card:
    """Return the card of the newest entries of the trail."""
    entries = Trail(run.settings.warehouse).newest(SHOWN)
    return Card("trail", None, t(run, "access_page.trail"), lambda _: _entries(run, entries), _whole(run))


def _matrix(run: Run) -> Body:
    columns = {key: Column(t(run, f"access_page.{key}")) for key in ROLE}
    rows = [{"role": name, **told(run, role)} for name, role in run.settings.roles.items()]
    return Body(table=Table(columns, rows, wraps=True), alt=t(run, "access_page.roles"), rows=rows)


def told(to: Reader, role: Role) -> dict[str, str]:
    """Return what a role sees and may, in a reader's words."""
    there = [place.name for place in PAGES if there_for(role, place)]
    pages = t(to, "access_page.all") if len(there) == len(PAGES) else _listed(t(to, f"pages.{p}.title") for p in there)
    rows = "; ".join(f"{t(to, f'dimensions.{name}')}: {_values(to, values)}" for name, values in role.rows.items())
    masked = _listed(t(to, f"access_page.kind_{kind}") for kind in sorted(role.masked))
    least = t(to, "access_page.least", least=role.small_groups) if role.masked and role.small_groups > 1 else ""
    return {
        "pages": pages,
        "rows": rows or t(to, "access_page.all"),
        "masked": "; ".join(filter(None, (masked, least))) or t(to, "access_page.nothing"),
        "may": _listed(t(to, f"access_page.right_{right}") for right in sorted(role.may)) or t(to, "access_page.look"),
    }


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def _values(to: Reader, values: Sequence[str]) -> str:
    return _listed(t(to, "access_page.own") if value == "@own" else value for value in values)


def _whole(run: Run) -> str:
    """Return whether the trail is whole."""
    held, broken = Trail(run.settings.warehouse).verify()
    if broken:
        return t(run, f"audit.{broken.reason}", line=broken.line)
    return t(run, "audit.whole", count=held)


def _entries(run: Run, entries: Sequence[Mapping[str, Any]]) -> Body:
    if not entries:
        return Body(notes=[f":material/visibility_off: {t(run, 'access_page.no_trail')}"])
    columns = {"at": Column(t(run, "access_page.at"), "moment")}
    columns |= {key: Column(t(run, f"access_page.{key}")) for key in ("who", "what", "page", "more")}
    rows = [_entry(run, entry) for entry in entries]
    return Body(table=Table(columns, rows, height=480), alt=t(run, "access_page.trail"), rows=rows)


def _entry(run: Run, entry: Mapping[str, Any]) -> dict[str, Any]:
    at = local(run, dt.datetime.fromisoformat(entry["at"]).astimezone(dt.UTC).replace(tzinfo=None))
    known = {"at", "who", "what", "page"}
    more = ", ".join(f"{key}: {_told(value)}" for key, value in entry.items() if key not in known and value)
    page = entry.get("page")
    return {
        "at": at.replace(tzinfo=None),
        "who": entry["who"],
        "what": t(run, f"audit.what_{entry['what']}"),
        "page": t(run, f"pages.{page}.title") if page in {p.name for p in PAGES} else page,
        "more": more,
    }


def _told(value: object) -> str:
    if isinstance(value, list):
        return f"{len(value)}" if len(value) > 5 else _listed(map(str, value))
    if isinstance(value, Mapping):
        return "; ".join(f"{key}={_told(inner)}" for key, inner in itertools.islice(value.items(), 5))
    return str(value)
