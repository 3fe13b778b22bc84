"""TOML → template, with the line of whatever is wrong."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Any, Final, TypeVar

from briefs.model import Length, StatementKind
from briefs.templates.errors import (
    ForbiddenTitleError,
    MalformedTemplateError,
    RepeatedHeadingError,
    TemplateValueError,
    UnknownTemplateWordError,
)
from briefs.templates.model import PAGE, Budget, Need, Section, Template, Words

_E = TypeVar("_E", bound=StrEnum)

_TOP: Final = ("title", "readers", "submitted", "characters", "sections")
_SECTION: Final = (
    *("heading", "also", "guidance", "level", "required", "length", "kinds", "least", "most"),
    "needs",
)
_LANGUAGES: Final = ("zh", "en")
_KINDS: Final = tuple(kind for kind in StatementKind if kind is not StatementKind.HEADING)
_LONGEST: Final = 40
"""Characters of a heading or a title."""
_MOST: Final = 100_000
_HEADER: Final = re.compile(r"\s*\[{1,2}\s*([\w.-]+)\s*\]{1,2}")
_AT_LINE: Final = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
_LICENSED: Final = re.compile(r"刊$|(?<!简)报$|本[刊报]")
"""What may not be in a series' name: it would make it a publication, which needs a licence."""


def read_template(text: str, *, name: str, path: Path | str) -> Template:
    """Read a template.

    Args:
        text: TOML.
        name: by which it will be known.
        path: named in errors.

    Raises:
        MalformedTemplateError: it is no TOML.
        UnknownTemplateWordError: a word that templates do not have.
        TemplateValueError: a value that is missing, or not allowed.
        RepeatedHeadingError: two sections of one heading.
        ForbiddenTitleError: a series may not be called so.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found and found[1] else max(1, len(text.splitlines()))
        reason = _AT_LINE.sub("", str(error))
        raise MalformedTemplateError(path=path, line=line, reason=reason) from error
    source = _Source(path, text.splitlines())
    top = _Table(source, values, None)
    top.only(_TOP)
    title = top.words("title", longest=_LONGEST)
    if _LICENSED.search(title.zh.strip()):
        line = source.line_of("title", None)
        raise ForbiddenTitleError(path=path, line=line, title=title.zh)
    return Template(
        name=name,
        title=title,
        readers=top.words("readers"),
        is_submitted=top.flag("submitted", default=False),
        budgets=tuple(_budgets(top)),
        sections=tuple(_sections(top)),
    )


def _budgets(top: "_Table") -> Iterator[Budget]:
    found = top.values.get("characters", {})
    if not isinstance(found, dict):
        raise top.bad("characters", allowed=" · ".join(Length))
    table = _Table(top.source, found, None)
    table.only([length.value for length in Length])
    for length in Length:
        pair = found.get(length.value)
        if pair is None:
            continue
        most = PAGE if length is Length.ONE_PAGE else _MOST
        match pair:
            case [int(low), int(high)] if 0 <= low <= high <= most and high > 0:
                yield Budget(length, low, high)
            case _:
                raise table.bad(length.value, allowed=f"[0 … {most}, 1 … {most}]")


def _sections(top: "_Table") -> Iterator[Section]:
    found = top.values.get("sections")
    if not isinstance(found, list) or not found or not all(isinstance(x, dict) for x in found):
        raise top.bad("sections", allowed="[[sections]]")
    headings: set[str] = set()
    for number, values in enumerate(found):
        table = _Table(top.source, values, number)
        section = _section(table)
        if section.heading in headings:
            line = top.source.line_of("heading", number)
            raise RepeatedHeadingError(path=top.source.path, line=line, heading=section.heading)
        headings.add(section.heading)
        yield section


def _section(table: "_Table") -> Section:
    table.only(_SECTION)
    least = table.number("least", default=1, lowest=0, highest=999)
    return Section(
        heading=table.text("heading", longest=_LONGEST),
        guidance=table.words("guidance"),
        level=table.number("level", default=1, lowest=1, highest=4),
        also=table.texts("also"),
        is_required=table.flag("required", default=True),
        length=table.one("length", Length, default=Length.STANDARD),
        kinds=table.several("kinds", _KINDS),
        least=least,
        most=table.number("most", default=999, lowest=max(least, 1), highest=999)
        if "most" in table.values
        else None,
        needs=table.several("needs", tuple(Need)),
    )


@dataclass(frozen=True, slots=True)
class _Source:
    """The file, to name its lines."""

    path: Path | str
    lines: list[str]

    def line_of(self, key: str, section: int | None) -> int:
        """The line in which a key stands, else that of its table; counted from 1."""
        start, end = self._region(section)
        wanted = re.compile(rf"\s*(?:[\w\"-]+\s*\.\s*)?[\"']?{re.escape(key)}[\"']?\s*[.=]")
        header = re.compile(rf"\s*\[+\s*(?:[\w-]+\s*\.\s*)?{re.escape(key)}\s*\]+")
        # A table of the file's own may stand below the sections.
        further = range(len(self.lines)) if section is None else ()
        for at in chain(range(start, end), further):
            if wanted.match(self.lines[at]) or header.match(self.lines[at]):
                return at + 1
        return min(start + 1, max(1, len(self.lines)))

    def _region(self, section: int | None) -> tuple[int, int]:
        heads = [
            at
            for at, line in enumerate(self.lines)
            if (found := _HEADER.match(line)) and found[1] == "sections"
        ]
        if section is None or section >= len(heads):
            return 0, heads[0] if heads else len(self.lines)
        following = heads[section + 1 :]
        return heads[section], following[0] if following else len(self.lines)


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of the file; each method takes a value or says what is wrong with it."""

    source: _Source
    values: Mapping[str, Any]
    section: int | None

    def only(self, known: Iterable[str]) -> None:
        names = list(known)
        for key in self.values:
            if key not in names:
                raise UnknownTemplateWordError(
                    path=self.source.path,
                    line=self.source.line_of(key, self.section),
                    key=key,
                    allowed=" · ".join(names),
                )

    def bad(self, key: str, *, allowed: str) -> TemplateValueError:
        return TemplateValueError(
            path=self.source.path,
            line=self.source.line_of(key, self.section),
            key=key,
            allowed=allowed,
        )

    def text(self, key: str, *, longest: int = 400) -> str:
        return self._checked(key, self.values.get(key), longest)

    def texts(self, key: str) -> tuple[str, ...]:
        found = self.values.get(key, [])
        if not isinstance(found, list):
            raise self.bad(key, allowed="[“…”, “…”]")
        return tuple(self._checked(key, each, _LONGEST) for each in found)

    def words(self, key: str, *, longest: int = 400) -> Words:
        found = self.values.get(key)
        if isinstance(found, str):
            same = self._checked(key, found, longest)
            return Words(same, same)
        if not isinstance(found, dict) or set(found) - set(_LANGUAGES) or "zh" not in found:
            raise self.bad(key, allowed=f"“…” · {key}.zh = “…”, {key}.en = “…”")
        chinese = self._checked(key, found["zh"], longest)
        return Words(chinese, self._checked(key, found.get("en", chinese), longest))

    def flag(self, key: str, *, default: bool) -> bool:
        found = self.values.get(key, default)
        if not isinstance(found, bool):
            raise self.bad(key, allowed="true · false")
        return found

    def number(self, key: str, *, default: int, lowest: int, highest: int) -> int:
        found: object = self.values.get(key, default)
        if not isinstance(found, int) or isinstance(found, bool) or not lowest <= found <= highest:
            raise self.bad(key, allowed=f"{lowest} … {highest}")
        return found

    def one(self, key: str, kind: type[_E], *, default: _E) -> _E:
        found = self.values.get(key, default.value)
        if found not in [each.value for each in kind]:
            raise self.bad(key, allowed=" · ".join(kind))
        return kind(found)

    def several(self, key: str, allowed: tuple[_E, ...]) -> tuple[_E, ...]:
        found = self.values.get(key, [])
        by_value = {each.value: each for each in allowed}
        if not isinstance(found, list) or any(
            not isinstance(each, str) or each not in by_value for each in found
        ):
            raise self.bad(key, allowed=f"[{' · '.join(by_value)}]")
        return tuple(by_value[each] for each in found)

    def _checked(self, key: str, found: object, longest: int) -> str:
        if not isinstance(found, str) or not found.strip() or len(found) > longest:
            raise self.bad(key, allowed=f"“…” (1 … {longest})")
        return " ".join(found.split())
