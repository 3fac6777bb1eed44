"""The reconciliation page: our figures beside the vendors' own, why they differ, and the tickets that do."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from insights import charts, texts, timing
from insights.charts.look import BAD, MUTED, SERIES
from insights.filters import Filters, Scope
from insights.settings import Settings
from insights.timing import Reconciliation
from insights.ui.cards import export, tables
from insights.ui.cards.cards import card, plot
from insights.ui.run import data, here, names, t
from insights.ui.run.safe import literal
from insights.warehouse import Warehouse

Row = Mapping[str, Any]
SHOWN = 500
NAMED = len(SERIES) - 1
"""Reasons drawn in a colour of their own, the most frequent ones; the others are one part."""
COUNTS = ("only_ours", "only_theirs", "not_ours")


def comparison() -> None:
    """Draw whose rules are applied, then what the comparison by them says."""
    run = here()
    rules = _rules()
    with st.spinner(t("reconcile_page.running"), show_time=True):
        found = _compared(
            f"{run.data.path}#{run.data.version}", run.settings.model_dump_json(), rules, run.scope, run.data,
            run.settings,
        )  # fmt: skip
    lines = found.summary()
    if not lines:
        st.info(t("reconcile_page.nothing"), icon=":material/info:")
        return
    source = _source(list(dict.fromkeys(line["source"] for line in lines)))
    here().exports[t("reconcile_page.compared_title")] = [_flat(line) for line in lines]
    mine = [line for line in lines if line["source"] == source]
    _lines(mine, found)
    _bars([line for line in mine if line["compared"]])


@st.cache_resource(max_entries=2, show_spinner=False)
def _compared(
    version: str, key: str, rules: str, scope: Scope, _warehouse: Warehouse, _settings: Settings
) -> Reconciliation:
    only = _warehouse.sql(timing.comparable(Filters(), scope))
    return timing.reconcile(_warehouse.path, _settings, _warehouse.as_of, rules=rules, only=only)


def _rules() -> str:
    """Let the reader look by other rules; the active ones are chosen at first."""
    language, active = here().language, data.rules()

    def named(rules: str) -> str:
        return texts.word("rules", rules, language)

    picked = st.segmented_control(
        t("reconcile_page.rules"), list(timing.RULES), default=active, required=True, format_func=named,
        key="reconcile_rules",
    )  # fmt: skip
    chosen = picked or active
    said = "rules_active" if chosen == active else "rules_other"
    state = t(f"reconcile_page.{said}", rules=named(chosen), active=named(active))
    st.caption(f"{t(f'reconcile.rules.{chosen}')} {state}")
    return chosen


def _figure(line: Row) -> str:
    clock = t(f"ui.clock_{line['clock']}")
    return f"{texts.word('figure', line['figure'], here().language)} · {clock}"


def _reason(word: str) -> str:
    return texts.word("difference", word, here().language)


def _bars(lines: Sequence[Row]) -> None:
    """Draw one bar per compared figure: the equal tickets, then those that differ by reason."""
    title = t("reconcile_page.bars_title")
    with card(title, t("reconcile_page.bars_reading"), key="reconcile_bars"):
        if not lines:
            st.caption(f":material/info: {t('reconcile_page.none_compared')}")
            return
        totals = {r: sum(line["reasons"].get(r, 0) for line in lines) for r in timing.REASONS}
        seen = sorted((r for r in totals if totals[r]), key=lambda r: -totals[r])
        figure = charts.stacked([_figure(line) for line in lines], *_parts(lines, seen), length=40)
        plot(figure, key="reconcile_bars", alt="; ".join(f"{_figure(line)}: {_said(line)}" for line in lines))
        if seen:
            with st.expander(t("reconcile_page.what_reasons"), icon=":material/help:"):
                st.markdown("\n".join(f"- **{_reason(r)}:** {t(f'reconcile.why.{r}')}" for r in seen))


def _source(sources: Sequence[str]) -> str:
    """Let the reader choose among several sources."""
    if len(sources) == 1:
        return sources[0]
    picked = st.segmented_control(
        t("reconcile_page.source"), sources, default=sources[0], required=True, key="reconcile_source",
    )  # fmt: skip
    return picked or sources[0]


def _parts(lines: Sequence[Row], seen: Sequence[str]) -> tuple[dict[str, list[float]], str, list[str]]:
    """Return the parts of the bars, the language, and the parts' colours; what nothing explains comes last."""
    plain = [r for r in seen if r != "unexplained"]
    named, rest = plain[:NAMED], plain[NAMED:]
    found = [(_reason(r), [r], color) for r, color in zip(named, SERIES[1:], strict=False)]
    found += [(t("reconcile_page.other_reasons"), rest, MUTED)] if rest else []
    found += [(_reason("unexplained"), ["unexplained"], BAD)] if "unexplained" in seen else []
    parts = {t("reconcile_page.equal"): [float(line["equal"]) for line in lines]}
    parts |= {name: [float(sum(line["reasons"].get(r, 0) for r in rs)) for line in lines] for name, rs, _ in found}
    return parts, here().language, [SERIES[0], *(color for _, _, color in found)]


def _said(line: Row) -> str:
    return f"{t('reconcile_page.equal')} {_share(line)}, n = {names.count(line['compared'])}"


def _share(line: Row) -> str:
    return texts.percent(line["equal"] / line["compared"] if line["compared"] else None, here().language)


def _lines(lines: Sequence[Row], found: Reconciliation) -> None:
    title = f"{t('reconcile_page.compared_title')} · {lines[0]['source']}"
    with card(literal(title), t("reconcile_page.compared_reading"), key="reconcile_lines"):
        event = st.dataframe(
            pd.DataFrame([_shown(line) for line in lines]), hide_index=True, height="content", column_config=_config(),
            on_select="rerun", selection_mode="single-row", key=f"reconcile_table_{lines[0]['source']}",
            placeholder=texts.DASH, alt=title,
        )  # fmt: skip
        picked = event.get("selection", {}).get("rows", [])
        if picked and picked[0] < len(lines):
            _differing(lines[picked[0]], found)


def _flat(line: Row) -> dict[str, Any]:
    counts = {f"reason_{reason}": line["reasons"].get(reason, 0) for reason in timing.REASONS}
    return {k: v for k, v in line.items() if k != "reasons"} | counts


def _shown(line: Row) -> dict[str, Any]:
    language = here().language
    reasons = sorted(line["reasons"].items(), key=lambda r: -r[1])
    return {
        "figure": _figure(line),
        "equal_share": _share(line),
        "ours": texts.duration(line["ours_p50_s"], language),
        "theirs": texts.duration(line["theirs_p50_s"], language),
        "compared": names.count(line["compared"]),
        "reasons": ", ".join(f"{_reason(r)} {names.count(n)}" for r, n in reasons) or _silent(line),
        **{name: names.count(line[name]) for name in COUNTS},
    }


def _silent(line: Row) -> str:
    """Return why a line has no reasons: nothing differs, or our figure is the reported one."""
    return texts.DASH if line["compared"] or not line["not_ours"] else t("reconcile_page.taken")


def _config() -> dict[str, Any]:
    right = ("equal_share", "ours", "theirs", "compared", *COUNTS)
    wide = {"figure": 265, "reasons": 300}
    return {
        name: st.column_config.TextColumn(
            t(f"reconcile_page.{name}"), width=wide.get(name), alignment="right" if name in right else "left"
        )
        for name in (*wide, *right)
    }


def _differing(line: Row, found: Reconciliation) -> None:
    """Draw the tickets of one line whose figures differ or are known on one side, with both and the reason."""
    which = {name: line[name] for name in ("source", "figure", "clock")}
    total = sum(line[name] for name in ("differing", "only_ours", "only_theirs"))
    title = t("reconcile_page.differing", source=line["source"], figure=texts.word("figure", line["figure"],
              here().language), clock=t(f"ui.clock_{line['clock']}"))  # fmt: skip
    st.subheader(literal(title), anchor=False)
    if not total:
        st.caption(f":material/check_circle: {t('reconcile_page.all_equal')}")
        return
    rows = found.rows(**which, limit=SHOWN)
    reading = t("reconcile_page.differing_reading", shown=names.count(len(rows)), total=names.count(total))
    st.caption(f"{reading} {t('reconcile_page.sign')}")
    kept = ("ticket_id", "reported_s", "ours_s", "difference_s")
    tables.records(
        [{**{name: row[name] for name in kept}, "difference": _reason(row["reason"])} for row in rows],
        alt=title, height=380,
    )  # fmt: skip
    here().exports[title] = rows
    st.download_button(
        t("reconcile_page.download"), lambda: export.csv_bytes(found.rows(**which)),
        "-".join(("reconcile", *which.values())) + ".csv", "text/csv", on_click="ignore", icon=":material/download:",
        key="download_reconcile",
    )  # fmt: skip
