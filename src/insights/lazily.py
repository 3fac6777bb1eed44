"""A package that offers what its modules hold, each imported when one of its names is first asked for."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any


def offered(package: str, places: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a package; `places` are the names it offers by the module that holds them."""
    modules = {name: module for module, names in places.items() for name in names}

    def found(name: str) -> Any:
        if name not in modules:
            raise AttributeError(name)
        return getattr(importlib.import_module(f"{package}.{modules[name]}"), name)

    return found
