"""The registry: every study by key; a module of this package with `STUDIES` is found by itself when asked for."""

import difflib
import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING, Any

from insights.errors import UnknownName
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study, StudyResult
from insights.studies.options import Option

STUDIES: dict[str, Study]


@cache
def _gathered() -> dict[str, Study]:
    modules = (m.name for m in pkgutil.walk_packages(__path__, f"{__name__}.") if not m.ispkg)
    found = [study for name in sorted(modules) for study in getattr(importlib.import_module(name), "STUDIES", ())]
    return {study.key: study for study in found}


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Return the registry: a number needs none of the models that studies rest on."""
        if name == "STUDIES":
            return _gathered()
        raise AttributeError(name)


def study(key: str) -> Study:
    """Return the study of this key; raises UnknownName with the nearest keys."""
    known = _gathered()
    if key not in known:
        near = difflib.get_close_matches(key, known, n=3, cutoff=0.4) or list(known)[:3]
        raise UnknownName("unknown_study", name=key, near=", ".join(near))
    return known[key]


__all__ = ["STUDIES", "Answer", "Asker", "Column", "Option", "Options", "Row", "Shape", "Study", "StudyResult", "study"]
