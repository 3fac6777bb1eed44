"""What the cells of unread columns add to what the names made: one rule after another, each where it is alone."""

from collections.abc import Iterator, Mapping

from insights import schema
from insights.sources.proposing.assigning import assign, ended_while_open
from insights.sources.proposing.contents import by_content
from insights.sources.proposing.glance import Facts, Sample
from insights.sources.proposing.lexicon import meant, words
from insights.sources.proposing.naming import by_known_words
from insights.sources.proposing.proposal import Fit
from insights.sources.proposing.settling.keys import key, several
from insights.sources.proposing.settling.people import agent, email, party, referrers
from insights.sources.proposing.settling.times import begun, first, stages
from insights.sources.proposing.settling.unread import SURE, left, unsaid

_NEARLY, _ALMOST, _SENTENCE = 0.8, 0.9, 3
_GROUPS = ("category", "team", "product", "segment", "stage", "kind")
_TELLING = {"channel": 0.8, "priority": 0.9, "status": 0.8, "direction": 0.9}
"""Columns whose words give them away, and the share that must be known."""


def settle(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> dict[str, Fit]:
    """Return the fits that the cells of unread columns add to those the names made."""
    found = dict(chosen)
    if "team" in found and _of_theirs(sample, found["team"], chosen):
        theirs = found.pop("team").header
        found |= assign(table, sample, True, [h for h in left(sample, found) if h != theirs], tuple(found))
    for rule in (key, several, party, _nearly, email, agent, begun, stages, first, _words, _told):
        for fit in rule(table, sample, found):
            if all(fit.header != f.header for f in found.values()):
                put_out = found.get(fit.column)
                found[fit.column] = fit
                found |= _again(table, sample, found, put_out)
    if "referred_by" in found and not referrers(sample, found):
        del found["referred_by"]
    ends = ended_while_open(found, sample.facts) if table == "tickets" else set()
    return {c: f for c, f in found.items() if c not in ends}


def _of_theirs(sample: Sample, team: Fit, chosen: Mapping[str, Fit]) -> bool:
    """Tell whether a department stands right behind whoever asks, and not before who answers: it is theirs, not the desk's."""
    place = {h: n for n, h in enumerate(sample.headers)}
    after = {c: place[team.header] - place[f.header] for c, f in chosen.items()}
    return after.get("customer_id") == 1 and ("group" in meant(team.header) or after.get("agent_id") != -1)


def _again(table: str, sample: Sample, chosen: Mapping[str, Fit], put_out: Fit | None) -> dict[str, Fit]:
    """Return what else the header is that another has put out of its column."""
    return assign(table, sample, True, [put_out.header], tuple(chosen)) if put_out else {}


def _nearly(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> list[Fit]:
    """Return the columns one header alone names but for a word nobody knows, and whose cells fit."""
    rest = left(sample, chosen)
    found = []
    for column in schema.loaded_columns(schema.declared[table]):
        enough = _NEARLY if column in _GROUPS else _ALMOST
        near = [
            h
            for h in rest
            if by_known_words(table, column, h) >= enough
            and sample.facts[h].cells
            and by_content(table, column, sample.facts[h]) > 0
        ]
        if column not in chosen and not column.endswith("_raw") and len(near) == 1:
            found.append(Fit(column, near[0], SURE, guessed=True))
    return found


def _words(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> Iterator[Fit]:
    columns = schema.declared[table].columns
    for column, share in _TELLING.items():
        if column in chosen or column not in columns:
            continue
        of = columns[column].info["words"]
        known = [
            h
            for h in left(sample, chosen)
            if unsaid(h)
            and sample.facts[h].words.get(of, 0) >= share
            and sample.facts[h].distinct > 1
            and sample.facts[h].number < 0.1
        ]
        if len(known) == 1:
            yield Fit(column, known[0], SURE, guessed=True)


def _told(table: str, sample: Sample, chosen: Mapping[str, Fit]) -> Iterator[Fit]:
    """Yield the one free text of a survey as what was said: many different texts of words under a whole sentence."""
    if table != "surveys" or "comment" in chosen or "score" not in chosen:
        return
    texts = [h for h in left(sample, chosen) if len(words(h)) >= _SENTENCE and _free_text(sample.facts[h])]
    if len(texts) == 1:
        yield Fit("comment", texts[0], SURE, guessed=True)


def _free_text(facts: Facts) -> bool:
    several = facts.unique > 0.5 and facts.share(lambda c: " " in c) > 0.5
    return several and max(facts.time, facts.number, facts.email) < 0.1
