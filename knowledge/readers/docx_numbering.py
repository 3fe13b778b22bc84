"""The numbers that Word prints before paragraphs and keeps apart from their words: 第三条."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from docx.oxml.ns import qn

from knowledge.numerals import chinese

_LEVELS: Final = 9
_DELETED_MARK: Final = f"{qn('w:rPr')}/{qn('w:del')}"
_PLACE: Final = re.compile(r"%([1-9])")
_SEPARATORS: Final = {"nothing": "", "space": " "}
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_FORMAL: Final = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_DIGITS: Final = str.maketrans("0123456789", "〇一二三四五六七八九")
_WIDE: Final = str.maketrans("0123456789", "０１２３４５６７８９")
_ROMAN: Final = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_HIGHEST: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered."""

    start: int
    form: str
    words: str
    """What is printed, with %1 … %9 for the numbers of the levels."""
    separator: str
    restarts: int | None
    """The level whose number makes this one begin again; 0 none, None each higher one."""
    decimal: bool
    """Numbers of higher levels are written in digits here."""


@dataclass(slots=True)
class _List:
    """A list of the document: its levels, and how far each has counted."""

    levels: dict[int, _Level]
    counts: list[int | None] = field(default_factory=lambda: [None] * _LEVELS)


@dataclass(frozen=True, slots=True)
class _Instance:
    """A use of a list, perhaps with numbers that begin anew."""

    list: _List
    starts: Mapping[int, int]


class Numbering:
    """Counts through a document; ask once for each paragraph, in order."""

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:
        """Take the roots of the parts ``numbering.xml`` and ``styles.xml``; None: there is none."""
        self._styles: dict[str, tuple[str | None, str | None]] = {}
        self._instances: dict[str, _Instance] = {}
        self._by_style: dict[tuple[str, str], int] = {}
        self._begun: set[str] = set()
        if numbering is None:
            return
        if styles is not None:
            self._styles = _numbered_styles(styles)
        self._read(numbering)

    def label(self, paragraph: Any) -> str:
        """The number printed before a paragraph, with what separates it; empty for none."""
        number_id, level = self._place(paragraph)
        instance = self._instances.get(number_id or "")
        if instance is None or level not in instance.list.levels:
            return ""
        if number_id is not None and number_id not in self._begun:
            self._begun.add(number_id)
            for restarted, start in instance.starts.items():
                instance.list.counts[restarted] = start - 1
        return _counted(instance.list, level)

    def _place(self, paragraph: Any) -> tuple[str | None, int]:
        """Which list a paragraph is of, and its level: its own statement, else its style's."""
        properties = paragraph.find(qn("w:pPr"))
        if properties is None or properties.find(_DELETED_MARK) is not None:
            return None, 0
        style = _value(properties.find(qn("w:pStyle"))) or ""
        styled_id, styled_level = self._styles.get(style, (None, None))
        own = properties.find(qn("w:numPr"))
        own_id = own_level = None
        if own is not None:
            own_id, own_level = _value(own.find(qn("w:numId"))), _value(own.find(qn("w:ilvl")))
        number_id = own_id if own_id is not None else styled_id
        level = own_level if own_level is not None else styled_level if own_id is None else None
        if level is None and own_id is None and number_id is not None:
            return number_id, self._by_style.get((number_id, style), 0)
        return number_id, min(_whole(level, 0), _LEVELS - 1)

    def _read(self, numbering: Any) -> None:
        lists: dict[str, _List] = {}
        linked: dict[str, str] = {}
        styled: dict[str, dict[str, int]] = {}
        for element in numbering.iterchildren(qn("w:abstractNum")):
            key = element.get(qn("w:abstractNumId")) or ""
            lists[key] = _List(_levels(element))
            styled[key] = {
                style: _whole(level.get(qn("w:ilvl")), 0)
                for level in element.iterchildren(qn("w:lvl"))
                if (style := _value(level.find(qn("w:pStyle"))))
            }
            if link := _value(element.find(qn("w:numStyleLink"))):
                linked[key] = link
        targets = {
            number.get(qn("w:numId")) or "": _value(number.find(qn("w:abstractNumId"))) or ""
            for number in numbering.iterchildren(qn("w:num"))
        }
        for number in numbering.iterchildren(qn("w:num")):
            number_id = number.get(qn("w:numId")) or ""
            key = targets[number_id]
            if key in linked:
                key = targets.get(self._styles.get(linked[key], (None, None))[0] or "", key)
            if key in lists and number_id != "0":
                self._instances[number_id] = _instance(number, lists[key])
                self._by_style |= {(number_id, s): level for s, level in styled[key].items()}


def _instance(number: Any, shared: _List) -> _Instance:
    starts: dict[int, int] = {}
    levels = dict(shared.levels)
    for override in number.iterchildren(qn("w:lvlOverride")):
        level = _whole(override.get(qn("w:ilvl")), 0)
        if level >= _LEVELS:
            continue
        start = _value(override.find(qn("w:startOverride")))
        if start is not None:
            starts[level] = _whole(start, 1)
        own = override.find(qn("w:lvl"))
        if own is not None:
            levels[level] = _level(own)
    return _Instance(_List(levels, shared.counts), starts)


def _levels(element: Any) -> dict[int, _Level]:
    found = {
        _whole(level.get(qn("w:ilvl")), 0): _level(level)
        for level in element.iterchildren(qn("w:lvl"))
    }
    return {number: level for number, level in found.items() if number < _LEVELS}


def _level(element: Any) -> _Level:
    restart = _value(element.find(qn("w:lvlRestart")))
    legal = element.find(qn("w:isLgl"))
    return _Level(
        start=_whole(_value(element.find(qn("w:start"))), 1),
        form=_value(element.find(qn("w:numFmt"))) or "decimal",
        words=_value(element.find(qn("w:lvlText"))) or "",
        separator=_SEPARATORS.get(_value(element.find(qn("w:suff"))) or "", " "),
        restarts=None if restart is None else _whole(restart, 0),
        decimal=legal is not None and legal.get(qn("w:val")) not in {"0", "false"},
    )


def _counted(counted: _List, number: int) -> str:
    level, counts = counted.levels[number], counted.counts
    now = counts[number]
    counts[number] = level.start if now is None else now + 1
    for deeper in range(number + 1, _LEVELS):
        below = counted.levels.get(deeper)
        restarts = None if below is None else below.restarts
        if restarts is None or number < restarts:
            counts[deeper] = None
    if level.form == "bullet":
        return ""

    def written(place: re.Match[str]) -> str:
        position = int(place.group(1)) - 1
        other = counted.levels.get(position, level)
        count = counts[position]
        form = "decimal" if level.decimal else other.form
        return _written(other.start if count is None else count, form)

    label = _PLACE.sub(written, level.words)
    return f"{label}{level.separator}" if label else ""


def _letters(value: int) -> str:
    return chr(ord("A") + (value - 1) % 26) * min((value - 1) // 26 + 1, _LEVELS)


def _roman(value: int) -> str:
    roman = ""
    for unit, name in _ROMAN:
        roman += name * (value // unit)
        value %= unit
    return roman


def _circled(value: int) -> str:
    return chr(ord("①") + value - 1) if value <= 20 else str(value)


_FORMS: Final[Mapping[str, Callable[[int], str]]] = {
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "chineseLegalSimplified": lambda value: chinese(value).translate(_FORMAL),
    "ideographLegalTraditional": lambda value: chinese(value).translate(_FORMAL),
    "ideographDigital": lambda value: str(value).translate(_DIGITS),
    "taiwaneseDigital": lambda value: str(value).translate(_DIGITS),
    "ideographTraditional": lambda value: _STEMS[(value - 1) % len(_STEMS)],
    "ideographZodiac": lambda value: _BRANCHES[(value - 1) % len(_BRANCHES)],
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": lambda value: f"({value})",
    "decimalEnclosedFullstop": lambda value: f"{value}.",
    "decimalFullWidth": lambda value: str(value).translate(_WIDE),
    "decimalZero": lambda value: f"{value:02d}",
    "upperLetter": _letters,
    "lowerLetter": lambda value: _letters(value).lower(),
    "upperRoman": _roman,
    "lowerRoman": lambda value: _roman(value).lower(),
}
"""Names of ST_NumberFormat (ISO/IEC 29500-1, 17.18.59); every other is written in digits."""


def _written(value: int, form: str) -> str:
    if form in {"none", "bullet"}:
        return ""
    return _FORMS.get(form, str)(value) if 0 < value < _HIGHEST else str(value)


def _numbered_styles(styles: Any) -> dict[str, tuple[str | None, str | None]]:
    """Style id → (list, level) that it gives its paragraphs, inherited from the one below it."""
    own: dict[str, tuple[str | None, str | None]] = {}
    based: dict[str, str] = {}
    for style in styles.iterchildren(qn("w:style")):
        key = style.get(qn("w:styleId")) or ""
        path = f"{qn('w:pPr')}/{qn('w:numPr')}"
        number = style.find(path)
        if number is not None:
            own[key] = _value(number.find(qn("w:numId"))), _value(number.find(qn("w:ilvl")))
        if base := _value(style.find(qn("w:basedOn"))):
            based[key] = base
    found: dict[str, tuple[str | None, str | None]] = {}
    for key in {*own, *based}:
        seen: list[str] = []
        current: str | None = key
        while current is not None and current not in own and current not in seen:
            seen.append(current)
            current = based.get(current)
        if current is not None and current in own:
            found[key] = own[current]
    return found


def _value(element: Any | None) -> str | None:
    return None if element is None else element.get(qn("w:val"))


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 7 else default
