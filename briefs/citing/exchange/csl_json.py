"""CSL-JSON, with Zotero's Extra in the note."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from json import JSONDecodeError, JSONDecoder
from typing import Any, Final

from briefs.citing.errors import (
    MalformedReferencesError,
    UnclosedReferenceError,
    UnknownWorkTypeError,
    UntitledReferenceError,
)
from briefs.citing.exchange.dates import date_of
from briefs.citing.exchange.extra import with_extra
from briefs.citing.exchange.item import Item, language_of
from briefs.citing.exchange.types import TYPES
from knowledge.csl import NAMES, TEXTS, Name, PartialDate, Work, item_of

_BLANK: Final = re.compile(r"\s*")
_SHOWN: Final = 40
"""Characters that an error quotes."""
_OLDER: Final = {"event-title": "event"}
"""Names that CSL 1.0.1 gave to a variable."""
_MARKUP: Final = re.compile(r"</?(?:i|b|sub|sup|span)(?: [^<>]*)?>")
"""What CSL allows inside a title; references here are plain text."""
_EDITORS: Final = ("container-author", "editor", "editorial-director", "compiler")


def read_csl_json(text: str, *, name: str) -> list[Item]:
    """Items of a list, of ``{"items": [...]}`` or of one object, in the file's order.

    Raises:
        MalformedReferencesError: no JSON, or an item that is no object.
        UnclosedReferenceError: the file ends too early.
        UnknownWorkTypeError: an item's type is none of CSL's.
        UntitledReferenceError: an item has no title.
    """
    return [_item(values, line=line, name=name) for values, line in _objects(text, name=name)]


def write_csl_json(items: Sequence[Item]) -> str:
    """A list of items, one field a line; ends in a line feed."""
    found = [dict(item_of(item.work, item.key)) for item in items]
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _objects(text: str, *, name: str) -> Iterator[tuple[Mapping[str, Any], int]]:
    """Each object of the list with the line on which it begins."""
    try:
        for value, line in _values(text):
            if not isinstance(value, dict):
                words = json.dumps(value, ensure_ascii=False)[:_SHOWN]
                raise _malformed(words, line=line, name=name)
            yield value, line
    except JSONDecodeError as error:
        words = text[error.pos : error.pos + _SHOWN].split("\n", maxsplit=1)[0].strip()
        if not words:
            raise UnclosedReferenceError(path=name, line=error.lineno) from error
        raise _malformed(words, line=error.lineno, name=name) from error
    except (RecursionError, ValueError) as error:
        # Nested without end, or a number of thousands of digits.
        raise _malformed("[…", line=1, name=name) from error


def _values(text: str) -> Iterator[tuple[object, int]]:
    decoder = JSONDecoder()
    at = _after_blank(text, 0)
    if text[at : at + 1] != "[":
        whole, end = decoder.raw_decode(text, at)
        _nothing_behind(text, end)
        inner = whole.get("items") if isinstance(whole, dict) else None
        yield from ((each, 1) for each in (inner if isinstance(inner, list) else [whole]))
        return
    line, counted = 1, 0
    at = _after_blank(text, at + 1)
    while text[at : at + 1] != "]":
        line, counted = line + text.count("\n", counted, at), at
        value, end = decoder.raw_decode(text, at)
        yield value, line
        at = _after_blank(text, end)
        if text[at : at + 1] == ",":
            at = _after_blank(text, at + 1)
        elif text[at : at + 1] != "]":
            raise JSONDecodeError("", text, at)
    _nothing_behind(text, at + 1)


def _after_blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _nothing_behind(text: str, end: int) -> None:
    behind = _after_blank(text, end)
    if behind < len(text):
        raise JSONDecodeError("", text, behind)


def _malformed(words: str, *, line: int, name: str) -> MalformedReferencesError:
    return MalformedReferencesError(path=name, line=line, words=words, format="CSL-JSON")


def _item(values: Mapping[str, Any], *, line: int, name: str) -> Item:
    kind = TYPES.get(_text(values.get("type")).lower())
    if kind is None:
        shown = _text(values.get("type"))[:_SHOWN]
        raise UnknownWorkTypeError(path=name, line=line, type=shown, format="CSL-JSON")
    fields: dict[str, Any] = {
        field: _text(values.get(variable) or values.get(_OLDER.get(variable, "")))
        for field, variable in TEXTS.items()
    }
    fields["title"] = " ".join(_MARKUP.sub("", fields["title"]).split())
    fields["language"] = language_of(fields["language"])
    for role in NAMES:
        fields[role] = _names(values.get(role))
    fields["editor"] = next(filter(None, (_names(values.get(role)) for role in _EDITORS)), ())
    if not fields["author"] and isinstance(values.get("authority"), str):
        fields["author"] = (Name(literal=_text(values["authority"])),)
    work = Work(
        type=kind,
        issued=_date(values.get("issued")),
        accessed=_date(values.get("accessed")),
        **fields,
    )
    work = with_extra(work, _text(values.get("note"), lines=True))
    if not work.title:
        raise UntitledReferenceError(path=name, line=line)
    return Item(_text(values.get("id")) or f"item{line}", work, line)


def _text(value: object, *, lines: bool = False) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip() if lines else " ".join(str(value).split())


def _names(value: object) -> tuple[Name, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(name for each in value if isinstance(each, dict) and (name := _name(each)))


def _name(value: Mapping[str, Any]) -> Name | None:
    particles = (_text(value.get(f"{kind}-particle")) for kind in ("dropping", "non-dropping"))
    family = " ".join(part for part in (*particles, _text(value.get("family"))) if part)
    literal, given = _text(value.get("literal")), _text(value.get("given"))
    if literal or not family:
        return Name(literal=literal or given) if literal or given else None
    return Name(family=family, given=given, suffix=_text(value.get("suffix")))


def _date(value: object) -> PartialDate | None:
    if isinstance(value, str):
        return date_of(value)
    if not isinstance(value, dict):
        return None
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0]:
        return date_of("-".join(_text(part) for part in parts[0][:3] if _text(part)))
    return date_of(_text(value.get("raw") or value.get("literal")))
