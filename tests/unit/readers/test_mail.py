"""Saved messages."""

from email.message import EmailMessage

import pytest

from knowledge.errors import MislabelledError
from knowledge.model import BlockKind
from knowledge.readers import read_file
from knowledge.readers.mail import MailReader
from tests.contracts.reader import ReaderContract

BODY = "各县区图书馆：\n请于五月底前报送社区书房建设情况，逾期不再受理。\n"


def message(*, html: bool = False, attach: bool = True) -> bytes:
    made = EmailMessage()
    made["Subject"] = "关于报送社区书房建设情况的通知"
    made["From"] = "青河市图书馆 <desk@example.org>"
    made["To"] = "desk@example.net"
    made["Date"] = "Tue, 09 May 2023 10:00:00 +0800"
    if html:
        paragraphs = "".join(f"<p>{line}</p>" for line in BODY.splitlines())
        made.set_content(f"<html><body>{paragraphs}</body></html>", subtype="html")
    else:
        made.set_content(BODY, charset="gb18030", cte="base64")
    if attach:
        made.add_attachment(b"MZ", maintype="application", subtype="zip", filename="申报表.zip")
    return made.as_bytes()


class TestMailReader(ReaderContract):
    reader = MailReader()
    name = "notice.eml"

    @classmethod
    def make(cls) -> bytes:
        return message()


@pytest.mark.parametrize("html", [False, True])
def test_heads_words_and_names_of_attachments(html: bool) -> None:
    reading = read_file(message(html=html), "x.eml")
    page = reading.pages[0]
    assert page.text.split("\n") == [
        "关于报送社区书房建设情况的通知",
        "From: 青河市图书馆 <desk@example.org>",
        "To: desk@example.net",
        "Date: Tue, 09 May 2023 10:00:00 +0800",
        "各县区图书馆：",
        "请于五月底前报送社区书房建设情况，逾期不再受理。",
        "申报表.zip",
    ]
    assert page.blocks[0].kind is BlockKind.HEADING
    assert "attachments-not-read:1" in reading.remarks
    assert reading.metadata.title == "关于报送社区书房建设情况的通知"
    assert reading.metadata.issued_on == "2023-05-09"
    assert reading.encoding == ("utf-8" if html else "gb18030")


def test_heads_that_break_the_rule_and_a_wrong_charset() -> None:
    raw = (
        "Subject: 书房\nFrom: desk@example.org\nDate: nonsense\n"
        'Content-Type: text/plain; charset="iso-2022-zz"\n\n' + BODY
    ).encode("gb18030")
    text = read_file(raw, "x.eml").pages[0].text
    assert text.startswith("书房\nFrom: desk@example.org")
    assert "逾期不再受理" in text


def test_a_text_is_no_message() -> None:
    with pytest.raises(MislabelledError):
        MailReader().read(BODY.encode(), "x.eml")
