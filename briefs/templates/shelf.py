"""The templates in use: those that come with Zhiku, and the library's own files over them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from filelock import FileLock

from briefs.model import Brief, Length, Statement, StatementKind
from briefs.templates.errors import (
    StaleTemplateError,
    TemplateError,
    TemplateNameError,
    UnknownTemplateError,
)
from briefs.templates.fulfilment import fulfilment, length_at
from briefs.templates.model import Fulfilment, Template
from briefs.templates.reading import read_template
from embeddings.durable import write_durably
from knowledge.accounts.roles import Permission, require
from knowledge.model import Actor
from knowledge.text import fold

FOLDER: Final = "templates"
"""Of a library's own templates, in its home."""
LONGEST_NAME: Final = 60

_ORDER: Final = (
    *("decision-brief", "topical-brief", "digest", "benchmarking", "scan", "evaluation"),
    *("survey", "consultation"),
)
"""The templates that come with Zhiku, as they are listed."""
_NAME: Final = re.compile(rf"\w[\w-]{{0,{LONGEST_NAME - 1}}}")
_SUFFIX: Final = ".toml"


@dataclass(frozen=True, slots=True)
class _Found:
    templates: tuple[Template, ...]
    problems: tuple[TemplateError, ...]


class Templates:
    """The templates of a home; safe in several threads and processes.

    Each is one file of TOML. A file of the library's takes the place of the template of the same
    name that comes with Zhiku, or adds one. Nothing fails for a broken file's sake: while it is
    broken, the template that comes with Zhiku counts in its place, if there is one.
    """

    def __init__(
        self,
        folder: Path,
        *,
        lock: Path,
        note: Callable[[Actor, str], object] = lambda _actor, _name: None,
    ) -> None:
        """Watch a folder.

        Args:
            folder: of the library's own templates; need not be there.
            lock: held while one is written.
            note: told who changes which template, before it is changed.
        """
        self.folder = folder
        self._lock_file = lock
        self._note = note

    def all(self) -> tuple[Template, ...]:
        """Every template: those that come with Zhiku first, then the library's own by name."""
        return self._found().templates

    @property
    def problems(self) -> tuple[TemplateError, ...]:
        """Why files of the library's cannot be used, by name; empty when all can."""
        return self._found().problems

    def get(self, name: str) -> Template:
        """The template of a name, or of a title in either language.

        Raises:
            UnknownTemplateError: there is none.
        """
        every = self.all()
        wanted = fold(name)
        by_name = [each for each in every if each.name == name]
        by_title = [t for t in every if wanted in {fold(t.title.zh), fold(t.title.en)}]
        for found in (*by_name, *by_title):
            return found
        raise UnknownTemplateError(name=name)

    def begin(self, name: str, title: str) -> list[Statement]:
        """The headings with which a brief of this title begins, one a section, in order.

        Raises:
            UnknownTemplateError: there is no such template.
        """
        return [
            Statement(
                StatementKind.HEADING,
                section.heading.replace("{title}", title),
                level=section.level,
                length=section.length,
            )
            for section in self.get(name).sections
        ]

    def progress(self, brief: Brief) -> Fulfilment | None:
        """How far a brief fulfils its template; None where it has none, or one that is gone."""
        found = next((each for each in self.all() if each.name == brief.template), None)
        return None if found is None else fulfilment(brief, found)

    def length_at(self, brief: Brief, place: int) -> Length:
        """The length with which a statement begins that is put at a place of a brief, from 0."""
        found = next((each for each in self.all() if each.name == brief.template), None)
        if found is None:
            return Length.STANDARD
        return length_at(brief.statements, place, template=found, title=brief.title)

    def is_own(self, name: str) -> bool:
        """Whether the library has a file of its own for a template."""
        return self.path(name).is_file()

    def is_shipped(self, name: str) -> bool:
        """Whether a template of this name comes with Zhiku."""
        return name in _ORDER

    def path(self, name: str) -> Path:
        """Where the library's own file of a template is, or would be.

        Raises:
            TemplateNameError: no file can be called so.
        """
        if not _NAME.fullmatch(name):
            raise TemplateNameError(name=name, longest=LONGEST_NAME)
        return self.folder / f"{name}{_SUFFIX}"

    def text(self, name: str) -> str:
        """The TOML of a template: the library's own, else the one that comes with Zhiku.

        Raises:
            UnknownTemplateError: there is neither.
            TemplateNameError: nothing can be called so.
            TemplateError: the file cannot be read, or is not UTF-8.
        """
        own = _read(self.path(name))
        if own is not None:
            return own
        if not self.is_shipped(name):
            raise UnknownTemplateError(name=name)
        return _shipped_text(name)

    def write(self, name: str, text: str, *, before: str, actor: Actor) -> Template:
        """Make a text the library's own template of a name, as a whole or not at all.

        Args:
            name: of the template, an old one or a new one.
            text: TOML.
            before: what `text` gave when the change was begun; empty for a new one.
            actor: who changes it.

        Raises:
            NotPermittedError: the actor may not.
            TemplateNameError: no file can be called so.
            TemplateError: a line cannot be used; nothing is written.
            StaleTemplateError: the template is another by now.
        """
        require(actor, Permission.CATALOGUE)
        path = self.path(name)
        made = read_template(text, name=name, path=path)
        with FileLock(self._lock_file):
            if self._held(name) != before:
                raise StaleTemplateError(name=name)
            self._note(actor, name)
            self.folder.mkdir(parents=True, exist_ok=True)
            write_durably(path, text.encode())
        return made

    def reset(self, name: str, *, actor: Actor) -> None:
        """Delete the library's own file: what comes with Zhiku counts again, if there is one.

        Briefs that began with the template stay as they are.

        Raises:
            NotPermittedError: the actor may not.
            TemplateNameError: no file can be called so.
            UnknownTemplateError: the library has no file of its own for it.
        """
        require(actor, Permission.CATALOGUE)
        path = self.path(name)
        with FileLock(self._lock_file):
            if not path.is_file():
                raise UnknownTemplateError(name=name)
            self._note(actor, name)
            path.unlink()

    def own_files(self) -> tuple[Path, ...]:
        """The library's own files by name; those whose names cannot be a template's left out."""
        if not self.folder.is_dir():
            return ()
        named = (path for path in self.folder.glob(f"*{_SUFFIX}") if _NAME.fullmatch(path.stem))
        return tuple(sorted(path for path in named if path.is_file()))

    def _held(self, name: str) -> str:
        own = _read(self.path(name))
        if own is not None:
            return own
        return _shipped_text(name) if self.is_shipped(name) else ""

    def _found(self) -> _Found:
        by_name = {each.name: each for each in _shipped()}
        problems = []
        for path in self.own_files():
            try:
                by_name[path.stem] = read_template(_read(path) or "", name=path.stem, path=path)
            except TemplateError as problem:
                problems.append(problem)
        return _Found(tuple(by_name.values()), tuple(problems))


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "invalid UTF-8"
        raise TemplateError(path=path, reason=reason) from error


def _shipped_text(name: str) -> str:
    return (files(__package__) / "data" / f"{name}{_SUFFIX}").read_text("utf-8")


@cache
def _shipped() -> tuple[Template, ...]:
    return tuple(
        read_template(_shipped_text(name), name=name, path=f"{name}{_SUFFIX}") for name in _ORDER
    )
