"""What every reader of files must do; a reader's suite subclasses this with a small file."""

import io
import random
import unicodedata
import zipfile

import pytest

from knowledge.chunking import passages
from knowledge.errors import UnreadableError
from knowledge.model import Reading
from knowledge.protocols import Reader


class ReaderContract:
    """Subclasses give `reader`, `name` and `make`."""

    reader: Reader
    name: str

    @classmethod
    def make(cls) -> bytes:
        """The small file that the suite reads."""
        raise NotImplementedError

    @pytest.fixture
    def data(self) -> bytes:
        return _made(self)

    @pytest.fixture
    def reading(self) -> Reading:
        return _read(self)

    def test_reads_the_file_by_its_ending(self, data: bytes) -> None:
        from knowledge.readers import reader_for, suffixes

        assert type(reader_for(self.name.upper(), data)) is type(self.reader)
        assert self.reader.suffixes <= suffixes()

    def test_same_bytes_same_reading(self, data: bytes, reading: Reading) -> None:
        assert self.reader.read(data, self.name) == reading

    def test_has_words_and_a_title(self, reading: Reading) -> None:
        assert any(page.text.strip() for page in reading.pages)
        assert reading.metadata.title
        assert reading.metadata.language in {"zh", "en"}

    def test_blocks_ascend_and_lie_in_the_text(self, reading: Reading) -> None:
        for page in reading.pages:
            position = 0
            for block in page.blocks:
                assert position <= block.start < block.end <= len(page.text)
                assert page.text[block.start : block.end].strip()
                assert (block.level is not None) == (block.kind == "heading")
                position = block.end

    def test_no_invisible_characters(self, reading: Reading) -> None:
        for page in reading.pages:
            for character in page.text:
                assert character == "\n" or unicodedata.category(character) not in {
                    "Cc",
                    "Cf",
                    "Cs",
                }

    def test_makes_passages(self, reading: Reading) -> None:
        drafts = passages(reading.pages)
        assert drafts
        assert all(draft.text.strip() for draft in drafts)

    def test_no_bytes(self) -> None:
        with pytest.raises(UnreadableError):
            self.reader.read(b"", self.name)

    @pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
    def test_a_truncated_file_is_read_or_refused(self, data: bytes, share: float) -> None:
        self.check_read_or_refused(data[: int(len(data) * share)])

    def test_random_bytes_are_read_or_refused(self) -> None:
        chance = random.Random(1)
        for _ in range(60):
            self.check_read_or_refused(chance.randbytes(chance.randint(1, 400)))

    def test_overwritten_bytes_are_read_or_refused(self, data: bytes) -> None:
        chance = random.Random(2)
        for _ in range(40):
            whole = bytearray(data)
            noise = chance.randbytes(chance.randint(1, 20))
            at = chance.randrange(len(whole))
            whole[at : at + len(noise)] = noise
            self.check_read_or_refused(bytes(whole))

    @pytest.mark.parametrize("start", [b"MZ\x90\x00", b"\x89PNG\r\n\x1a\n", b"Rar!\x1a\x07\x00"])
    def test_another_kind_of_file_is_refused(self, start: bytes) -> None:
        with pytest.raises(UnreadableError):
            self.reader.read(start + bytes(range(256)) * 8, self.name)

    def test_a_stray_package_is_refused(self) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as package:
            package.writestr("readme", "nothing an office program knows")
        with pytest.raises(UnreadableError):
            self.reader.read(packed.getvalue(), self.name)

    def check_read_or_refused(self, data: bytes) -> None:
        try:
            reading = self.reader.read(data, self.name)
        except UnreadableError:
            return
        for draft in passages(reading.pages):
            words = (reading.pages[s.page - 1].text[s.start : s.end] for s in draft.spans)
            assert "".join(words) == draft.text


_FILES: dict[str, bytes] = {}
_READINGS: dict[str, Reading] = {}


def _made(suite: ReaderContract) -> bytes:
    """Each suite's file is made once, each read once: setting a PDF takes a while."""
    name = type(suite).__qualname__
    if name not in _FILES:
        _FILES[name] = suite.make()
    return _FILES[name]


def _read(suite: ReaderContract) -> Reading:
    name = type(suite).__qualname__
    if name not in _READINGS:
        _READINGS[name] = suite.reader.read(_made(suite), suite.name)
    return _READINGS[name]
