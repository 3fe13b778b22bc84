"""The contracts of layers name every room that there is."""

import pkgutil
import tomllib
from pathlib import Path

import briefs

ROOT = Path(__file__).resolve().parents[2]


def test_every_room_of_briefs_but_the_workbench_is_kept_from_the_outside() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (kept,) = (each for each in contracts if "streamlit" in each.get("forbidden_modules", ()))
    rooms = {f"briefs.{each.name}" for each in pkgutil.iter_modules(briefs.__path__)}
    named = {each for each in kept["source_modules"] if each.startswith("briefs.")}
    assert named == rooms - {"briefs.workbench"}
