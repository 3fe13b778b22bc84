"""Versions stored by hand, with their characters in known places and known confidences."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from briefs.workbench.bootstrap import Workbench
from knowledge import chunking
from knowledge.model import (
    Access,
    Layer,
    Metadata,
    PageText,
    PassageDraft,
    Reading,
    Recognised,
    Stamp,
    Version,
)
from knowledge.places import Box, Places

WIDTH, HEIGHT, LINE = 400.0, 500.0, 40.0
"""Points; a page's characters stand `LINE` apart across and down, from `LINE` on."""
CONFIDENCES = (0.97, 0.934, 0.88)
"""Of a page's first, second … line."""


def box_of(line: int, column: int) -> Box:
    """Where a character is printed."""
    left, top = LINE * (column + 1), LINE * (line + 1)
    return Box(left, top, left + LINE, top + LINE * 0.8)


def places_of(text: str) -> Places:
    """Boxes of a text's characters, one line of print a line of text."""
    boxes: list[Box | None] = []
    for number, line in enumerate(text.split("\n")):
        boxes += [box_of(number, column) for column in range(len(line))]
        boxes.append(None)
    return Places.of(WIDTH, HEIGHT, boxes=boxes[:-1])


def scanned(text: str, *, layer: Layer = Layer.RECOGNISED) -> PageText:
    """A page of a scan with one paragraph a line."""
    recognised, at = [], 0
    for number, line in enumerate(text.split("\n")):
        recognised.append(Recognised(at, at + len(line), CONFIDENCES[number % len(CONFIDENCES)]))
        at += len(line) + 1
    return PageText(
        text,
        layer=layer,
        places=places_of(text),
        recognised=tuple(recognised) if layer is Layer.RECOGNISED else (),
    )


def picture(pages: int) -> bytes:
    """A TIFF of white pages, each with a black bar at its upper edge."""
    frames = []
    for _ in range(pages):
        frame = Image.new("RGB", (int(WIDTH), int(HEIGHT)), "white")
        ImageDraw.Draw(frame).rectangle((0, 0, int(WIDTH), 4), fill="black")
        frames.append(frame)
    packed = io.BytesIO()
    frames[0].save(packed, "TIFF", save_all=True, append_images=frames[1:])
    return packed.getvalue()


def store(
    bench: Workbench,
    pages: Sequence[PageText],
    *,
    title: str = "扫描的纪要",
    drafts: Sequence[PassageDraft] | None = None,
) -> Version:
    """Store pages as a scan, with its original."""
    data = picture(len(pages))
    sha256 = bench.originals.stage(data)
    actor = bench.actor
    made = chunking.passages(pages) if drafts is None else drafts
    version = bench.documents.add_version(
        Reading("image/tiff", True, tuple(pages), Metadata(title=title, language="zh")),
        made,
        document_id=None,
        source=f"upload:{title}.tiff",
        file=(f"{title}.tiff", sha256, len(data)),
        stamp=Stamp(actor.branch_id, Access.PUBLIC, actor.person_id, bench.clock()),
    )
    bench.originals.settle(sha256)
    return version
