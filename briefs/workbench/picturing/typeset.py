"""A clean A4 page of a source that has no printed pages, set by Typst with the words marked."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import typst

from briefs.workbench.picturing.marking import Piece, Run, pieces
from knowledge.model import Page, Span

_TEMPLATE: Final = Path(__file__).parent / "sheet.typ"
_A4_POINTS: Final = 595.276
_POINTS_AN_INCH: Final = 72
_AROUND: Final = 40
"""Paragraphs before and after the marked ones that are tried: no page holds more."""
_LONGEST: Final = 900
"""Characters of one paragraph: less than a page, so that one always fits."""
_BEFORE_MARK: Final = 200
_ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True)
class Caption:
    """What the sheet says of itself, in the reader's language."""

    title: str
    heading: str
    """The headings above the words, joined; may be empty."""
    foot: str
    place: str
    left_out: str
    """Stands where text of the page was left out."""
    language: str


def sheet(page: Page, marks: Sequence[Span], *, caption: Caption) -> str:
    """What Typst is given: JSON of the caption and the paragraphs around the first mark.

    Deterministic; nothing in it is ever read as markup.
    """
    found = pieces(page, marks)
    marked = [number for number, piece in enumerate(found) if _is_marked(piece)]
    first, last = (marked[0], marked[-1]) if marked else (0, 0)
    start = max(first - _AROUND, 0)
    kept = found[start : min(last, first + _AROUND) + _AROUND]
    data: dict[str, Any] = {
        "title": caption.title,
        "heading": caption.heading,
        "foot": caption.foot,
        "place": caption.place,
        "left_out": caption.left_out,
        "language": caption.language,
        "at": first - start,
        "until": min(last + 1 - start, len(kept)),
        "pieces": [_piece(piece) for piece in kept],
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


def typeset(given: str, *, width: int) -> bytes:
    """Set what `sheet` gave as a PNG of `width` pixels; same input, same bytes."""
    compiler = typst.Compiler(
        input=_TEMPLATE.read_bytes(),
        root=_TEMPLATE.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"page": given},
    )
    made = compiler.compile(format="png", ppi=width * _POINTS_AN_INCH / _A4_POINTS)
    if isinstance(made, list):
        # Only a title of more than a page overruns; the first page is the one asked for.
        return made[0]
    assert made is not None  # noqa: S101  # nosec B101 – None: a file is written
    return made


@cache
def _fonts() -> typst.Fonts:
    package = find_spec("manimgx_fonts_cjk")
    places = (package.submodule_search_locations or ()) if package else ()
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[Path(place) for place in places],
    )


def _is_marked(piece: Piece) -> bool:
    return any(run.marked for run in piece.runs)


def _piece(piece: Piece) -> dict[str, Any]:
    runs = [{"text": run.text, "marked": run.marked} for run in _shortened(piece.runs)]
    return {"kind": piece.kind.value, "level": piece.level or 1, "runs": runs}


def _shortened(runs: Sequence[Run]) -> list[Run]:
    """The runs, cut to `_LONGEST` characters around the first marked one."""
    total = sum(len(run.text) for run in runs)
    if total <= _LONGEST:
        return list(runs)
    before = 0
    for run in runs:
        if run.marked:
            break
        before += len(run.text)
    start = 0 if before == total else max(before - _BEFORE_MARK, 0)
    kept, at = [], 0
    for run in runs:
        words = run.text[max(start - at, 0) : max(start + _LONGEST - at, 0)]
        if words:
            kept.append(Run(words, run.marked))
        at += len(run.text)
    head = [Run(_ELLIPSIS)] if start else []
    return [*head, *kept, *([Run(_ELLIPSIS)] if start + _LONGEST < total else [])]
