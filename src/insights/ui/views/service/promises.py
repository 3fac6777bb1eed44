"""How promises end: per policy against what was promised, when they break, why, and what another target would keep."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from insights import charts, texts
from insights.asking import Desk
from insights.charts.outcomes import Ended
from insights.studies import StudyResult
from insights.studies.promises.late import CAUSES
from insights.ui.cards.card import Body, Card, nothing, too_few
from insights.ui.kinds.spread import averaged, said_hour
from insights.ui.run import Reader, data, names, t
from insights.ui.run.steps import Group

Row = Mapping[str, Any]
THIN = 5
STATES = ("new", "open", "pending", "hold")
ENDS = ("met", "broken", "running")
_STEPS = (
    300,
    600,
    900,
    1800,
    3600,
    5400,
    7200,
    10800,
    14400,
    21600,
    28800,
    43200,
    64800,
    86400,
    129600,
    172800,
    259200,
    345600,
    432000,
    604800,
    864000,
    1209600,
)


def named(to: Reader, policy: str, promise: str) -> str:
    """Return what a promise is called: its policy and what it promises."""
    return f"{names.called(to, 'policy', policy)} · {said(to, promise)}"


def said(to: Reader, promise: str) -> str:
    """Return what is promised, in words."""
    return texts.word("sla_metric", promise, to.language)


def promised(to: Reader, policy: str, promise: str) -> float | None:
    """Return the share of cases a policy promises to keep, from the settings."""
    return next((p.share for p in to.settings.sla if p.name == policy and p.metric == promise), None)


def outcomes(desk: Desk) -> Card:
    """Return the card of met, broken and running clocks per promise, with the promised share."""
    title = t(desk, "sla_page.outcomes")
    parts = (t(desk, "sla_page.met"), t(desk, "sla_page.broken"), t(desk, "sla_page.running"))

    def make(_: str) -> Body:
        found = data.study(desk, "sla_outcomes").rows
        if not found:
            return nothing(desk)
        rows = [_ended(desk, row) for row in found]
        alt = "; ".join(
            f"{r.name}: " + ", ".join(f"{p} {names.count(desk, c)}" for p, c in zip(parts, r.counts, strict=True))
            for r in rows
        )
        figure = charts.ended(rows, parts, t(desk, "sla_page.promised"), desk.language)
        ends: list[Group] = [*((("outcome", end),) for end in ENDS), ()]  # the last is the line of what was promised
        groups = [(("policy", r["policy"]), ("promise", r["promise"]), *end) for end in ends for r in found]
        drawn = Body(figure, alt=f"{title}: {alt}", rows=found, tall=True, layered=True, groups=groups)
        return replace(drawn, entries=ends)

    reading = t(desk, "sla_page.outcomes_reading")
    return Card("outcomes", desk, title, make, reading, study=("sla_outcomes", ()))


def _ended(desk: Desk, row: Row) -> Ended:
    policy, promise = row["policy"], row["promise"]
    met, broken, running = (int(row[end]) for end in ENDS)
    return Ended(named(desk, policy, promise), promised(desk, policy, promise), (met, broken, running))


def breach_hours(desk: Desk) -> Card:
    """Return the card of the hours of the week at which promises break, per hour of an average week."""
    title = t(desk, "sla_page.breaches")

    def make(_: str) -> Body:
        found = [row for row in data.study(desk, "sla_breaches").rows if row["n"] is not None]  # few are not shown
        if not found:
            return nothing(desk)
        cells = averaged(desk, {(int(r["weekday"]), int(r["hour"])): float(r["n"]) for r in found})
        at, top = max(cells.items(), key=lambda cell: cell[1])
        value = texts.decimal_text(top, desk.language, 1)
        alt = t(desk, "ui.week_alt", metric=title, when=said_hour(desk, at), value=value)
        groups = [(("weekday", day), ("hour", hour)) for day, hour in sorted(cells)]
        return Body(charts.week_heatmap(cells, "count", desk.language), alt=alt, rows=found, groups=groups)

    return Card("breaches", desk, title, make, t(desk, "sla_page.breaches_reading"), study=("sla_breaches", ()))


def why_late(desk: Desk) -> Card:
    """Return the card of where the time past the promise went, for late first responses (or solutions)."""
    title = t(desk, "sla_page.why")

    def make(promise: str) -> Body:
        return _late(desk, data.study(desk, "sla_why_late", promise=promise), title)

    choice = {promise: said(desk, promise) for promise in ("first_response", "resolution")}
    return Card("why", desk, title, make, t(desk, "sla_page.why_reading"), about="sla_over_p50", choice=choice)


def _late(desk: Desk, found: StudyResult, title: str) -> Body:
    if not found.facts.get("n"):
        return nothing(desk)
    ranked = sorted(found.rows, key=lambda row: -row["seconds"])
    heads = [t(desk, f"sla_page.cause_{row['cause']}") for row in ranked]
    spent = [texts.duration(row["seconds"], desk.language) for row in ranked]
    alt = f"{title}: " + "; ".join(f"{head}: {time}" for head, time in zip(heads, spent, strict=True))
    n, seconds = found.facts["n"], found.facts["seconds"]
    said = t(desk, "sla_page.why_sum", n=names.count(desk, n), each=texts.duration(seconds / n, desk.language))
    meanings = [f"- **{t(desk, f'sla_page.cause_{c}')}:** {t(desk, f'sla_page.cause_{c}_is')}" for c in CAUSES]
    return Body(
        charts.causes(heads, [row["seconds"] for row in ranked], desk.language),
        alt=alt,
        rows=found.rows,
        groups=[(("cause", row["cause"]),) for row in ranked],
        notes=[said],
        tall=True,
        asides=[(t(desk, "sla_page.why_definitions"), "\n".join(meanings))],
    )


def target_curve(desk: Desk) -> Card:
    """Return the card of the share of clocks each target would have kept, per policy, today's promise marked."""
    title, promises = t(desk, "sla_page.curve"), desk.settings.sla
    offered = list(dict.fromkeys(p.metric for p in promises)) or ["first_response"]

    def make(promise: str) -> Body:
        targets = {p.target_s for p in promises if p.metric == promise}
        edges = tuple(sorted({*_STEPS, *targets}))
        return _kept_by_target(desk, data.study(desk, "sla_targets", promise=promise, edges=edges).rows, title)

    choice = {str(promise): said(desk, promise) for promise in offered}
    reading = t(desk, "sla_page.curve_reading")
    return Card("curve", desk, title, make, reading, about="sla_created", choice=choice)


def _kept_by_target(desk: Desk, found: Sequence[Row], title: str) -> Body:
    shown = [r for r in found if r["value"] is not None and r["n"] >= THIN]
    if not shown:
        return too_few(desk, THIN) if any(r["n"] for r in found) else nothing(desk)
    lines: dict[str, list[charts.Share]] = {}
    for r in shown:
        point = charts.Share(r["edge"], r["value"], _point_said(desk, r), r.get("low"), r.get("high"))
        lines.setdefault(names.called(desk, "policy", r["policy"]), []).append(point)
    marks = {
        names.called(desk, "policy", r["policy"]): (r["edge"], r["value"]) for r in shown if r["edge"] == r["target_s"]
    }
    told = "; ".join(
        f"{name}: {texts.duration(at, desk.language)} {names.percent(desk, v)}" for name, (at, v) in marks.items()
    )
    figure = charts.share_curves(lines, desk.language, marks=marks)
    policies = {names.called(desk, "policy", r["policy"]): r["policy"] for r in shown}
    parts = [(("policy", policies[name]),) for name in lines for _ in range(1 + (name in marks))]
    return Body(figure, alt=f"{title}: {told}", rows=found, lines=parts)


def _point_said(desk: Desk, row: Row) -> str:
    share, n = names.percent(desk, row["value"]), names.count(desk, row["n"])
    return f"{texts.duration(row['edge'], desk.language)}: <b>{share}</b> · n = {n}"


def status_time(desk: Desk, dimension: str) -> Card:
    """Return the card of how the unsolved time of the period's tickets spreads over states, by a dimension."""
    title = t(desk, "sla_page.status_time")

    def make(_: str) -> Body:
        answered = data.study(desk, "status_time", by=dimension)
        found, untold = answered.rows, answered.facts.get("untold")
        hours = {(r[dimension], r["status"]): float(r["seconds"] or 0) / 3600 for r in found}
        groups = [g for g in _ordered(dimension, found) if any(hours.get((g, s)) for s in STATES)]
        if not groups:
            return nothing(desk, t(desk, "sla_page.no_states") if untold else "")
        used = [s for s in STATES if any(hours.get((g, s)) for g in groups)]
        parts = {texts.word("status", s, desk.language): [hours.get((g, s), 0.0) for g in groups] for s in used}
        heads = [names.member(desk, dimension, g) for g in groups]
        alt = f"{title}: " + "; ".join(f"{head}: {_said_parts(desk, parts, i)}" for i, head in enumerate(heads))
        ends: list[Group] = [(("longest", s),) for s in used]
        marks = [((dimension, g), *end) for end in ends for g in groups]
        notes = [t(desk, "sla_page.untold_states", n=names.count(desk, untold))] if untold else []
        figure = charts.stacked(heads, parts, desk.language)
        drawn = Body(figure, alt=alt, rows=found, tall=True, layered=True, groups=marks)
        return replace(drawn, entries=ends, notes=notes)

    reading, study = t(desk, "sla_page.status_time_reading"), ("status_time", (("by", dimension),))
    return Card("status_time", desk, title, make, reading, study=study)


def _said_parts(desk: Desk, parts: Mapping[str, Sequence[float]], place: int) -> str:
    return ", ".join(f"{part} {texts.decimal_text(v[place], desk.language)}" for part, v in parts.items())


def _ordered(dimension: str, found: Sequence[Row]) -> list[str | None]:
    values = {r[dimension] for r in found}
    known = names.order(dimension, sorted((v for v in values if v is not None), key=str))
    return [*known, *([None] if None in values else [])]
