"""What a workbench gives out: its services, and the public methods of each."""

import inspect
from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Final

from briefs.workbench.bootstrap import Workbench

OURS: Final = ("knowledge.", "briefs.")

_AGAIN: Final = frozenset({"actor", "house", "opened_dense"})
"""The same services by another name."""
_MACHINE: Final = frozenset({"changes", "encodings", "encoders", "scripts"})
"""What a store keeps beside the records: counters of changes, encoders, their writing."""


def services(bench: Workbench) -> Iterator[tuple[str, type]]:
    """Every service of a workbench as its path and its class, also those that services hold."""
    for name in dir(bench):
        if not name.startswith("_") and name not in _AGAIN:
            yield from _within(name, getattr(bench, name))


def methods(bench: Workbench) -> set[str]:
    """Every public method that can be called through a workbench, as ``service.method``."""
    own = {name for name, _ in inspect.getmembers(Workbench, inspect.isfunction)}
    found = {name for name in own if not name.startswith("_")}
    for path, kind in services(bench):
        names = (name for name, _ in inspect.getmembers(kind, callable))
        found |= {f"{path}.{name}" for name in names if not name.startswith("_")}
    return found


def _within(path: str, value: object) -> Iterator[tuple[str, type]]:
    kind = type(value)
    plain = is_dataclass(kind) or isinstance(value, Exception) or inspect.isroutine(value)
    if plain or not kind.__module__.startswith(OURS):
        return
    yield path, kind
    for name, inner in getattr(value, "__dict__", {}).items():
        if not name.startswith("_") and name not in _MACHINE:
            yield from _within(f"{path}.{name}", inner)
