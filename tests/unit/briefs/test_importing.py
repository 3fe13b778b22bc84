"""References taken over into the catalogue, and gathered from it."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest

from briefs.citing import Name, PartialDate, RulesEdition, Style, System, Work, WorkType
from briefs.citing.exchange import Item
from briefs.citing.importing import Fate
from briefs.composing import Composing
from briefs.errors import UnknownBriefError
from briefs.exporters import ExportFormat, export
from briefs.frozen import publication_of, text_of
from briefs.model import EditionState, Publication, StatementKind
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.settings import Settings
from knowledge.csl import NAMES, TEXTS
from knowledge.errors import UnknownRecordError
from knowledge.model import DocumentType, Metadata
from tests.homes import START, Clock
from tests.unit.briefs.sample import PUBLICATION

BY_DATE = Style(RulesEdition.OF_2025, System.AUTHOR_DATE)


def id_of(workbench: Workbench, title: str) -> int:
    (document,) = workbench.documents.find(title=title)
    return document.id


def describe(workbench: Workbench, document_id: int, **known: object) -> None:
    metadata = replace(workbench.documents.get(document_id).metadata, **known)  # type: ignore[arg-type]
    workbench.library.describe(document_id, metadata, actor=workbench.actor)


def article(**known: object) -> Work:
    work = Work(WorkType.ARTICLE, "养老服务情况", (Name(literal="陶野"),), issued=PartialDate(2023))
    return replace(work, **known)  # type: ignore[arg-type]


def planned(workbench: Workbench, *works: Work) -> list[Fate]:
    items = [Item(f"k{n}", work, n) for n, work in enumerate(works, start=1)]
    return [taken.fate for taken in workbench.importing.plan(items)]


def test_a_reference_matches_by_doi_by_address_or_by_title_and_date(filled: Workbench) -> None:
    known = id_of(filled, "养老")
    describe(
        filled, known, title="养老服务情况", doi="10.9999/A.7", url="https://www.x.example/a/",
        issued_on="2023-05",
    )  # fmt: skip
    other = article(title="别的题名", issued=None)
    found = planned(
        filled,
        replace(other, doi="https://doi.org/10.9999/a.7"),
        replace(other, url="http://dx.doi.org/10.9999/a.7"),
    )
    assert found == [Fate.CHANGED, Fate.REPEATED]
    assert planned(filled, replace(other, url="http://x.example/a")) == [Fate.CHANGED]
    assert planned(filled, article(title="養老服務 情况")) == [Fate.CHANGED]
    assert planned(filled, article(issued=PartialDate(2023, 6))) == [Fate.NOT_HELD]
    assert planned(filled, article(issued=None)) == [Fate.NOT_HELD]
    assert planned(filled, other) == [Fate.NOT_HELD]


def test_which_of_several_documents_is_for_a_person_to_say(filled: Workbench) -> None:
    for title in ("养老", "电梯"):
        describe(filled, id_of(filled, title), title="同名", issued_on="2023")
    assert planned(filled, article(title="同名")) == [Fate.AMBIGUOUS]


def test_taking_over_fills_and_corrects(filled: Workbench) -> None:
    before = {each.id: each for each in filled.documents.find()}
    known = id_of(filled, "养老")
    work = article(
        title=before[known].title, url="https://x.example/e", container_title="虚构社会政策",
        issue="3", page="12-18", translator=(Name(literal="马原"),), language="zh",
    )  # fmt: skip
    describe(filled, known, url="https://x.example/e")
    entry = filled.documents.get(known)
    (taken,) = filled.importing.plan([Item("k", work)])
    assert filled.documents.get(known) == entry, "planning changes nothing"
    assert filled.importing.apply([taken], actor=filled.actor) == 1
    now = filled.documents.get(known).metadata
    assert (now.authors, now.issue, now.pages) == (("陶野",), "3", "12-18")
    assert now.translators == ("马原",)
    assert now.container_title == "虚构社会政策"
    assert planned(filled, work) == [Fate.SAME]
    assert {each.id for each in filled.documents.find()} == before.keys(), "nothing is invented"


def test_whatever_a_reference_knows_has_a_field(filled: Workbench) -> None:
    known = id_of(filled, "养老")
    text = {field: f"{field} 1" for field in TEXTS if field not in {"title", "language", "medium"}}
    people = {field: (Name(literal=f"{field}甲"), Name(literal=f"{field}乙")) for field in NAMES}
    given: dict[str, Any] = text | people
    work = Work(
        WorkType.CHAPTER,
        filled.documents.get(known).title,
        issued=PartialDate(2023, 5, 30),
        accessed=PartialDate(2024, 1, 9),
        language="zh",
        medium="CD",
        **given | {"doi": "10.9/x", "url": "https://x.example/e"},
    )
    describe(filled, known, url="https://x.example/e")
    filled.importing.apply(filled.importing.plan([Item("k", work)]), actor=filled.actor)
    assert filled.collecting.of_document(known).work == work


def test_a_confirmed_entry_is_only_added_to(filled: Workbench) -> None:
    known = id_of(filled, "养老")
    describe(filled, known, doi="10.9/x", issue="1", type=DocumentType.SURVEY)
    (taken,) = filled.importing.plan([Item("k", article(doi="10.9/x", issue="2", volume="5"))])
    filled.importing.apply([taken], actor=filled.actor)
    now = filled.documents.get(known).metadata
    assert (now.issue, now.volume, now.type) == ("1", "5", DocumentType.SURVEY)


def test_the_body_of_a_government_document_is_its_issuer(filled: Workbench) -> None:
    known = id_of(filled, "电梯")
    number = filled.documents.get(known).metadata.number
    work = Work(
        WorkType.REGULATION, filled.documents.get(known).title, (Name(literal="河湾县人民政府办公室"),),
        number=number or "",
    )  # fmt: skip
    (taken,) = filled.importing.plan([Item("k", work)])
    filled.importing.apply([taken], actor=filled.actor)
    now = filled.documents.get(known).metadata
    assert now.issuer == "河湾县人民政府办公室"
    assert now.authors == ()


def test_references_are_gathered_from_documents_and_briefs(filled: Workbench) -> None:
    lifts, elders = (id_of(filled, title) for title in ("电梯", "养老"))
    brief = _brief(filled, "老旧小区 加装电梯", "助餐点 送餐")
    assert filled.collecting.of_document(lifts).key == f"zhiku-{lifts}-1"
    items = filled.collecting.of_brief(brief)
    assert [item.key for item in items] == [f"zhiku-{lifts}-1", f"zhiku-{elders}-1"]
    with pytest.raises(UnknownRecordError):
        filled.collecting.of_document(99)
    with pytest.raises(UnknownBriefError):
        filled.collecting.of_brief(99)


def _brief(workbench: Workbench, *queries: str) -> int:
    lines = []
    for query in queries:
        best = workbench.lexical_retriever.search(query, 1)[0]
        lines.append(workbench.editing.quote(best.passage.id, None))
    return workbench.editing.create("简报", lines, actor=workbench.actor).id


def _composed(workbench: Workbench, brief: int, style: Style) -> Publication:
    composing = Composing(workbench.documents, workbench.people, style=style)
    return composing.compose(workbench.briefs.get(brief), published_at=START)


def test_a_brief_by_author_and_date(filled: Workbench) -> None:
    lifts, elders = (id_of(filled, title) for title in ("电梯", "养老"))
    describe(filled, lifts, issuer="中山县政府", issued_on="2023-06-01", authors=())
    describe(filled, elders, authors=("陶野",), issued_on="2022", type=DocumentType.REPORT)
    brief = _brief(filled, "老旧小区 加装电梯", "助餐点 送餐")
    made = _composed(filled, brief, BY_DATE)
    assert [each.document_id for each in made.references] == [elders, lifts], "陶 before 中"
    assert [each.number for each in made.references] == [1, 2]
    assert made.references[0].label == "陶野，2022"
    assert made.references[0].entry.startswith("陶野，2022. ")
    marks = [citation for line in made.lines for citation in line.citations]
    assert [(mark.reference, mark.words) for mark in marks] == [
        (2, "（中山县政府，2023）"),
        (1, "（陶野，2022）"),
    ]
    for to in (ExportFormat.HTML, ExportFormat.MARKDOWN):
        text = export(made, to).decode()
        assert "（中山县政府，2023）" in text
        assert "[1]" not in text
    assert "（中山县政府，2023）" in _text_of_docx(export(made, ExportFormat.DOCX))
    assert "[1]" not in _text_of_docx(export(made, ExportFormat.DOCX))
    pdf = _text_of_pdf(export(made, ExportFormat.PDF))
    assert "（中山县政府，2023）" in pdf
    assert "[1]" not in pdf


def _text_of_docx(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)


def _text_of_pdf(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    return "".join(text.split())


def test_numbers_follow_the_statements_when_they_change_places(filled: Workbench) -> None:
    lifts, elders = (id_of(filled, title) for title in ("电梯", "养老"))
    brief = _brief(filled, "老旧小区 加装电梯", "助餐点 送餐", "加装电梯 财政补助")
    first = _composed(filled, brief, Style())
    assert [each.document_id for each in first.references] == [lifts, elders]
    found = filled.briefs.get(brief)
    one, two, three = found.statements
    filled.editing.save(found, title=found.title, lines=[two, three, one], actor=filled.actor)
    again = _composed(filled, brief, Style())
    assert [each.document_id for each in again.references] == [elders, lifts]
    assert [c.reference for line in again.lines for c in line.citations] == [1, 2, 2]


def test_what_was_published_stays_as_it_was_published(filled: Workbench, tmp_path: Path) -> None:
    brief = _brief(filled, "老旧小区 加装电梯")
    edition = filled.publishing.publish(brief, actor=filled.actor)
    settings = Settings(filled.home, reference_edition="2015", reference_system="author-date")
    other = Workbench(settings, clock=Clock(), files=filled.files)
    kept = other.publishing.newest(brief)
    assert kept == edition.publication
    assert kept.references[0].label == ""
    preview = other.publishing.preview(brief)
    assert (
        preview.references[0].label.endswith(", 2023") or ", 无日期" in preview.references[0].label
    )
    assert preview.references[0].entry != kept.references[0].entry


def test_editions_frozen_before_the_author_date_system_keep_their_sha256() -> None:
    text, sha256 = text_of(PUBLICATION, edition=1)
    assert '"words"' not in text
    assert '"label"' not in text
    assert publication_of(text, state=EditionState.CURRENT) == PUBLICATION
    assert text_of(publication_of(text, state=EditionState.CURRENT), edition=1)[1] == sha256
    line = PUBLICATION.lines[3]
    assert line.kind is StatementKind.PARAPHRASE
    worded = replace(line.citations[0], words="（陶野，2023：1）")
    labelled = replace(PUBLICATION.references[1], label="陶野，2023")
    named = replace(
        PUBLICATION,
        lines=(replace(line, citations=(worded,)),),
        references=(labelled,),
    )
    assert publication_of(text_of(named, edition=1)[0], state=EditionState.CURRENT) == named


def test_metadata_of_new_types_can_be_stored(filled: Workbench) -> None:
    known = id_of(filled, "养老")
    for kind in (DocumentType.CONFERENCE_PAPER, DocumentType.THESIS, DocumentType.PREPRINT):
        describe(filled, known, type=kind)
        assert filled.documents.get(known).metadata.type is kind
    assert Metadata(type=DocumentType.ARCHIVE).type == "archive"
