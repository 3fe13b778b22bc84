"""PDF: set by Typst, with GB/T 9704's measures and no red header."""

import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import typst

from briefs.errors import SettingError
from briefs.exporters.view import Sentence, View
from briefs.tables import Table

_TEMPLATE = Path(__file__).parent / "brief.typ"
_BUILT_IN = "Noto Sans CJK SC"
_LATIN = ("Libertinus Serif",)
"""Comes with Typst; for publications in other languages, whose quotation marks are narrow."""
_BODY = ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FandolFang R")
_TITLE = ("FZXiaoBiaoSong-B05S", "方正小标宋简体", "FZXiaoBiaoSong-B05", "Noto Serif CJK SC")
_HEADING = ("SimHei", "黑体", "FandolHei", "STHeiti")
_SECOND = ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "FandolKai")
_LAST_WORD = re.compile(r"(?:[A-Za-z0-9%.'’-]{1,20}|.)[。，！？；：、”’』」）》〉】…)\]]{0,4}$")
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
"""Never printed nor written (see ``dated``); it only keeps the compiler from asking the clock."""


@lru_cache(maxsize=4)
def _fonts(font_folder: Path | None) -> typst.Fonts:
    package = find_spec("manimgx_fonts_cjk")
    paths = [Path(place) for place in (package.submodule_search_locations or ())] if package else []
    if font_folder is not None:
        paths.insert(0, font_folder)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=paths)


def to_pdf(view: View, *, font_folder: Path | None = None) -> bytes:
    """Render tagged PDF/UA-1, an edition also PDF/A-2a; same view and fonts, same bytes.

    The machine's own fonts are never used. The text reaches Typst as data, so nothing in it is
    read as markup. Links to source pages are set only where the view knows the server's address;
    without it a mark leads to its reference.

    Raises:
        SettingError: `font_folder` is not a folder.
    """
    if font_folder is not None and not font_folder.is_dir():
        raise SettingError(key="font folder", value=font_folder, allowed="a folder with fonts")
    fonts = _fonts(font_folder)
    compiler = typst.Compiler(
        input=_TEMPLATE.read_bytes(),
        root=_TEMPLATE.parent,
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"brief": json.dumps(_data(view, set(fonts.families())), ensure_ascii=False)},
    )
    when = view.published_at
    rendered = compiler.compile(
        format="pdf",
        # PDF/A demands a date, and a draft has none.
        pdf_standards=["a-2a", "ua-1"] if when else ["ua-1"],
        timestamp=_in_utc(when) if when else _NO_DATE,
    )
    assert isinstance(rendered, bytes)  # noqa: S101  # nosec B101 – a list: PNG, SVG
    return rendered


def _in_utc(when: datetime) -> datetime:
    whole = when.replace(microsecond=0)  # Typst takes no finer moment
    return whole.astimezone(UTC) if whole.tzinfo else whole.replace(tzinfo=UTC)


def _faces(wanted: tuple[str, ...], there: set[str]) -> list[str]:
    """Those fonts that are there, the built-in one last."""
    return [*(name for name in wanted if name in there), _BUILT_IN]


def _data(view: View, there: set[str]) -> dict[str, object]:
    language, _, region = view.language.partition("-")
    is_chinese = language == "zh"
    return {
        "title": view.title,
        "dated": view.published_at is not None,
        "library": view.library,
        "language": language,
        "region": region[-2:].lower() if region else None,
        "meta": " · ".join(view.meta),
        "banner": view.banner,
        "notice": view.notice,
        "legend": view.legend,
        "references": view.words.references,
        "closed": view.words.aside.format(note=view.words.closed),
        "linked": bool(view.base_url),
        "numbered": view.numbered,
        "lines": [_line(sentence, view) for sentence in view.sentences],
        "entries": [
            {
                "number": e.number,
                "text": e.text,
                "href": e.href,
                "closed": e.closed,
                "recognised": view.words.aside.format(note=e.recognised) if e.recognised else "",
            }
            for e in view.entries
        ],
        "fonts": {
            "body": _faces(_BODY if is_chinese else _LATIN, there),
            "title": _faces(_TITLE if is_chinese else _LATIN, there),
            "heading": _faces(_HEADING if is_chinese else _LATIN, there),
            "second": _faces(_SECOND if is_chinese else _LATIN, there),
        },
    }


def _line(sentence: Sentence, view: View) -> dict[str, object]:
    found = _LAST_WORD.search(sentence.text) if sentence.marks else None
    hook = found.group() if found else ""
    return {
        "level": sentence.level,
        "quote": sentence.kind == "quote",
        "tag": sentence.tag,
        "formula": view.words.aside.format(note=sentence.formula) if sentence.formula else "",
        "number": sentence.number,
        "gap": view.words.gap if sentence.text else "",
        "table": _table(sentence.table) if sentence.table else None,
        "picture": _picture(sentence),
        "source": sentence.source,
        "stem": sentence.text[: len(sentence.text) - len(hook)],
        "hook": hook,
        "tail": sentence.tail,
        "marks": [
            {
                "text": mark.text,
                "raised": not mark.words,
                "spoken": mark.spoken,
                "href": mark.href,
                "reference": mark.reference,
            }
            for mark in sentence.marks
        ],
    }


def _table(table: Table) -> dict[str, object]:
    return {"header": table.header, "rows": table.rows, "figures": table.figures}


def _picture(sentence: Sentence) -> dict[str, object] | None:
    """Typst takes bytes as numbers; the alternative text is the caption."""
    picture = sentence.picture
    if picture is None:
        return None
    return {
        "png": list(picture.png),
        "alt": sentence.text or sentence.number,
        "wide": picture.width,
        "high": picture.height,
    }
