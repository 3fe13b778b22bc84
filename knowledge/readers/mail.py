"""EML: a saved message, its heads and its text; attachments are named, never opened."""

import email.policy
import re
from contextlib import suppress
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any, Final

from knowledge.errors import EmptyFileError, MislabelledError, UnreadableError
from knowledge.model import BlockKind, Reading
from knowledge.readers.assembly import PageBuilder
from knowledge.readers.encoding import Decoded, codec_of, decode
from knowledge.readers.guard import check_text_size, kind_of, library_failures
from knowledge.readers.html import web_page
from knowledge.readers.metadata import Hints, catalogue
from knowledge.text import HAN

_HEADS: Final = ("From", "To", "Cc", "Date")
_PERSON: Final = re.compile(rf"[{HAN}·]{{2,4}}$")


class MailReader:
    """Reads a message as one part without pages.

    Its subject is the heading; the plain text is preferred to HTML. Attachments are named at its
    end, with the remark ``attachments-not-read:N``.
    """

    suffixes = frozenset({".eml"})

    def read(self, data: bytes, name: str) -> Reading:
        """Read a message; see `knowledge.protocols.Reader`."""
        if not data.strip():
            raise EmptyFileError(name=name)
        kind = kind_of(data)
        builder = PageBuilder()
        with library_failures(name):
            message: Any = message_from_bytes(data, policy=email.policy.default)
            if kind or not any(message[head] for head in ("From", "Date", "Received")):
                raise MislabelledError(name=name, expected="EML", actual=kind or "something else")
            subject = _head(message, "Subject")
            builder.add(BlockKind.HEADING, subject, level=1)
            for head in _HEADS:
                if value := _head(message, head):
                    builder.add(BlockKind.PARAGRAPH, f"{head}: {value}")
            decoded = _add_body(builder, message, name)
            attached = _attached(message)
            for file_name in attached:
                builder.add(BlockKind.PARAGRAPH, file_name)
            hints = Hints(title=subject, authors=_authors(message), issued_on=_date(message))
        page = builder.page()
        known = catalogue((page,), name, hints=hints)
        remarks = decoded.remarks if decoded else ()
        if attached:
            remarks = (*remarks, f"attachments-not-read:{len(attached)}")
        return Reading(
            "message/rfc822",
            False,
            (page,),
            known.metadata,
            decoded.encoding if decoded else None,
            remarks,
            known.grounds,
            decoded.confidence if decoded else None,
        )


def _add_body(builder: PageBuilder, message: EmailMessage, name: str) -> Decoded | None:
    """Add the words of the message; None when it has none."""
    for wanted in ("plain", "html"):
        part: Any = message.get_body((wanted,))
        content = part.get_payload(decode=True) if part is not None else None
        if not isinstance(content, bytes) or not content.strip():
            continue
        markup = wanted == "html"
        decoded = _decoded(content, part.get_content_charset(), name, markup=markup)
        check_text_size(len(decoded.text), name)
        if markup:
            page, _, _ = web_page(decoded.text)
            for block in page.blocks:
                words = page.text[block.start : block.end]
                builder.add(block.kind, words, level=block.level and block.level + 1)
        else:
            for line in decoded.text.splitlines():
                builder.add(BlockKind.PARAGRAPH, line)
        return decoded
    return None


def _decoded(content: bytes, charset: str | None, name: str, *, markup: bool) -> Decoded:
    """The charset that the message states, where it fits; else by evidence."""
    codec = codec_of(charset or "")
    if codec and codec != "ascii":
        try:
            return Decoded(content.decode(codec), codec)
        except UnicodeDecodeError:
            pass
    return decode(content, name, markup=markup)


def _head(message: EmailMessage, head: str) -> str:
    """A head in words; bytes that break the rule for heads are decoded by evidence."""
    raw = next((value for key, value in message.raw_items() if key.lower() == head.lower()), "")
    value = str(message[head] or "")
    try:
        str(raw).encode("utf-8")
    except UnicodeEncodeError:
        with suppress(UnreadableError):
            value = decode(str(raw).encode("utf-8", "surrogateescape"), head).text
    return " ".join(value.split())


def _attached(message: EmailMessage) -> list[str]:
    parts = message.iter_attachments() if message.is_multipart() else ()
    return [name for part in parts if (name := part.get_filename() or part.get_content_type())]


def _authors(message: EmailMessage) -> tuple[str, ...]:
    person, _ = parseaddr(_head(message, "From"))
    return (person,) if _PERSON.match(person) else ()


def _date(message: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(str(message["Date"] or "")).date().isoformat()
    except ValueError:
        return None
