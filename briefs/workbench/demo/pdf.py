"""The PDF files, set by Typst in the typeface that comes with the product."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import as_file, files

import typst

from briefs.errors import DefectError
from briefs.workbench.demo.markup import Part
from knowledge.model import Metadata


def pdf_bytes(parts: Sequence[Part], metadata: Metadata, *, mark: str) -> bytes:
    """Set `parts` as an A4 document with running header and page numbers.

    The same parts give the same bytes: no system font is used and the date is the document's own.
    """
    document = {
        "title": metadata.title,
        "authors": list(metadata.authors),
        "mark": mark,
        "parts": [asdict(part) for part in parts],
    }
    template = (files(__package__) / "page.typ").read_bytes()
    compiler = typst.Compiler(template, font_paths=_fonts())
    rendered = compiler.compile(
        format="pdf",
        sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
        timestamp=datetime.fromisoformat(metadata.issued_on or "").replace(tzinfo=UTC),
    )
    if not isinstance(rendered, bytes):
        raise DefectError
    return rendered


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    with as_file(files("manimgx_fonts_cjk")) as folder:
        return typst.Fonts(include_system_fonts=False, font_paths=[folder])
