"""What customers say: bad ratings nobody answered, what goes with them, words of comments, and who answers at all."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from insights import texts
from insights.asking import Desk
from insights.charts import Bar
from insights.studies import StudyResult
from insights.studies.voice.ratings import LIVED
from insights.ui.cards import studied, tables
from insights.ui.cards.card import Body, Card, Column, Sentence, Table, nothing
from insights.ui.kinds.findings import answer, asked, differing, found_by, missing, shown
from insights.ui.run import names, t
from insights.ui.run.safe import literal
from insights.ui.run.steps import Group

Row = Mapping[str, Any]
DRAWN = 10
HEIGHT, FEW = 320, 8
HIDDEN = ("source", "survey_id")


def unanswered(desk: Desk) -> Card:
    """Return the card of the bad ratings nobody answered; a picked row opens its ticket's story."""
    study = asked("unanswered_bad")

    def make(_: str) -> Body:
        found = answer(desk, study)
        if not found.sentence:
            return missing(desk, study)
        columns = [c for c in found.shapes[0].columns if c.name not in HIDDEN]
        kept = shown(desk, columns, found.rows) if found.rows else None
        table = Table(kept.columns, kept.rows, kept.height, leads=found.rows) if kept else None
        said = "" if table else studied.said(desk, study)  # of those listed the top of the page speaks
        return Body(text=said, table=table, alt=_title(desk, study[0]), rows=found.rows)

    reading = t(desk, "voice.unanswered_reading", hours=texts.decimal_text(_hours(desk), desk.language))
    return Card("unanswered_bad", desk, _title(desk, study[0]), make, reading, study=study)


def owed(desk: Desk) -> bool:
    """Tell whether bad ratings are known to wait for an answer; where none is, the top of the page says so alone."""
    return bool(answer(desk, asked("unanswered_bad")).rows)


def _hours(desk: Desk) -> float:
    return desk.settings.voice.answer_within_hours


def _title(desk: Desk, study: str) -> str:
    return t(desk, f"studies.{study}.name")


def urgent(desk: Desk) -> Card:
    """Return the card of what is seen first: how many bad ratings nobody answered, and what takes most from CSAT."""

    def make(_: str) -> Body:
        said, worst = studied.said(desk, asked("unanswered_bad")), _worst(desk)
        return Body(text=said, sentences=worst) if said or worst else nothing(desk)

    return Card("urgent_voice", desk, t(desk, "voice.urgent"), make)


def _worst(desk: Desk) -> list[Sentence]:
    """Return the sentence of the trait that takes most from CSAT beyond chance; none where none does."""
    worst = next((r for r in answer(desk, asked("drivers")).rows if r["stands"] and r["value"] < 0), None)
    if worst is None:
        return []
    size, low, high = (literal(names.said_change(desk, worst[name], "csat")) for name in ("value", "low", "high"))
    told = {"size": size, "low": low, "high": high, "n": names.count(desk, worst["n"])}
    return [Sentence(t(desk, "voice.worst", trait=literal(_trait(desk, worst)), **told), "csat", _group(worst))]


def drivers(desk: Desk) -> Card:
    """Return the card of what goes with good and bad ratings; a clicked trait filters the page to it."""
    study = asked("drivers")

    @found_by(desk, study)
    def make(found: StudyResult) -> Body:
        return _compared(desk, found, ("share", "share_others", "explains"))

    return Card("drivers", desk, _title(desk, study[0]), make, t(desk, "voice.drivers_reading"), study=study)


def raters(desk: Desk) -> Card:
    """Return the card of how raters differ from the silent, and of the number weighted to all who were asked."""
    study = asked("raters")

    @found_by(desk, study)
    def make(found: StudyResult) -> Body:
        return _compared(desk, found, ("share_raters", "share_silent", "answered_share"))

    return Card("raters", desk, _title(desk, study[0]), make, t(desk, "voice.raters_reading"), study=study)


def _compared(desk: Desk, found: StudyResult, shares: Sequence[str]) -> Body:
    """Return differences of shares: those that stand as points, all of them as a table."""
    standing = [r for r in found.rows if r["stands"] and r["value"] is not None][:DRAWN]
    bars = [Bar(_member(desk, r), r["value"], r["n"], r["low"], r["high"]) for r in standing]
    said = names.finding(desk, f"studies.{found.study}.{found.sentence}", found.facts)
    return differing(
        desk,
        _title(desk, found.study),
        bars,
        Body(
            table=_table(desk, found.rows, shares),
            text=said,
            rows=found.rows,
            groups=[_group(r) for r in standing],
        ),
    )


def _member(desk: Desk, row: Row) -> str:
    about = row["about"]
    return t(desk, f"words.trait.{about}") if about in LIVED else names.member(desk, about, row["member"])


def _trait(desk: Desk, row: Row) -> str:
    """Return a trait as readers say it: what was gone through, or a dimension's value with the dimension."""
    said = _member(desk, row)
    return said if row["about"] in LIVED else f"{names.dimension(desk, row['about'])}: {said}"


def _group(row: Row) -> Group:
    return () if row["about"] in LIVED else ((row["about"], row["member"]),)


def _table(desk: Desk, rows: Sequence[Row], shares: Sequence[str]) -> Table:
    amounts = {"n": tables.measured(desk, "n", "count", [r["n"] for r in rows])}
    for name in shares:
        measure = tables.changed if name == "explains" else tables.measured
        amounts[name] = measure(desk, t(desk, f"voice.{name}"), "share", [r[name] for r in rows])
    for name in ("value", "low", "high"):
        amounts[name] = tables.changed(desk, t(desk, f"voice.{name}"), "share", [r[name] for r in rows])
    columns = {"trait": Column(t(desk, "voice.trait"))}
    columns |= {name: amounts[name][0] for name in ("value", "n", *shares)}
    columns |= {"stands": Column(t(desk, "columns.real")), "low": amounts["low"][0], "high": amounts["high"][0]}
    cells = [
        {"trait": _trait(desk, r), "stands": t(desk, "ui.yes" if r["stands"] else "ui.no")}
        | {name: of[i] for name, (_, of) in amounts.items()}
        for i, r in enumerate(rows)
    ]
    return Table(columns, cells, _height(rows))


def _height(rows: Sequence[Row]) -> int | Literal["content"]:
    return "content" if len(rows) <= FEW else HEIGHT


def commented(desk: Desk) -> bool:
    """Tell whether customers wrote anything with their ratings."""
    return bool(answer(desk, asked("comment_words")).facts.get("n"))


def words(desk: Desk) -> Card:
    """Return the card of words and themes of comments; a picked one opens the comments it stands in."""
    study = asked("comment_words")
    choice = {name: t(desk, f"voice.{name}") for name in ("themes", "words")}

    def make(picked: str) -> Body:
        found = answer(desk, study)
        rows = found.tables[picked]
        if not rows:
            return missing(desk, study)
        return Body(
            text=studied.said(desk, study),
            table=_words(desk, rows),
            rows=rows,
            alt=f"{_title(desk, study[0])}: {_leaning(desk, rows)}",
            opens=lambda place: _behind(desk, rows[place]),
        )

    return Card(
        "comment_words", desk, _title(desk, study[0]), make, t(desk, "voice.words_reading"), choice=choice, study=study
    )


def _words(desk: Desk, rows: Sequence[Row]) -> Table:
    amounts = {
        name: tables.measured(desk, t(desk, f"voice.{name}"), "count", [r[name] for r in rows])
        for name in ("n_bad", "n_good")
    }
    for name in ("share_bad", "share_good"):
        amounts[name] = tables.measured(desk, t(desk, f"voice.{name}"), "share", [r[name] for r in rows])
    for name in ("value", "low", "high"):
        label, odds = t(desk, f"voice.odds_{name}"), [r[name] for r in rows]
        amounts[f"odds_{name}"] = tables.measured(desk, label, "number", odds)
    columns = {"word": Column(t(desk, "voice.word")), "side": Column(t(desk, "voice.side"))}
    columns |= {name: column for name, (column, _) in amounts.items()}
    cells = [
        {"word": _word(desk, r), "side": _side(desk, r)} | {name: of[i] for name, (_, of) in amounts.items()}
        for i, r in enumerate(rows)
    ]
    return Table(columns, cells, _height(rows))


def _word(desk: Desk, row: Row) -> str:
    return texts.word("theme", row["word"], desk.language)


def _side(desk: Desk, row: Row) -> str:
    return t(desk, "voice.either" if not row["stands"] else "voice.with_bad" if row["value"] > 0 else "voice.with_good")


def _leaning(desk: Desk, rows: Sequence[Row]) -> str:
    return "; ".join(f"{_word(desk, r)}: {_side(desk, r)}" for r in rows if r["stands"])


def _behind(desk: Desk, row: Row) -> tuple[str, Body]:
    """Return the comments a word or a theme stands in, bad ones first."""
    title = t(desk, "voice.comments_with", word=_word(desk, row))
    found = desk.study_rows("comment_words", word=row["stem"])
    if not found:
        return title, nothing(desk)
    columns = ("day", "score", "comment", "ticket_id", "customer_id", "channel", "category", "team")
    kept = tables.records(desk, [{c: r[c] for c in columns} for r in found], HEIGHT)
    return title, Body(table=Table(kept.columns, kept.rows, kept.height, leads=found), rows=found)
