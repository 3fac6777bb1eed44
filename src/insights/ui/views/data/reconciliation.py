"""The reconciliation page: our figures beside the vendors' own, why they differ, and the tickets that do."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from insights import charts, texts, timing
from insights.asking import Desk
from insights.charts.look import BAD, MUTED, SERIES
from insights.filters import Filters
from insights.timing import Reconciliation
from insights.ui.cards import tables
from insights.ui.cards.card import Body, Card, Column, File, Table, nothing
from insights.ui.cards.draw import show
from insights.ui.run import Reader, data, names, t
from insights.ui.run.memo import kept
from insights.ui.run.safe import literal

Row = Mapping[str, Any]
SHOWN = 500
NAMED = len(SERIES) - 1
"""Reasons drawn in a colour of their own, the most frequent ones; the others are one part."""
COUNTS = ("only_ours", "only_theirs", "not_ours")
WIDE = {"figure": 265, "reasons": 300}
RIGHT = ("equal_share", "ours", "theirs", "compared", *COUNTS)


def comparison(desk: Desk) -> None:
    """Draw whose rules are applied, then what the comparison by them says."""
    rules = _rules(desk)
    with st.spinner(t(desk, "reconcile_page.running"), show_time=True):
        found = _compared(desk.with_filters(Filters()), rules)
    lines = found.summary()
    if not lines:
        st.info(t(desk, "reconcile_page.nothing"), icon=":material/info:")
        return
    source = _source(desk, list(dict.fromkeys(line["source"] for line in lines)))
    mine = [line for line in lines if line["source"] == source]
    show(compared(desk, mine, found), bars(desk, [line for line in mine if line["compared"]]))


@kept
def _compared(desk: Desk, rules: str) -> Reconciliation:
    only = desk.file_statement(timing.comparable(desk.filters))
    return timing.reconcile(desk.warehouse.file, desk.settings, desk.warehouse.as_of, rules=rules, only=only)


def _rules(desk: Desk) -> str:
    """Let the reader look by other rules; the active ones are chosen at first."""
    said, active = {rules: t(desk, f"words.rules.{rules}") for rules in timing.RULES}, data.rules(desk)
    picked = st.segmented_control(
        t(desk, "reconcile_page.rules"),
        list(said),
        default=active,
        required=True,
        format_func=said.__getitem__,
        key="reconcile_rules",
    )
    chosen = picked or active
    state = t(
        desk,
        f"reconcile_page.rules_{'active' if chosen == active else 'other'}",
        rules=said[chosen],
        active=said[active],
    )
    st.caption(f"{t(desk, f'reconcile.rules.{chosen}')} {state}")
    return chosen


def _source(desk: Desk, sources: Sequence[str]) -> str:
    """Let the reader choose among several sources."""
    if len(sources) == 1:
        return sources[0]
    label = t(desk, "reconcile_page.source")
    picked = st.segmented_control(label, sources, default=sources[0], required=True, key="reconcile_source")
    return picked or sources[0]


def _figure(to: Reader, line: Row) -> str:
    clock = t(to, f"ui.clock_{line['clock']}")
    return f"{texts.word('figure', line['figure'], to.language)} · {clock}"


def _reason(to: Reader, word: str) -> str:
    return texts.word("difference", word, to.language)


def bars(desk: Desk, lines: Sequence[Row]) -> Card:
    """Return the card of one bar per compared figure: the equal tickets, then those that differ by reason."""

    def make(_: str) -> Body:
        if not lines:
            return nothing(desk, t(desk, "reconcile_page.none_compared"), "info")
        totals = {r: sum(line["reasons"].get(r, 0) for line in lines) for r in timing.REASONS}
        seen = sorted((r for r in totals if totals[r]), key=lambda r: -totals[r])
        parts, colors = _parts(desk, lines, seen)
        figure = charts.stacked([_figure(desk, line) for line in lines], parts, desk.language, colors, length=40)
        alt = "; ".join(f"{_figure(desk, line)}: {_said(desk, line)}" for line in lines)
        meanings = "\n".join(f"- **{_reason(desk, r)}:** {t(desk, f'reconcile.why.{r}')}" for r in seen)
        return Body(figure, alt=alt, asides=[(t(desk, "reconcile_page.what_reasons"), meanings)] if seen else [])

    title, reading = t(desk, "reconcile_page.bars_title"), t(desk, "reconcile_page.bars_reading")
    return Card("reconcile_bars", desk, title, make, reading)


def _parts(to: Reader, lines: Sequence[Row], seen: Sequence[str]) -> tuple[dict[str, list[float]], list[str]]:
    """Return the parts of the bars and their colours; what nothing explains comes last."""
    plain = [r for r in seen if r != "unexplained"]
    named, rest = plain[:NAMED], plain[NAMED:]
    found = [(_reason(to, r), [r], color) for r, color in zip(named, SERIES[1:], strict=False)]
    found += [(t(to, "reconcile_page.other_reasons"), rest, MUTED)] if rest else []
    found += [(_reason(to, "unexplained"), ["unexplained"], BAD)] if "unexplained" in seen else []
    parts = {t(to, "reconcile_page.equal"): [float(line["equal"]) for line in lines]}
    parts |= {name: [float(sum(line["reasons"].get(r, 0) for r in rs)) for line in lines] for name, rs, _ in found}
    return parts, [SERIES[0], *(color for _, _, color in found)]


def _said(to: Reader, line: Row) -> str:
    return f"{t(to, 'reconcile_page.equal')} {_share(to, line)}, n = {names.count(to, line['compared'])}"


def _share(to: Reader, line: Row) -> str:
    return names.percent(to, line["equal"] / line["compared"] if line["compared"] else None)


def compared(desk: Desk, lines: Sequence[Row], found: Reconciliation) -> Card:
    """Return the card of a source's figures, ours beside theirs; a chosen one opens the tickets that differ."""
    title = f"{t(desk, 'reconcile_page.compared_title')} · {lines[0]['source']}"
    columns = {
        name: Column(t(desk, f"reconcile_page.{name}"), width=WIDE.get(name), right=name in RIGHT)
        for name in (*WIDE, *RIGHT)
    }

    def make(_: str) -> Body:
        shown = Table(columns, [_shown(desk, line) for line in lines])
        rows = [_flat(line) for line in lines]
        return Body(table=shown, alt=title, rows=rows, opens=lambda place: _differing(desk, lines[place], found))

    reading = t(desk, "reconcile_page.compared_reading")
    return Card(f"reconcile_lines_{lines[0]['source']}", desk, literal(title), make, reading, filed=title)


def _flat(line: Row) -> dict[str, Any]:
    counts = {f"reason_{reason}": line["reasons"].get(reason, 0) for reason in timing.REASONS}
    return {k: v for k, v in line.items() if k != "reasons"} | counts


def _shown(to: Reader, line: Row) -> dict[str, Any]:
    reasons = sorted(line["reasons"].items(), key=lambda r: -r[1])
    return {
        "figure": _figure(to, line),
        "equal_share": _share(to, line),
        "ours": texts.duration(line["ours_p50_s"], to.language),
        "theirs": texts.duration(line["theirs_p50_s"], to.language),
        "compared": names.count(to, line["compared"]),
        "reasons": ", ".join(f"{_reason(to, r)} {names.count(to, n)}" for r, n in reasons) or _silent(to, line),
        **{name: names.count(to, line[name]) for name in COUNTS},
    }


def _silent(to: Reader, line: Row) -> str:
    """Return why a line has no reasons: nothing differs, or our figure is the reported one."""
    return texts.DASH if line["compared"] or not line["not_ours"] else t(to, "reconcile_page.taken")


def _differing(desk: Desk, line: Row, found: Reconciliation) -> tuple[str, Body]:
    """Return the tickets of one line whose figures differ or are known on one side, with both and the reason."""
    which = {name: line[name] for name in ("source", "figure", "clock")}
    total = sum(line[name] for name in ("differing", "only_ours", "only_theirs"))
    said = {
        "figure": texts.word("figure", line["figure"], desk.language),
        "clock": t(desk, f"ui.clock_{line['clock']}"),
    }
    title = t(desk, "reconcile_page.differing", source=line["source"], **said)
    if not total:
        return title, Body(notes=[f":material/check_circle: {t(desk, 'reconcile_page.all_equal')}"])
    rows = found.rows(**which, limit=SHOWN)
    counts = {"shown": names.count(desk, len(rows)), "total": names.count(desk, total)}
    reading = f"{t(desk, 'reconcile_page.differing_reading', **counts)} {t(desk, 'reconcile_page.sign')}"
    shown = tables.records(desk, [_both(desk, row) for row in rows], 380)
    every = File(
        "-".join(("reconcile", *which.values())),
        title,
        lambda: tables.readable(desk, found.rows(**which)),
        total,
        (title, t(desk, "reconcile_page.sign")),
        t(desk, "reconcile_page.download"),
        whole=True,
    )
    return title, Body(table=shown, reading=reading, rows=rows, files=[every])


def _both(to: Reader, row: Row) -> Row:
    kept_ = {name: row[name] for name in ("ticket_id", "reported_s", "ours_s", "difference_s")}
    return {**kept_, "difference": _reason(to, row["reason"])}
