"""Bytes to text: the character encoding, by evidence."""

import codecs
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Final

from charset_normalizer import from_bytes

from knowledge.errors import MislabelledError, UnknownEncodingError
from knowledge.readers.plausible import is_familiar

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED: Final = re.compile(rb"""(?i)(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_\-]{3,20})""")
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_PLAUSIBLE: Final = 0.25
_SURE: Final = 0.8
_SOUND_FOR_ONE_BAD: Final = 10
_DECLARED_ONLY: Final = 0.9
_GUESSED: Final = 0.7
_SAMPLE: Final = 200_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and how it was decoded."""

    text: str
    encoding: str
    remarks: tuple[str, ...] = ()
    confidence: float = 1.0
    """How sure that is, 0 … 1."""


def decode(data: bytes, name: str, *, markup: bool = False) -> Decoded:
    """Decode text of an unknown encoding.

    Evidence in this order: byte order mark; valid UTF-8; the pattern of zero bytes that UTF-16
    has; the declaration of a marked-up text; which of GB18030 and Big5 gives plausible Chinese;
    what charset-normalizer thinks. A few bad bytes, or lines in two encodings, are let pass with a
    remark: ``undecodable-bytes:N``, ``mixed-encodings``.

    The confidence is 1 for a byte order mark, valid UTF-8, and a declaration that fits. Otherwise
    it is measured: how much more plausible the best encoding is than the next, times the share of
    characters that could be decoded; of a text in two encodings, the share of the greater part.
    Under 0.8 there is the remark ``doubtful-encoding``.

    Raises:
        MislabelledError: the bytes are binary data, not text.
        UnknownEncodingError: nothing fits.
    """
    decoded = _decoded(data, name, markup=markup)
    if decoded.confidence < _SURE and not decoded.remarks:
        return replace(decoded, remarks=("doubtful-encoding",))
    return decoded


def _decoded(data: bytes, name: str, *, markup: bool) -> Decoded:
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return _tolerant(data, codec, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if "\0" not in text:
            _refuse_binary(data, name)
            return Decoded(text, "utf-8")
    if b"\0" in data[:_SAMPLE]:
        return _wide(data, name)
    _refuse_binary(data, name)
    return _legacy(data, name, markup=markup)


def _legacy(data: bytes, name: str, *, markup: bool) -> Decoded:
    declared = _declaration(data) if markup else None
    nearly_utf8 = data.decode("utf-8", "replace")
    bad = nearly_utf8.count("\ufffd")
    beyond = sum(character > "\x7f" for character in nearly_utf8)
    # Two characters in GB18030 can be a broken one and a sound one in UTF-8.
    if bad <= max(1, len(nearly_utf8) // 2000) and bad * _SOUND_FOR_ONE_BAD < beyond:
        return _tolerant(data, "utf-8", name)
    scores = {codec: _score(data, codec) for codec in ("gb18030", "big5hkscs", "cp950")}
    best = max(scores, key=lambda codec: scores[codec] + (0.2 if codec == declared else 0.0))
    if scores[best] >= _PLAUSIBLE:
        # Big5 and its Windows form differ in a few signs: they do not speak against each other.
        rivals = ("gb18030",) if best != "gb18030" else ("big5hkscs", "cp950")
        other = max(scores[codec] for codec in rivals)
        sure = 1.0 if _agrees(declared, best) else scores[best] / (scores[best] + other)
        return _tolerant(data, best, name, confidence=sure)
    if mixed := _by_line(data):
        return mixed
    if declared:
        return _tolerant(data, declared, name, confidence=_DECLARED_ONLY)
    guess = from_bytes(data[:_SAMPLE]).best()
    if guess is None or guess.encoding.startswith(("utf", "gb", "big5")):
        raise UnknownEncodingError(name=name)
    return _tolerant(data, guess.encoding, name, confidence=max(0.0, _GUESSED - guess.chaos))


def _agrees(declared: str | None, codec: str) -> bool:
    return declared == codec or (declared == "big5" and codec in {"big5hkscs", "cp950"})


def _declaration(data: bytes) -> str | None:
    """The encoding that an HTML or XML text declares near its top, by Python's name."""
    match = _DECLARED.search(data[:4096])
    return codec_of(match.group(1).decode("ascii")) if match else None


def codec_of(declared: str) -> str | None:
    """Python's name for an encoding as files declare it; None for one that it does not know."""
    if declared.lower() in {"gb2312", "gbk", "gb18030", "x-gbk", "gb_2312-80"}:
        return "gb18030"
    try:
        return codecs.lookup(declared).name
    except (LookupError, ValueError):
        return None


def _tolerant(data: bytes, codec: str, name: str, *, confidence: float = 1.0) -> Decoded:
    """Decode, letting pass a few bad bytes; refuse more than one in two hundred."""
    try:
        text = data.decode(codec, "replace")
    except (UnicodeError, LookupError) as error:
        raise UnknownEncodingError(name=name) from error
    bad = text.count("\ufffd")
    if bad > max(2, len(text) // 200):
        raise UnknownEncodingError(name=name)
    label = "utf-8" if codec == "utf-8-sig" else codec
    remarks = (f"undecodable-bytes:{bad}",) if bad else ()
    sound = 1 - bad / max(len(text), 1)
    return Decoded(text.replace("\ufffd", ""), label, remarks, round(confidence * sound, 3))


def _score(data: bytes, codec: str) -> float:
    """Share of the characters beyond ASCII that running Chinese has often; 0 if much is invalid."""
    text = data[:_SAMPLE].decode(codec, "replace")
    beyond = [character for character in text if character > "\x7f"]
    if not beyond or text.count("\ufffd") > max(1, len(beyond) // 100):
        return 0.0
    return sum(map(is_familiar, beyond)) / len(beyond)


def _by_line(data: bytes) -> Decoded | None:
    """Lines in UTF-8 among lines in GB18030, as careless joining leaves them."""
    lines: list[str] = []
    unicode_bytes = 0
    for line in data.split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
            unicode_bytes += len(line)
        except UnicodeDecodeError as error:
            whole = line.decode("gb18030", "replace")
            parts = line[: error.start].decode("utf-8") + line[error.start :].decode(
                "gb18030", "replace"
            )
            lines.append(min(whole, parts, key=lambda text: text.count("\ufffd")))
    text = "\n".join(lines)
    bad = text.count("\ufffd")
    if bad > max(2, len(text) // 200) or _score(text.encode(), "utf-8") < _PLAUSIBLE:
        return None
    share = unicode_bytes / len(data)
    confidence = round(max(share, 1 - share), 3)
    return Decoded(text.replace("\ufffd", ""), "utf-8", ("mixed-encodings",), confidence)


def _wide(data: bytes, name: str) -> Decoded:
    """UTF-16 without a byte order mark, or binary data."""
    best, best_share = "", 0.0
    for codec in ("utf-16-le", "utf-16-be"):
        text = data[: _SAMPLE - _SAMPLE % 2].decode(codec, "replace")
        good = sum(
            character in "\n\r\t" or unicodedata.category(character)[0] in "LNPZ"
            for character in text
        )
        share = good / max(len(text), 1)
        familiar = sum(is_familiar(c) or c.isascii() for c in text) / max(len(text), 1)
        if share > 0.97 and familiar > best_share:
            best, best_share = codec, familiar
    if best_share < 0.5:
        raise MislabelledError(name=name, expected="text", actual="binary data")
    return _tolerant(data, best, name, confidence=best_share)


def _refuse_binary(data: bytes, name: str) -> None:
    sample = data[:_SAMPLE]
    if len(_CONTROLS.findall(sample)) > max(2, len(sample) // 100):
        raise MislabelledError(name=name, expected="text", actual="binary data")
