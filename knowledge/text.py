"""Cleaning, folding for comparison, and sentences; knows nothing of files."""

import functools
import re
import unicodedata
from typing import Final

HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3007\U00020000-\U000323af"
"""Ranges of Han characters, for use inside a regular expression's brackets."""

_WIDE: Final = (
    HAN + "\u2014\u2018-\u201d\u2026\u3000-\u33ff\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40"
    "\uff5b-\uffef\U0001f200-\U0001f2ff"
)
"""Han, and the punctuation that is set as wide; not full-width letters and digits."""

_BLANKED: Final = {"\t": " ", "\u00a0": " ", "\u202f": " ", "\u2007": " "}
_BROKEN_LINES: Final = (
    "\r\n",
    "\r",
    "\v",
    "\f",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x85",
    "\u2028",
    "\u2029",
)
_COMBINED: Final = re.compile("[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]+")
# Sorting the marks of one letter takes the square of their number.
_MOST_COMBINED: Final = 20


@functools.cache
def _unwanted() -> dict[int, str | None]:
    """Controls, zero-width, bidirectional and soft-hyphen characters, and non-characters."""
    ranges = (
        (0x00, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x61C, 0x61C), (0x180E, 0x180E),
        (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xD800, 0xDFFF),
        (0xFDD0, 0xFDEF), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFC), (0xFFFE, 0xFFFF),
        (0xE0000, 0xE007F),
    )  # fmt: skip
    table: dict[int, str | None] = {
        code: None for first, last in ranges for code in range(first, last + 1) if code != 0x0A
    }
    table.update(
        {0x1_0000 * plane + low: None for plane in range(1, 17) for low in (0xFFFE, 0xFFFF)}
    )
    table.update({ord(character): blank for character, blank in _BLANKED.items()})
    return table


def clean(text: str) -> str:
    r"""Remove what no reader can see and no search should meet; idempotent.

    Line ends of every kind become ``\n``, tabs and hard blanks a blank; control, zero-width,
    bidirectional and soft-hyphen characters, non-characters and lone surrogates go; letters and
    their combining marks (twenty at the most) are composed. Full-width forms and punctuation
    stay as printed.
    """
    for line_end in _BROKEN_LINES:
        if line_end in text:
            text = text.replace(line_end, "\n")
    text = text.translate(_unwanted())
    return _COMBINED.sub(_composed, text)


def _composed(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", match.group()[: 1 + _MOST_COMBINED])


_VARIANTS: Final = {
    **dict.fromkeys("“”„‟〝〞「」『』«»", '"'),
    **dict.fromkeys("‘’‚‛′", "'"),
    **dict.fromkeys("‐‑‒–—―−─", "-"),
    **dict.fromkeys("・•‧∙", "·"),
    **dict.fromkeys("〜∼", "~"),
    "○": "〇",
    "〔": "[",
    "〕": "]",
}


@functools.cache
def _fold_table() -> dict[int, str]:
    """Code point → folded text, for those that fold to something else."""
    table: dict[int, str] = {}
    planes = (range(0x80, 0xD800), range(0xF900, 0x10000), range(0x1D400, 0x1D800),
              range(0x1F100, 0x1F300), range(0x2F800, 0x2FA20))  # fmt: skip
    simplified = _simplified()
    for code in (*range(ord("A"), ord("Z") + 1), *(code for plane in planes for code in plane)):
        character = chr(code)
        folded = _VARIANTS.get(character) or unicodedata.normalize("NFKC", character).lower()
        if folded == character and character not in simplified:
            # Nearly all: the table is made at every start.
            continue
        folded = "".join(_VARIANTS.get(part) or simplified.get(part, part) for part in folded)
        if folded != character and not any(part.isspace() for part in folded):
            table[code] = folded
    table.update({ord(old): new for old, new in simplified.items() if ord(old) not in table})
    return table


@functools.cache
def _simplified() -> dict[str, str]:
    """Traditional character → simplified, character by character (OpenCC's table)."""
    from opencc import OpenCC

    converter = OpenCC("t2s")
    # It takes each character apart, those of no table too: ten times as many.
    known = {key for *_lengths, table in converter.dict_cache.values() for key in table}
    codes = (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))
    characters = [character for character in map(chr, codes) if character in known]
    converted = converter.convert("\n".join(characters)).split("\n")
    pairs = zip(characters, converted, strict=True)
    return {old: new for old, new in pairs if old != new and len(new) == 1}


# A run of blanks is tried from its start alone: its length counts once, however long it is.
_FOLDED_BLANK: Final = re.compile(
    rf"^\s+|(?<!\s)\s+$|(?<=[{_WIDE}])\s+|(?<!\s)\s+(?=[{_WIDE}%‰°℃])"
)
_BLANKS: Final = re.compile(r"\s+")


def fold(text: str) -> str:
    """Bring text into the form in which quotes, titles and queries are compared; idempotent.

    Compatibility forms (NFKC), capitals, traditional characters, quotation marks, dashes and
    bracket shapes are unified; blanks at the ends and beside Han characters or full-width
    punctuation go, other runs of blanks become one.
    """
    return _BLANKS.sub(" ", _FOLDED_BLANK.sub("", text)).translate(_fold_table())


def fold_with_map(text: str) -> tuple[str, list[int]]:
    """Fold, and give for each folded character the offset in `text` it came from.

    The first value equals ``fold(text)``; the list has its length and never falls.
    """
    removed = [match.span() for match in _FOLDED_BLANK.finditer(text)]
    kept: list[int] = []
    position = 0
    for start, end in (*removed, (len(text), len(text))):
        kept.extend(range(position, start))
        position = end
    table = _fold_table()
    folded: list[str] = []
    offsets: list[int] = []
    blank_before = False
    for offset in kept:
        character = text[offset]
        blank = character.isspace()
        if blank and blank_before:
            continue
        blank_before = blank
        new = " " if blank else table.get(ord(character), character)
        folded.append(new)
        offsets.extend([offset] * len(new))
    return "".join(folded), offsets


_OPENING: Final = {"“": "”", "‘": "’", "「": "」", "『": "』", "（": "）", "(": ")", "《": "》",
                   "〈": "〉", "【": "】", "[": "]", "〔": "〕"}  # fmt: skip
_CLOSING: Final = {closing: opening for opening, closing in _OPENING.items()}
_CLOSERS: Final = "”’」』）)》〉】]〕"
_STRAIGHT: Final = '"'
_STOPS: Final = "。！？!?"
_MARK: Final = re.compile(r"[“”‘’「」『』（）()《》〈〉【】\[\]〔〕\n\"]|[。！？；!?;…]+|\.")
_ONE_HAN: Final = re.compile(f"[{HAN}]")
_TAIL: Final = re.compile(rf"[{re.escape(_CLOSERS)}]*")
_REST: Final = re.compile(r"\s*")
_LONGEST_QUOTATION: Final = 200
_DEEPEST: Final = 12
_LONG_CLAUSE: Final = 60
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|etc|cf|al|Fig|Figs|Eq|No|Nos|Vol|Vols|pp|p|Ch|Sec|ed|eds"
    r"|e\.g|i\.e|[ap]\.m|viz|Inc|Ltd|Co|Corp|Dept|Univ|approx|Art|Arts|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep"
    r"|Sept|Oct|Nov|Dec)|\b[A-Z])$"
)
_ENUMERATOR: Final = re.compile(r"\s*(?:\d{1,3}|[ivxlc]{1,5})$")


def sentences(text: str) -> list[tuple[int, int]]:
    """Split into sentences: ascending spans ``[start, end)`` that cover the text completely.

    A sentence ends at 。！？, at an English full stop that ends one, at ；once the clause is long,
    and at a line end; closing quotes, brackets and the blanks after it stay with it. It never
    ends inside a number or an abbreviation, nor inside brackets or a quotation unless that runs
    on for more than 200 characters.
    """
    spans: list[tuple[int, int]] = []
    start = position = 0
    opened: list[tuple[str, int]] = []
    while match := _MARK.search(text, position):
        mark, at = match.group(), match.start()
        position = match.end()
        end = None
        if mark in _OPENING:
            _open(opened, _OPENING[mark], at)
        elif mark in _CLOSING or (mark == _STRAIGHT and _is_open(opened, mark, at)):
            end = _close(opened, mark, text, start, at)
        elif mark == _STRAIGHT:
            _open(opened, mark, at)
        elif mark == "\n":
            end = position
        else:
            while opened and at - opened[-1][1] > _LONGEST_QUOTATION:
                opened.pop()
            if not opened and _ends(text, match.span(), start=start):
                end = _match_end(_TAIL, text, position)
        if end is not None:
            end = _match_end(_REST, text, end)
            spans.append((start, end))
            start = position = end
            opened.clear()
    if start < len(text):
        spans.append((start, len(text)))
    return spans


def _match_end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def _open(opened: list[tuple[str, int]], closing: str, at: int) -> None:
    if len(opened) < _DEEPEST:
        opened.append((closing, at))


def _is_open(opened: list[tuple[str, int]], closing: str, at: int) -> bool:
    return any(mark == closing and at - began <= _LONGEST_QUOTATION for mark, began in opened)


def _close(opened: list[tuple[str, int]], mark: str, text: str, start: int, at: int) -> int | None:
    """Close a quotation; give the sentence's end if the quotation ended with a full stop."""
    if all(closing != mark for closing, _ in opened):
        return None
    while opened and opened.pop()[0] != mark:
        pass
    if mark not in '”」』"' or opened:
        return None
    tail = _match_end(_TAIL, text, at + 1)
    follows = text[tail : tail + 1]
    said = text[at - 1] in _STOPS and follows not in "，、,；：的（" + _CLOSERS
    if said and text[at - 1] in "!?":
        said = not _goes_on(text, tail)
    elif text[at - 1] == ".":
        said = (not follows or follows.isspace()) and not _abbreviated(text, at - 1, start=start)
    return tail if said else None


def _ends(text: str, run: tuple[int, int], *, start: int) -> bool:
    """Whether a mark, or a run of them, outside of brackets ends its sentence."""
    at, run_end = run
    marks = text[at:run_end]
    if any(stop in marks for stop in "。！？"):
        return True
    tail = _match_end(_TAIL, text, run_end)
    after = text[tail : tail + 1]
    stands_free = not after or after.isspace()
    if marks == ".":
        if at and _ONE_HAN.match(text, at - 1):
            return stands_free or bool(_ONE_HAN.match(after))
        return stands_free and not _abbreviated(text, at, start=start)
    if "!" in marks or "?" in marks:
        return (stands_free and not _goes_on(text, tail)) or not (stands_free or after.isascii())
    if "…" in marks:
        return stands_free
    return at - start >= _LONG_CLAUSE and ("；" in marks or stands_free)


def _goes_on(text: str, position: int) -> bool:
    """Whether an English sentence goes on after a quotation or an abbreviation."""
    rest = _match_end(_REST, text, position)
    return text[rest : rest + 1].islower()


def _abbreviated(text: str, at: int, *, start: int) -> bool:
    """Whether an English full stop belongs to an abbreviation, an initial or an enumerator."""
    if _goes_on(text, _match_end(_TAIL, text, at + 1)) or _ENUMERATOR.match(text, start, at):
        return True
    return bool(_ABBREVIATION.search(text, max(start, at - 12), at))
