"""The language of profiles as a reference: every part with its keys, read off the models that read them."""

from collections.abc import Iterator

from pydantic import BaseModel

from insights.sources.profile.written import History, Layout, Match, Spec, Table, Written

PARTS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("Top level", Written),
    ("`[match]`", Match),
    ("`[file]`", Layout),
    ("`[<table>]`", Table),
    ("`<column> = { … }`", Spec),
    ("`history = { … }`", History),
)


def parts() -> Iterator[tuple[str, str, Iterator[tuple[object, ...]]]]:
    """Yield each part: where it is written, what it is, and its keys with whether they are needed and their meaning."""
    for title, model in PARTS:
        yield title, (model.__doc__ or "").strip().splitlines()[0], _keys(model)


def _keys(model: type[BaseModel]) -> Iterator[tuple[object, ...]]:
    for name, field in model.model_fields.items():
        yield f"`{name}`", "yes" if field.is_required() else "", field.description or ""
