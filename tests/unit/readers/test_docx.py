"""DOCX."""

import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from knowledge.errors import (
    DamagedError,
    EncryptedError,
    MislabelledError,
    OldOfficeError,
    TooLargeError,
)
from knowledge.model import BlockKind
from knowledge.readers import read_file
from knowledge.readers.docx import DocxReader
from tests.contracts.reader import ReaderContract


def document() -> bytes:
    made = docx.Document()
    made.core_properties.title = "Microsoft Word - 草稿.doc"
    made.add_heading("青河市社区书房调查报告", level=1)
    made.add_paragraph("本报告依据二〇二三年的走访写成。")
    table = made.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["名称", "座席", "东门书房", "12"], strict=True):
        cell.text = text
    changed = made.add_paragraph("保留")
    changed._p.append(
        parse_xml(
            f'<w:del {nsdecls("w")} w:id="1" w:author="a"><w:r><w:delText>删去</w:delText></w:r></w:del>'
        )
    )
    changed._p.append(
        parse_xml(f'<w:ins {nsdecls("w")} w:id="2" w:author="a"><w:r><w:t>新增</w:t></w:r></w:ins>')
    )
    return saved(made)


def saved(made: docx.document.Document) -> bytes:
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


class TestDocxReader(ReaderContract):
    reader = DocxReader()
    name = "report.docx"

    @classmethod
    def make(cls) -> bytes:
        return document()


def test_headings_tables_and_tracked_changes_in_order() -> None:
    reading = read_file(document(), "x.docx")
    page = reading.pages[0]
    assert [(block.kind, page.text[block.start : block.end]) for block in page.blocks] == [
        (BlockKind.HEADING, "青河市社区书房调查报告"),
        (BlockKind.PARAGRAPH, "本报告依据二〇二三年的走访写成。"),
        (BlockKind.ROW, "名称：东门书房；座席：12"),
        (BlockKind.PARAGRAPH, "保留新增"),
    ]
    assert reading.metadata.title == "青河市社区书房调查报告"
    assert not reading.paged


def repacked(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document())) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            new.writestr(
                entry, parts.get(entry.replace("/", "_").replace(".", "_"), old.read(entry))
            )
        for name, content in parts.items():
            if name.startswith("extra"):
                new.writestr(name, content)
    return packed.getvalue()


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    with pytest.raises(TooLargeError):
        read_file(repacked(extra=bytes(210 * 2**20)), "x.docx")


def test_entities_are_refused() -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'
    with pytest.raises(DamagedError, match="entities"):
        read_file(repacked(word_document_xml=laughs), "x.docx")


def test_old_and_encrypted_files() -> None:
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    with pytest.raises(OldOfficeError):
        read_file(container, "x.docx")
    with pytest.raises(EncryptedError):
        read_file(container + "EncryptedPackage".encode("utf-16-le"), "x.docx")


def test_a_pdf_is_no_docx() -> None:
    with pytest.raises(MislabelledError, match="PDF"):
        read_file(b"%PDF-1.7\n", "x.docx")
