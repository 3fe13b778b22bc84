"""Files read and drawn in a process of their own: the same answers, and nothing that hurts."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from knowledge import errors
from knowledge.errors import (
    ArchiveError,
    CrashingError,
    DamagedError,
    EmptyFileError,
    EncryptedArchiveError,
    MislabelledError,
    OldOfficeError,
    TooDemandingError,
    TookTooLongError,
    TooLargeError,
    UnknownRecordError,
    UnreadableError,
    UnsupportedFormatError,
)
from knowledge.isolation import Isolated, IsolationError, Limits, Trouble
from knowledge.model import (
    Block,
    BlockKind,
    DocumentType,
    Ground,
    Layer,
    Metadata,
    Origin,
    PageText,
    Reading,
    Recognised,
)
from knowledge.places import Box, Places
from knowledge.readers import read_file
from knowledge.readers.drawing import draw
from knowledge.readers.sandbox import LIMITS, InProcess, Sandbox
from knowledge.readers.wire import pack_error, pack_reading, unpack_error, unpack_reading

_TEXT = "河湾县公共图书馆条例\n\n第一条 为了促进公共图书馆事业发展，制定本条例。\n"
_HTML = f"<!DOCTYPE html><html><head><title>通知</title></head><body><p>{_TEXT}</p></body></html>"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    yield made
    made.close()


def _pdf(text: str = "A plain page of words.") -> bytes:
    content = f"BT /F1 24 Tf 72 700 Td ({text}) Tj ET".encode("ascii")
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body = b"".join(b"%d 0 obj%s\nendobj\n" % (n, part) for n, part in enumerate(parts, start=1))
    return b"%PDF-1.7\n" + body + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF"


def _zip(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members.items():
            package.writestr(name, data)
    return packed.getvalue()


# A round trip over the wire.

_words = st.text(max_size=12)
_boxes = st.none() | st.builds(
    lambda left, top: Box(left, top, left + 8, top + 11),
    st.floats(0, 580, width=32),
    st.floats(0, 800, width=32),
)


@st.composite
def _pages(chosen: st.DrawFn) -> PageText:
    text = chosen(st.text(st.characters(), max_size=20))
    boxes = chosen(st.lists(_boxes, min_size=len(text), max_size=len(text)))
    spans = st.tuples(st.integers(0, 20), st.integers(0, 20))
    blocks = st.builds(
        lambda kind, span, level: Block(kind, span[0], span[1], level),
        st.sampled_from(BlockKind),
        spans,
        st.none() | st.integers(1, 9),
    )
    recognised = st.builds(
        lambda span, sure: Recognised(span[0], span[1], sure), spans, st.floats(0, 1)
    )
    size = st.floats(1, 5000)
    return PageText(
        text,
        label=chosen(st.none() | _words),
        blocks=tuple(chosen(st.lists(blocks, max_size=3))),
        layer=chosen(st.sampled_from(Layer)),
        places=chosen(st.none() | st.builds(lambda w, h: Places.of(w, h, boxes=boxes), size, size)),
        recognised=tuple(chosen(st.lists(recognised, max_size=3))),
    )


_fields = st.sampled_from(["title", "issuer", "number", "issued_on"])
_grounds = st.builds(
    Ground, _fields, st.sampled_from(Origin), _words, st.none() | st.integers(1, 99)
)
_readings = st.builds(
    Reading,
    media_type=_words,
    paged=st.booleans(),
    pages=st.lists(_pages(), max_size=3).map(tuple),
    metadata=st.builds(
        Metadata,
        title=st.none() | _words,
        type=st.none() | st.sampled_from(DocumentType),
        authors=st.lists(_words, max_size=3).map(tuple),
        doi=st.none() | _words,
        accessed_on=st.none() | st.just("2026-01-05"),
    ),
    encoding=st.none() | _words,
    remarks=st.lists(_words, max_size=2).map(tuple),
    grounds=st.lists(_grounds, max_size=3).map(tuple),
    encoding_confidence=st.none() | st.floats(0, 1),
)


@given(_readings)
def test_a_reading_crosses_the_wire_exactly(reading: Reading) -> None:
    values, body = pack_reading(reading)
    sent = json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass")
    back = unpack_reading(json.loads(sent.decode("utf-8", "surrogatepass")), body)
    assert back == reading
    assert type(back.metadata.type) is type(reading.metadata.type)
    for page, original in zip(back.pages, reading.pages, strict=True):
        assert page.layer is original.layer
        assert all(isinstance(block.kind, BlockKind) for block in page.blocks)


def _kinds(above: type[UnreadableError]) -> Iterator[type[UnreadableError]]:
    for kind in above.__subclasses__():
        yield kind
        yield from _kinds(kind)


_KINDS: list[type[UnreadableError]] = sorted(_kinds(UnreadableError), key=lambda k: k.__name__)


@pytest.mark.parametrize("kind", _KINDS)
def test_every_error_crosses_the_wire(kind: type[UnreadableError]) -> None:
    if not hasattr(errors, kind.__name__):
        return
    blanks = ("name", "path", "reason", "expected", "actual", "size", "limit", "mark", "language")
    error = kind(**dict.fromkeys(blanks, "某某"), seconds=30, id=7)
    back = unpack_error(json.loads(json.dumps(pack_error(error))))
    assert type(back) is kind
    assert str(back) == str(error)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"error": "SystemExit", "details": {}},
        {"error": "KnowledgeError", "details": {}},
        {"error": "__builtins__", "details": {}},
        {"error": 3, "details": {}},
        {"error": "DamagedError", "details": {"wrong": 1}},
        {"media_type": "x", "paged": True, "pages": [[1, 2]], "metadata": {}},
        {"media_type": "x", "paged": True, "pages": [[5, None, [], "text", None, []]]},
    ],
)
def test_lies_are_recognised(values: dict[str, object]) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        assert unpack_error(values) or unpack_reading(values, b"")


def test_places_that_were_not_sent_are_missed() -> None:
    places = Places.of(10, 10, boxes=[Box(1, 1, 2, 2)])
    values, body = pack_reading(Reading("x", True, (PageText("a", places=places),)))
    with pytest.raises(ValueError, match="missing"):
        unpack_reading(json.loads(json.dumps(values)), body[:-1])


# What the sandbox gives.


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (_TEXT.encode(), "条例.txt"),
        (_TEXT.encode("gb18030"), "条例.md"),
        (_HTML.encode(), "通知.html"),
        ("县,站\n河湾,35\n".encode(), "表.csv"),
        (_pdf(), "page.pdf"),
    ],
)
def test_the_same_as_in_this_process(sandbox: Sandbox, data: bytes, name: str) -> None:
    assert sandbox.read(data, name) == read_file(data, name) == InProcess().read(data, name)


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (b"", "a.txt", EmptyFileError),
        (b"\0\1\2" * 99, "a.bin", UnsupportedFormatError),
        (b"MZ\x90" + bytes(99), "a.pdf", MislabelledError),
        (b"%PDF-1.7 broken", "a.pdf", DamagedError),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.wps", OldOfficeError),
        (_zip({"a.txt": b"x"}), "a.zip", ArchiveError),
        (_zip({"a.txt": b"x"}), "a.dat", ArchiveError),
        (_zip({"word/document.xml": bytes(2**25)}), "a.docx", TooLargeError),
        (
            _zip({"word/document.xml": b'<!DOCTYPE d [<!ENTITY a "b">]><d/>'}),
            "a.docx",
            DamagedError,
        ),
    ],
)
def test_refusals_are_the_same_too(
    sandbox: Sandbox, data: bytes, name: str, kind: type[UnreadableError]
) -> None:
    with pytest.raises(kind) as caught:
        sandbox.read(data, name)
    assert type(caught.value) is kind
    with pytest.raises(kind) as here:
        read_file(data, name)
    assert str(caught.value) == str(here.value)
    assert name in str(caught.value)


def test_an_archive_with_a_password_is_told_from_one_without() -> None:
    packed = bytearray(_zip({"a.txt": b"x"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(mark) + offset] |= 1
    with pytest.raises(EncryptedArchiveError):
        read_file(bytes(packed), "a.zip")


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (_pdf(), "a.docx", "PDF"),
        (_pdf(), "a.tmp", "PDF"),
        (_HTML.encode(), "a.doc", "HTML"),
        (_HTML.encode(), "a.xls", "HTML"),
        (_TEXT.encode(), "a.log", "TXT"),
    ],
)
def test_a_wrong_ending_gives_way_to_the_content(data: bytes, name: str, told: str) -> None:
    reading = read_file(data, name)
    assert f"read-as:{told}" in reading.remarks
    assert any(page.text.strip() for page in reading.pages)


def test_markup_that_a_text_shows_stays_text() -> None:
    assert "read-as:HTML" not in read_file(_HTML.encode(), "a.txt").remarks


def test_a_process_that_met_a_damaged_file_reads_no_other(sandbox: Sandbox) -> None:
    sandbox.read(_TEXT.encode(), "a.txt")
    before = sandbox._reading._process
    sandbox.read(_TEXT.encode(), "a.txt")
    assert sandbox._reading._process is before
    with pytest.raises(DamagedError):
        sandbox.read(b"%PDF-1.7 broken", "a.pdf")
    assert sandbox._reading._process is None


class _Lying(Isolated):
    """A process that was taken over, or that ended."""

    def __init__(self, answer: object) -> None:
        super().__init__("none", LIMITS)
        self.answer = answer

    def call(self, *_given: object, **_named: object) -> tuple[dict[str, object], bytes]:
        if isinstance(self.answer, Trouble):
            raise IsolationError(self.answer)
        assert isinstance(self.answer, dict)
        return self.answer, b""


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Trouble.TIME, TookTooLongError),
        (Trouble.MEMORY, TooDemandingError),
        (Trouble.CRASH, CrashingError),
        ({"pages": "of an attacker"}, CrashingError),
        ({"error": "SystemExit", "details": {}}, CrashingError),
    ],
)
def test_troubles_become_sentences(answer: object, kind: type[UnreadableError]) -> None:
    sandbox = Sandbox()
    sandbox._reading = sandbox._drawing = _Lying(answer)
    with pytest.raises(kind, match=r"a\.pdf"):
        sandbox.read(b"x", "a.pdf")
    with pytest.raises(UnknownRecordError):
        sandbox.draw(b"x", 1, width=100)


def test_more_is_allowed_for_a_large_file() -> None:
    limits = Limits(seconds=90, memory=1, processor=30)
    sandbox = Sandbox(limits=limits)
    sandbox._reading = _Lying(Trouble.TIME)
    with pytest.raises(TookTooLongError, match="430 seconds"):
        sandbox.read(bytes(200_000_000), "a.pdf")


def test_too_little_memory_is_told() -> None:
    sandbox = Sandbox(limits=replace(LIMITS, memory=300_000_000))
    with pytest.raises(TooDemandingError, match=r"0\.3 GB"):
        sandbox.read(bytes(200_000_000), "a.txt")
    sandbox.close()


# Drawing.


def _picture(kind: str, *frames: Image.Image) -> bytes:
    out = io.BytesIO()
    more = {"save_all": True, "append_images": frames[1:]} if frames[1:] else {}
    frames[0].save(out, kind, **more)
    return out.getvalue()


def test_a_page_is_drawn_as_in_this_process(sandbox: Sandbox) -> None:
    drawn = sandbox.draw(_pdf(), 1, width=480)
    assert drawn == draw(_pdf(), 1, width=480)
    picture = Image.open(io.BytesIO(drawn))
    assert picture.size == (480, 680)
    assert min(picture.convert("L").tobytes()) < 60


def test_frames_of_pictures_are_pages_on_white_paper() -> None:
    wide, tall = Image.new("1", (300, 200), 1), Image.new("1", (200, 300), 1)
    second = Image.open(io.BytesIO(draw(_picture("TIFF", wide, tall), 2, width=100)))
    assert second.size == (100, 150)
    clear = _picture("PNG", Image.new("RGBA", (30, 20), (0, 0, 0, 0)))
    shown = Image.open(io.BytesIO(draw(clear, 1, width=30))).convert("RGB")
    assert shown.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "page"),
    [
        (_pdf(), 0),
        (_pdf(), 2),
        (_pdf()[:60], 1),
        (b"words", 1),
        (b"", 1),
        (_picture("PNG", Image.new("L", (9, 9))), 2),
        (_picture("PNG", Image.new("1", (20_000, 20_000))), 1),
    ],
)
def test_what_cannot_be_drawn(sandbox: Sandbox, data: bytes, page: int) -> None:
    for drawing in (draw, sandbox.draw):
        with pytest.raises(UnknownRecordError):
            drawing(data, page, width=480)
