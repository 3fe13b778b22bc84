"""PPTX: each slide a page, with its title, its text, its tables and the speaker's notes."""

import io
from collections.abc import Iterator
from typing import Any, Final

import pptx
from pptx.enum.shapes import PP_PLACEHOLDER

from knowledge.errors import EmptyFileError
from knowledge.model import BlockKind, PageText, Reading
from knowledge.readers.assembly import Cell, PageBuilder, add_grid, grid_of
from knowledge.readers.guard import check_package, check_text_size, library_failures
from knowledge.readers.metadata import Hints, catalogue

_MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_TITLES: Final = frozenset({PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE})
_FURNITURE: Final = frozenset(
    {PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER}
)
_DEEPEST: Final = 20


class SlidesReader:
    """Reads PPTX; slides are pages, labelled with their numbers. Macros are not looked at."""

    suffixes = frozenset({".pptx", ".pptm", ".ppsx"})

    def read(self, data: bytes, name: str) -> Reading:
        """Read a presentation; see `knowledge.protocols.Reader`."""
        check_package(data, name, expected="PPTX", member="ppt/presentation.xml")
        with library_failures(name):
            deck = pptx.Presentation(io.BytesIO(data))
            pages: list[PageText] = []
            size = 0
            for number, slide in enumerate(deck.slides, start=1):
                pages.append(_page(slide, str(number)))
                size += len(pages[-1].text)
                check_text_size(size, name)
            hints = Hints(title=deck.core_properties.title)
        if not any(page.text for page in pages):
            raise EmptyFileError(name=name)
        known = catalogue(pages, name, hints=hints)
        blank = ",".join(page.label or "" for page in pages if not page.text)
        remarks = (f"pages-without-text:{blank}",) if blank else ()
        return Reading(
            _MEDIA_TYPE, True, tuple(pages), known.metadata, remarks=remarks, grounds=known.grounds
        )


def _page(slide: Any, label: str) -> PageText:
    builder = PageBuilder()
    shapes = sorted(_shapes(slide.shapes), key=_place)
    for shape in shapes:
        if shape.has_text_frame:
            _add_text(builder, shape)
        elif getattr(shape, "has_table", False):
            _add_table(builder, shape.table)
    if slide.has_notes_slide:
        frame = slide.notes_slide.notes_text_frame
        for line in frame.text.splitlines() if frame is not None else ():
            builder.add(BlockKind.PARAGRAPH, line)
    return builder.page(label=label)


def _shapes(shapes: Any, depth: int = 0) -> Iterator[Any]:
    """All shapes, those of groups too."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            if depth < _DEEPEST:
                yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _place(shape: Any) -> tuple[bool, int, int]:
    """The title first, then as a person reads: downwards, from left to right."""
    return _kind(shape) not in _TITLES, shape.top or 0, shape.left or 0


def _kind(shape: Any) -> Any:
    return shape.placeholder_format.type if shape.is_placeholder else None


def _add_text(builder: PageBuilder, shape: Any) -> None:
    kind = _kind(shape)
    if kind in _TITLES:
        words = " ".join(shape.text_frame.text.split())
        builder.add(BlockKind.HEADING, words, level=1)
        return
    block = BlockKind.FURNITURE if kind in _FURNITURE else BlockKind.PARAGRAPH
    for paragraph in shape.text_frame.paragraphs:
        for line in paragraph.text.splitlines():
            builder.add(block, line)


def _add_table(builder: PageBuilder, table: Any) -> None:
    rows: list[list[tuple[Cell, int, int]]] = []
    for number, row in enumerate(table.rows):
        rows.append([])
        for cell in row.cells:
            if cell.is_spanned:
                continue
            origin = cell.is_merge_origin
            width, height = (cell.span_width, cell.span_height) if origin else (1, 1)
            words = Cell(" ".join(cell.text.split()), table.first_row and number == 0)
            rows[-1].append((words, width, height))
    add_grid(builder, grid_of(rows))
