"""PDF files for tests, set with Typst in the packaged typeface, or drawn by hand."""

import functools
import tempfile
from collections.abc import Sequence
from pathlib import Path

import manimgx_fonts_cjk
import typst

from knowledge.model import BlockKind, Reading
from knowledge.readers.pdf_lines import Line

_FONTS = [Path(manimgx_fonts_cjk.__file__).parent]
_HEAD = """#set page(width: 148mm, height: 105mm, margin: 15mm)
#set text(font: "Noto Sans CJK SC", lang: "zh", size: 10pt)
"""


@functools.cache
def set_pdf(source: str) -> bytes:
    """Set Typst markup."""
    with tempfile.TemporaryDirectory() as folder:
        written, printed = Path(folder, "a.typ"), Path(folder, "a.pdf")
        written.write_text(_HEAD + source, encoding="utf-8")
        typst.compile(written, printed, font_paths=_FONTS, ignore_system_fonts=True)
        return printed.read_bytes()


def drawn_pdf(content: str, *, page: str = "", font: str = "") -> bytes:
    """One page of 300 by 200 points with a content stream; Helvetica is /F1."""
    face = f"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding{font}>>"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]{page}/Contents 5 0 R"
        "/Resources<</Font<</F1 4 0 R>>>>>>",
        face,
        f"<</Length {len(content)}>>\nstream\n{content}\nendstream",
    )
    data = "%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    data += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R>>\n"
    return (data + f"startxref\n{data.index('xref')}\n%%EOF").encode("latin-1")


def shown(words: Sequence[tuple[float, float, str]]) -> str:
    """A content stream: words of 12 points at places from the page's lower left corner."""
    return "\n".join(f"BT /F1 12 Tf {x} {y} Td ({text}) Tj ET" for x, y, text in words)


def line(text: str, left: float, top: float, *, size: float = 10.0) -> Line:
    """A line of square letters."""
    return Line(text, left, top, left + size * len(text), top + size, size)


def of_kind(reading: Reading, kind: BlockKind) -> list[str]:
    """The text of a file's blocks of one kind."""
    return [
        page.text[block.start : block.end]
        for page in reading.pages
        for block in page.blocks
        if block.kind is kind
    ]
