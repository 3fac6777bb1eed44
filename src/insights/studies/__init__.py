"""The registry: every study by key; a module of this package that holds `STUDIES` is found by itself."""

import difflib
import importlib
import pkgutil

from insights.errors import UnknownName
from insights.studies.core import Answer, Asker, Column, Options, Row, Shape, Study, StudyResult
from insights.studies.options import Option


def _gathered() -> dict[str, Study]:
    modules = (m.name for m in pkgutil.walk_packages(__path__, f"{__name__}.") if not m.ispkg)
    found = [study for name in sorted(modules) for study in getattr(importlib.import_module(name), "STUDIES", ())]
    return {study.key: study for study in found}


STUDIES: dict[str, Study] = _gathered()


def study(key: str) -> Study:
    """Return the study of this key; raises UnknownName with the nearest keys."""
    if key not in STUDIES:
        near = difflib.get_close_matches(key, STUDIES, n=3, cutoff=0.4) or list(STUDIES)[:3]
        raise UnknownName("unknown_study", name=key, near=", ".join(near))
    return STUDIES[key]


__all__ = ["STUDIES", "Answer", "Asker", "Column", "Option", "Options", "Row", "Shape", "Study", "StudyResult", "study"]
