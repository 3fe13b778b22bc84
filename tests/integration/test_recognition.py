"""Text recognition with the real models, in its process: pictures of pages set in the test."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import manimgx_fonts_cjk
import pytest
from PIL import Image, ImageDraw, ImageFont

from knowledge.ingest import AddOutcome
from knowledge.model import Layer
from knowledge.places import Box
from knowledge.recognition.remote import RemoteRecogniser
from knowledge.recognition.sheet import sheet_texts
from tests.homes import open_home

FONT = Path(manimgx_fonts_cjk.__file__).parent / "NotoSansCJK-VF.otf.ttc"
LINES = (
    "青河市图书馆关于社区书房的通知",
    "到2025年底，全市建成书房一百二十家。",
)
SIZE, LEFT, TOP, LEADING = 28, 60, 60, 70
DENSITY = 144
ROOT = Path(__file__).resolve().parents[2]
WORK = """
import sys
from pathlib import Path
from tests.homes import open_home
bench = open_home(Path(sys.argv[1]))
bench.recognising.work(progress=lambda tally: print(tally.waiting, flush=True))
"""


def drawn(lines: tuple[str, ...] = LINES) -> Image.Image:
    page = Image.new("RGB", (700, 260), "white")
    font = ImageFont.truetype(str(FONT), SIZE, index=2)
    font.set_variation_by_axes([400])
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        draw.text((LEFT, TOP + number * LEADING), line, font=font, fill="black")
    return page


def saved(*pages: Image.Image) -> bytes:
    out = io.BytesIO()
    first, *rest = pages
    first.save(out, "TIFF", save_all=True, append_images=rest, dpi=(DENSITY, DENSITY))
    return out.getvalue()


@pytest.fixture(scope="module")
def recogniser() -> Iterator[RemoteRecogniser]:
    data = saved(
        drawn(), drawn().rotate(2, fillcolor="white"), drawn().transpose(Image.Transpose.ROTATE_90)
    )
    made = RemoteRecogniser(lambda _sha256: data)
    yield made
    made.close()


def near(box: Box | None, left: float, top: float, size: float) -> bool:
    return (
        box is not None
        and abs(box.left - left) < 4
        and abs((box.right - box.left) - size) < 4
        and top - 3 < box.top < box.bottom < top + 1.7 * size
    )


def test_every_character_is_read_and_placed(recogniser: RemoteRecogniser) -> None:
    (page,) = sheet_texts([recogniser.recognise("a", 1)])
    assert "".join(page.text.split()) == "".join(LINES)
    assert page.places is not None
    assert (round(page.places.width), round(page.places.height)) == (350, 130)
    # 144 dots an inch: two pixels a point. Han characters are as wide as the type is high.
    for number, character in enumerate(LINES[0]):
        box = page.places.box(number)
        assert near(box, (LEFT + number * SIZE) / 2, TOP / 2, SIZE / 2), (character, box)
    assert min(sure.confidence for sure in page.recognised) > 0.9


def test_a_page_askew_is_read_and_its_boxes_lie_on_it(recogniser: RemoteRecogniser) -> None:
    sheet = recogniser.recognise("a", 2)
    assert sheet.stance.skew == pytest.approx(-0.035, abs=0.01)
    (page,) = sheet_texts([sheet])
    assert "".join(page.text.split()) == "".join(LINES)
    assert page.places is not None
    first, last = page.places.box(0), page.places.box(len(LINES[0]) - 1)
    assert first is not None
    assert last is not None
    # Turned counter-clockwise by two degrees, the line rises to the right.
    assert 4 < first.top - last.top < 10


def test_a_page_on_its_side_is_read_and_its_boxes_are_where_it_shows(
    recogniser: RemoteRecogniser,
) -> None:
    sheet = recogniser.recognise("a", 3)
    (page,) = sheet_texts([sheet])
    assert "".join(page.text.split()) == "".join(LINES)
    assert sheet.stance.turns == 3
    assert page.places is not None
    assert (round(page.places.width), round(page.places.height)) == (130, 350)
    first = page.places.box(0)
    assert first is not None
    # What was the left edge is now the bottom.
    assert abs(350 - LEFT / 2 - first.bottom) < 4
    assert abs(TOP / 2 - first.left) < 8


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    bench = open_home(tmp_path)
    added = bench.ingest.add(
        saved(drawn(), drawn(LINES[1:]), drawn(("书房由各街道管理。",))),
        "scan.tiff",
        source="/scan.tiff",
        actor=bench.actor,
    )
    assert added.outcome is AddOutcome.ADDED
    bench.close()
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"2\n"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    bench = open_home(tmp_path)
    before = bench.recognising.tally()
    assert (before.waiting, before.failed) in {(2, 0), (1, 0)}
    start = time.perf_counter()
    worked = bench.recognising.work()
    assert time.perf_counter() - start < 120
    assert worked.done == before.waiting
    assert added.document_id is not None
    document = bench.documents.get(added.document_id)
    pages = bench.documents.pages(document.current_version)
    assert [page.layer for page in pages] == [Layer.RECOGNISED] * 3
    bench.index()
    result = bench.retriever.search("书房 一百二十家", 1)[0]
    assert result.document.id == document.id
    assert result.confidence is not None
    bench.close()
