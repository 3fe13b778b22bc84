"""The demo: what it quotes stands in its files, and its files are the same every time."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import pytest

from briefs.model import BriefState, Length, StatementKind
from briefs.workbench.demo import (
    MARK,
    DemoDocument,
    DemoStatement,
    briefs,
    documents,
    inquiries,
    source_text,
    write_collection,
)
from briefs.workbench.demo.markup import PartKind, parts_of

SOURCED = tuple(kind for kind in StatementKind if kind.needs_evidence)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "collection"
    write_collection(folder)
    return folder


def squeezed(text: str) -> str:
    """Without white space and tags; nothing else is forgiven."""
    return re.sub(r"\s+", "", text)


def file_text(path: Path, encoding: str = "utf-8") -> str:
    """Everything that a person can read in the file."""
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as pdf:
            return "\n".join(page.get_textpage().get_text_range() for page in pdf)
    if path.suffix == ".docx":
        lines = []
        for item in docx.Document(str(path)).iter_inner_content():
            if hasattr(item, "rows"):
                lines += [cell.text for row in item.rows for cell in row.cells]
            else:
                lines.append(item.text)
        return "\n".join(lines)
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        return "\n".join(
            str(value)
            for sheet in book.worksheets
            for row in sheet.iter_rows(values_only=True)
            for value in row
            if value is not None
        )
    text = path.read_bytes().decode(encoding)
    return re.sub(r"<[^>]+>", "", text) if path.suffix == ".html" else text


def all_statements() -> Iterator[DemoStatement]:
    for inquiry in inquiries():
        yield from inquiry.answer
    for brief in briefs():
        yield from brief.statements


def document_named(file: str) -> DemoDocument:
    return next(document for document in documents() if document.file == file)


def numbers_in(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", unicodedata.normalize("NFKC", text)))


def test_collection_has_the_twelve_files_in_seven_formats(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == sorted(d.file for d in documents())
    assert len(documents()) == 12
    assert {path.suffix for path in folder.iterdir()} == {
        ".pdf", ".docx", ".md", ".html", ".xlsx", ".csv", ".txt",
    }  # fmt: skip


def test_rendering_twice_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for path in write_collection(tmp_path):
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


@pytest.mark.parametrize("document", documents(), ids=lambda each: each.sources[0])
def test_every_document_says_that_it_is_fictional(document: DemoDocument, folder: Path) -> None:
    assert MARK in file_text(folder / document.file, document.encoding)
    assert all(MARK in source_text(name) for name in document.sources)


@pytest.mark.parametrize("document", documents(), ids=lambda each: each.sources[0])
def test_expected_metadata_stands_in_the_document(document: DemoDocument, folder: Path) -> None:
    text = squeezed(file_text(folder / document.file, document.encoding))
    metadata = document.metadata
    assert metadata.title is not None
    assert metadata.issued_on is not None
    if document.file.endswith((".xlsx", ".csv")):
        assert squeezed(metadata.title) == squeezed(Path(document.file).stem)
    else:
        assert squeezed(metadata.title) in text
    assert (metadata.number or "") in text
    assert all(squeezed(author) in text for author in metadata.authors)
    year, month, day = (int(part) for part in metadata.issued_on.split("-"))
    english = f"{day}November{year}"
    assert f"{year}年{month}月{day}日" in text or english in text


@pytest.mark.parametrize("statement", list(all_statements()), ids=lambda each: each.text[:12])
def test_quotes_stand_in_the_source_and_in_the_file(statement: DemoStatement, folder: Path) -> None:
    for quote in statement.evidence:
        document = document_named(quote.file)
        wanted = squeezed(quote.words)
        sources = "".join(source_text(name) for name in document.sources)
        assert wanted in squeezed(sources)
        assert wanted in squeezed(file_text(folder / quote.file, document.encoding))


@pytest.mark.parametrize("statement", list(all_statements()), ids=lambda each: each.text[:12])
def test_statements_rest_on_what_their_kind_asks_for(statement: DemoStatement) -> None:
    words = "".join(quote.words for quote in statement.evidence)
    assert (statement.level is not None) == (statement.kind is StatementKind.HEADING)
    if statement.kind in SOURCED:
        assert words
    if statement.kind is StatementKind.QUOTE:
        assert statement.text == words
    if statement.kind is StatementKind.PARAPHRASE:
        titles = "".join(str(document_named(q.file).metadata.title) for q in statement.evidence)
        assert numbers_in(statement.text) <= numbers_in(words + titles)


def test_there_are_a_published_brief_a_draft_and_two_answers() -> None:
    published, draft = briefs()
    said = [each for each in published.statements if each.kind is not StatementKind.HEADING]
    assert (published.state, draft.state) == (BriefState.PUBLISHED, BriefState.DRAFT)
    assert 9 <= len(said) <= 20
    assert len(published.statements) - len(said) in (3, 4)
    assert {each.kind for each in said} >= set(StatementKind) - {
        StatementKind.HEADING,
        StatementKind.FIGURE,
    }
    assert {each.length for each in said} == set(Length)
    assert any(each.formula for each in said)
    assert any(each.decided for each in said)
    assert [inquiry.level for inquiry in inquiries()] == [3, 4]
    assert all(3 <= len(inquiry.answer) <= 6 for inquiry in inquiries())


def test_pdfs_have_pages_with_header_and_number(folder: Path) -> None:
    for path in folder.glob("*.pdf"):
        with pypdfium2.PdfDocument(path) as pdf:
            texts = [page.get_textpage().get_text_range() for page in pdf]
        assert 2 <= len(texts) <= 4
        for number, text in enumerate(texts, 1):
            assert MARK in text
            assert f"— {number} —" in text


def test_docx_has_heading_styles_a_table_and_a_header(folder: Path) -> None:
    survey = docx.Document(str(folder / "云汀区老年读者公共图书馆服务需求调查报告.docx"))
    styles = {paragraph.style.name for paragraph in survey.paragraphs if paragraph.style}
    assert {"Title", "Subtitle", "Heading 1", "Heading 2", "Caption", "Normal"} <= styles
    assert survey.tables[0].rows[1].cells[1].text == "46.2"
    assert survey.sections[0].header.paragraphs[0].text == MARK


def test_workbook_totals_agree_with_the_rows_and_with_the_bulletin() -> None:
    for year, visits in ((2023, 410_000), (2024, 492_000)):
        rows = list(csv.reader(io.StringIO(source_text(f"branches-{year}.csv"))))
        body, total = rows[3:-2], rows[-2]
        for column in range(1, len(total)):
            assert sum(int(row[column]) for row in body) == int(total[column])
        assert int(total[3]) == visits
    assert "分馆49.2万人次，增长20.0%" in source_text("bulletin.md")


def test_care_centres_agree_with_the_survey() -> None:
    rows = [row for row in csv.DictReader(io.StringIO(source_text("care.csv"))) if row["阅读角"]]
    corners = sum(row["阅读角"] == "有" for row in rows)
    words = f"全区{len(rows)}处社区养老服务设施中设有阅读角的为{corners}处"
    assert words in source_text("survey.md")


def test_the_elevator_policy_is_not_utf_8(folder: Path) -> None:
    data = (folder / "云汀区老旧小区既有住宅加装电梯实施意见.txt").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    assert "加装电梯" in data.decode("gb18030")


def test_markup_knows_captions_and_addressees() -> None:
    parts = parts_of(
        "# 题\n\n各单位：\n\n## 一\n\n如下：\n\n表1\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n"
    )
    kinds = [part.kind for part in parts]
    assert kinds == [
        PartKind.TITLE,
        PartKind.PLAIN,
        PartKind.HEADING,
        PartKind.PARAGRAPH,
        PartKind.CAPTION,
        PartKind.TABLE,
    ]
    assert parts[-1].rows == (("a", "b"), ("1", "2"))
