"""Scans as pictures, and how their pages are laid before recognition."""

import io

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from knowledge.errors import (
    DamagedError,
    EmptyFileError,
    MislabelledError,
    SmallPictureError,
    UnknownRecordError,
    UnreadableError,
)
from knowledge.model import Layer
from knowledge.readers import read_file
from knowledge.readers.pictures import PictureReader
from knowledge.recognition.canvas import Canvas


def picture(
    kind: str, size: tuple[int, int] = (400, 300), *, frames: int = 1, **how: object
) -> bytes:
    out = io.BytesIO()
    rest = [Image.new("RGB", size, "white") for _ in range(frames - 1)]
    # Noise, so that cutting the file short cuts the picture.
    noise = np.random.default_rng(7).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    many = {"save_all": True, "append_images": rest} if rest else {}
    Image.fromarray(noise).save(out, kind, **many, **how)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "name", "media_type"),
    [
        ("PNG", "扫描件.png", "image/png"),
        ("JPEG", "a.JPG", "image/jpeg"),
        ("TIFF", "a.tif", "image/tiff"),
    ],
)
def test_a_picture_is_a_page_that_waits(kind: str, name: str, media_type: str) -> None:
    reading = read_file(picture(kind), name)
    assert (reading.media_type, reading.paged) == (media_type, True)
    assert [page.layer for page in reading.pages] == [Layer.WAITING]
    assert reading.metadata.title == name.rpartition(".")[0]
    assert reading.remarks == ("pages-without-text:1",)


def test_every_frame_of_a_tiff_is_a_page() -> None:
    reading = read_file(picture("TIFF", frames=3), "fax.tiff")
    assert len(reading.pages) == 3
    assert reading.remarks == ("pages-without-text:1-3",)


def test_an_icon_is_no_page() -> None:
    with pytest.raises(SmallPictureError, match="64 × 64"):
        read_file(picture("PNG", (64, 64)), "icon.png")


@pytest.mark.parametrize("share", [0.001, 0.1, 0.6, 0.95])
def test_a_truncated_picture_is_refused(share: float) -> None:
    data = picture("PNG")
    with pytest.raises(DamagedError):
        PictureReader().read(data[: int(len(data) * share)], "a.png")


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(MislabelledError):
        PictureReader().read("一段文字".encode(), "a.png")
    with pytest.raises(EmptyFileError):
        read_file(b"", "a.png")
    with pytest.raises(UnreadableError):
        PictureReader().read(b"\x89PNG\r\n\x1a\n" + bytes(500), "a.png")


def test_a_canvas_has_the_size_that_the_file_states() -> None:
    with Canvas(picture("PNG", (600, 300), dpi=(300, 300))) as canvas:
        drawn, points = canvas.page(1)
    # Coarse as it is, it is drawn twice as large.
    assert drawn.shape == (600, 1200, 3)
    assert points == pytest.approx(72 / 300 / 2, rel=0.01)


def test_a_canvas_without_stated_size_is_as_high_as_a_page() -> None:
    with Canvas(picture("TIFF", (300, 421), frames=2)) as canvas:
        drawn, points = canvas.page(2)
        assert drawn.shape[0] * points == pytest.approx(842)
        with pytest.raises(UnknownRecordError):
            canvas.page(3)
        with pytest.raises(UnknownRecordError):
            canvas.page(0)


def test_a_canvas_turns_a_photograph_upright() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    with Canvas(picture("JPEG", (400, 300), exif=turned)) as canvas:
        assert canvas.page(1)[0].shape == (800, 600, 3)


@pytest.mark.parametrize(
    ("pixels", "drawn"), [(500, 1000), (900, 1300), (1800, 1800), (6000, 2400)]
)
def test_a_scanned_page_is_taken_as_it_was_scanned(pixels: int, drawn: int) -> None:
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(420, 595)
    scan = pypdfium2.PdfImage.new(document)
    jpeg = io.BytesIO(picture("JPEG", (pixels * 420 // 595, pixels)))
    scan.load_jpeg(jpeg, inline=True)
    scan.set_matrix(pypdfium2.PdfMatrix().scale(420, 595))
    page.insert_obj(scan)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    document.close()
    with Canvas(out.getvalue()) as canvas:
        found, points = canvas.page(1)
    assert abs(found.shape[0] - drawn) <= 1
    assert found.shape[0] * points == pytest.approx(595)


def test_a_page_that_is_no_scan_is_drawn_at_the_usual_resolution() -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    out = io.BytesIO()
    document.save(out)
    document.close()
    with Canvas(out.getvalue()) as canvas:
        assert canvas.page(1)[0].shape[0] == pytest.approx(842 * 150 / 72, abs=1)
