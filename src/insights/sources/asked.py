"""Forms that ask several things: the answers to each further question are surveys of their own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from insights.sources.folding import fold
from insights.sources.profile import Profile, Spec, TableSpec
from insights.sources.profile.recognise import recognise
from insights.sources.staging.stage import Staged

_MAIN = "surveys"
_OF_A_QUESTION = ("kind", "score", "scale_min", "scale_max", "comment")


def others(first: Profile, headers: Sequence[str], profiles: Sequence[Profile]) -> list[Profile]:
    """Return the vendor's profiles of further questions the same form asks, their answers under ids of their own.

    Each is looked for among the headers no question before it is read from: what one names of its scale says nothing
    of another's.
    """
    if first.own:
        return list(_mapped(first))
    found, left = [first], list(headers)
    vendor = [p for p in profiles if p.main == _MAIN and p.source == first.source and not p.own]
    while found[-1].main == _MAIN:
        left = [h for h in left if not _asks(found[-1], h)]
        fit = recognise(left, [p for p in vendor if p.label not in {f.label for f in found}])
        if fit is None:
            break
        found.append(_apart(fit.profile))
    return found[1:]


def _mapped(first: Profile) -> Iterator[Profile]:
    """Yield a profile for each further question a mapping names; two of one kind are told apart by their place."""
    held = first.tables.get(_MAIN, TableSpec())
    shared = {c: s for c, s in held.columns.items() if c not in _OF_A_QUESTION}
    for place, question in enumerate(held.also, start=2):
        kind = question.get("kind", held.columns.get("kind", Spec(constant="csat"))).constant
        begins = f"{kind}-{place}:"
        columns = shared | {"survey_id": shared["survey_id"].model_copy(update={"prefix": begins})} | dict(question)
        answered = TableSpec(columns, when=Spec(column=question["score"].column))
        yield replace(first, main=_MAIN, tables={_MAIN: answered}, hash=f"{begins}{first.hash}"[:16])


def _asks(profile: Profile, header: str) -> bool:
    questions = profile.tables[_MAIN].columns["score"].column
    return any(fnmatchcase(fold(header), "*".join(fold(part) for part in q.split("*"))) for q in questions)


def _apart(profile: Profile) -> Profile:
    """Return the profile with ids that are not those of the form's first question, whose comment is not said twice."""
    held = profile.tables[_MAIN]
    kind = f"{held.columns['kind'].constant}:"
    columns = {c: s for c, s in held.columns.items() if c != "comment"}
    columns["survey_id"] = columns["survey_id"].model_copy(update={"prefix": kind})
    return replace(
        profile, tables=profile.tables | {_MAIN: replace(held, columns=columns)}, hash=f"{kind}{profile.hash}"[:16]
    )


def all_staged(
    first: Profile, headers: Sequence[str], profiles: Sequence[Profile], stage: Callable[[Profile], Staged]
) -> Iterator[tuple[Profile, Staged]]:
    """Yield every question's answers; a column one question is read from is used, whichever it is."""
    asked = [(p, stage(p)) for p in (first, *others(first, headers, profiles))]
    used = {h for _, staged in asked for h in staged.uses}
    for profile, staged in asked:
        yield profile, replace(staged, unused=tuple(h for h in staged.unused if h not in used))
