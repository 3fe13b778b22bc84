"""Settings: a file in the home, overridden by the environment."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import platformdirs

from briefs.citing.style import DEFAULT, RulesEdition, Style, System
from briefs.errors import SettingError
from knowledge.errors import BadHomeError

FILE_NAME = "settings.toml"
BUNDLED = "bundled"
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a library can set.

    Each field but the home is a key of ``settings.toml``, and in capitals behind ``ZHIKU_`` an
    environment variable that overrides it.
    """

    home: Path
    encoder: str = BUNDLED
    """``bundled``, or a sentence-transformers model name or folder."""
    reranker: str = ""
    """A cross-encoder's name or folder, which orders the first candidates anew; empty: none."""
    language: str = "zh"
    """``zh`` or ``en``: of the command line, and the pages' first language."""
    library: str = "本馆"
    """Name of the main library, the first branch."""
    person: str = "本馆馆员"
    """On whose behalf things are done while there are no accounts."""
    notice: str = ""
    """A line printed on every brief."""
    reference_edition: str = DEFAULT.edition.value
    """Of GB/T 7714: ``2025`` or ``2015``."""
    reference_system: str = DEFAULT.system.value
    """``numeric`` or ``author-date``."""
    font_folder: str = ""
    """A folder of the library's own fonts (仿宋, 小标宋) for PDF."""
    host: str = "127.0.0.1"
    port: int = 8501

    @property
    def reference_style(self) -> Style:
        """In which form briefs are published from now on; editions keep theirs."""
        return Style(RulesEdition(self.reference_edition), System(self.reference_system))


def default_home() -> Path:
    """The platform's folder for a user's data."""
    return Path(platformdirs.user_data_dir("zhiku", appauthor=False))


def load(home: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings of a home: the file's, overridden by the environment's.

    Args:
        home: the home folder; without it ``ZHIKU_HOME``, else `default_home`.
        environment: where ``ZHIKU_…`` variables are looked up.

    Raises:
        SettingError: an unknown key, or a value that is not allowed.
        BadHomeError: the settings file cannot be read.
    """
    folder = home or Path(environment.get("ZHIKU_HOME") or default_home())
    folder = folder.expanduser().resolve()
    values = _file_values(folder) | _environment_values(environment)
    settings = replace(Settings(folder), **values)
    _check(settings)
    return settings


def _keys() -> dict[str, type]:
    return {field.name: int if field.name == "port" else str for field in fields(Settings)[1:]}


def _file_values(home: Path) -> dict[str, Any]:
    path = home / FILE_NAME
    try:
        if not path.exists():
            return {}
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadHomeError(path=home, reason=f"{FILE_NAME}: {error}") from error
    known = _keys()
    for key, value in values.items():
        if key not in known:
            raise SettingError(key=key, value=value, allowed=", ".join(known))
        if not isinstance(value, known[key]):
            raise SettingError(key=key, value=value, allowed=known[key].__name__)
    return values


def _environment_values(environment: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, kind in _keys().items():
        given = environment.get(f"ZHIKU_{key.upper()}")
        if not given:
            continue
        try:
            values[key] = kind(given)
        except ValueError as error:
            raise SettingError(key=key, value=given, allowed=kind.__name__) from error
    return values


def _check(settings: Settings) -> None:
    if settings.language not in LANGUAGES:
        allowed = " / ".join(LANGUAGES)
        raise SettingError(key="language", value=settings.language, allowed=allowed)
    for key, known in (("reference_edition", RulesEdition), ("reference_system", System)):
        value, values = getattr(settings, key), [str(each) for each in known]
        if value not in values:
            raise SettingError(key=key, value=value, allowed=" / ".join(values))
    if not 1 <= settings.port <= 65535:
        raise SettingError(key="port", value=settings.port, allowed="1–65535")
    if settings.font_folder and not Path(settings.font_folder).is_dir():
        raise SettingError(key="font_folder", value=settings.font_folder, allowed="a folder")
