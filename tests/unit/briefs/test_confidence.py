"""Words read from pictures: what is said of them, from the page to the published file."""

import io
import json
import re
from dataclasses import replace
from typing import Final

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from briefs.editing import own_words, sentences_in
from briefs.errors import EvidenceError
from briefs.exporters import ExportFormat, export
from briefs.frozen import publication_of, text_of
from briefs.model import EditionState, StatementKind, page_href, percent
from briefs.workbench.bootstrap import Workbench
from knowledge.model import Block, BlockKind, PageText, PassageDraft, Span
from tests.homes import fill
from tests.scans import scanned, store
from tests.unit.briefs.sample import PUBLICATION, cite, line

FIRST, SECOND = "会议认为补贴偏低。\n发放也偏慢。", "应当按月发放。"
K = StatementKind


def printed(to: ExportFormat, data: bytes) -> str:
    """All words of a published file, without blanks."""
    if to is ExportFormat.PDF:
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    elif to is ExportFormat.DOCX:
        body = docx.Document(io.BytesIO(data)).element.body
        text = "".join(node.text or "" for node in body.iter(qn("w:t")))
    else:
        text = re.sub(r"<[^>]+>", "", data.decode())
    return "".join(text.split())


@pytest.mark.parametrize(
    ("confidence", "shown"), [(0.93, 93), (0.9999, 99), (1.0, 100), (0.29, 29), (0.0, 0)]
)
def test_a_confidence_is_never_overstated(confidence: float, shown: int) -> None:
    assert percent(confidence) == shown


def test_a_citation_has_the_least_confidence_of_the_lines_quoted(workbench: Workbench) -> None:
    version = store(workbench, [scanned(FIRST), scanned(SECOND)])
    quotes = ("会议认为补贴偏低。", "补贴偏低。\n发放也偏慢。", "应当按月发放。")
    passages = workbench.passages.of_version(version.id)
    lines = [
        workbench.editing.quote(next(p.id for p in passages if words in p.text), words)
        for words in quotes
    ]
    fill(workbench, workbench.home.parent, {"文本.txt": "县里有三十五个养老服务站。\n"})
    found = workbench.lexical_retriever.search("养老服务站", 1)[0]
    lines.append(workbench.editing.quote(found.passage.id))
    brief = workbench.editing.create("发放", lines, actor=workbench.actor)
    edition = workbench.publishing.publish(brief.id, actor=workbench.actor)
    sure = [each.citations[0].confidence for each in edition.publication.lines]
    assert sure == [0.97, 0.934, 0.97, None]
    assert workbench.briefs.edition(brief.id) == edition


def test_an_edition_frozen_before_recognition_still_loads_and_keeps_its_checksum() -> None:
    content, sha256 = text_of(PUBLICATION, edition=1)
    assert "confidence" not in content
    again = publication_of(content, state=EditionState.CURRENT)
    assert again == replace(PUBLICATION, edition=1)
    assert text_of(again, edition=1) == (content, sha256)
    sure = replace(cite(1, 3, "到2027年"), confidence=0.934)
    newer = replace(PUBLICATION, lines=(line(K.QUOTE, "到2027年", sure),))
    content, _ = text_of(newer, edition=1)
    assert json.loads(content)["lines"][0]["citations"][0]["confidence"] == 0.934
    assert publication_of(content, state=EditionState.CURRENT).lines == newer.lines


OLD: Final = json.dumps(
    {
        "brief_id": 7,
        "edition": 2,
        "language": "zh-CN",
        "library": "河湾县图书馆",
        "lines": [
            {"citations": [], "kind": "heading", "level": 1, "text": "一、现状"},
            {
                "citations": [
                    {
                        "page": 3,
                        "page_label": None,
                        "quote": "补贴偏低",
                        "reference": 1,
                        "spans": [{"end": 9, "page": 3, "start": 5}],
                        "version_id": 11,
                    }
                ],
                "kind": "paraphrase",
                "level": None,
                "text": "补贴偏低。",
            },
            {"citations": [], "kind": "judgement", "level": None, "text": "宜按月发放。"},
        ],
        "notice": None,
        "published_at": "2025-06-09T09:30:00+08:00",
        "published_by": "签发岗",
        "references": [
            {
                "access_is_open": True,
                "document_id": 101,
                "entry": "河湾县民政局. 会议纪要[A]. 2025.",
                "number": 1,
                "sha256": "0" * 64,
                "title": "会议纪要",
                "version_id": 11,
            }
        ],
        "state": None,
        "title": "补贴怎样发放",
    },
    ensure_ascii=False,
    sort_keys=True,
)
"""As an edition was stored before there were formulas, lengths, confidences and labels."""


@pytest.mark.parametrize("to", ExportFormat)
def test_an_edition_from_before_still_renders_and_keeps_its_checksum(to: ExportFormat) -> None:
    edition = publication_of(OLD, state=EditionState.CURRENT)
    assert text_of(edition, edition=2)[0] == OLD
    words = printed(to, export(edition, to))
    for part in ("补贴怎样发放", "补贴偏低", "〔判断〕宜按月发放", "河湾县民政局.会议纪要"):
        assert part in words
    assert edition.lines[1].formula is None


@pytest.mark.parametrize("to", ExportFormat)
def test_the_reference_says_how_surely_its_words_were_recognised(to: ExportFormat) -> None:
    one = replace(cite(1, 3, "到2027年"), confidence=0.934)
    other = replace(cite(1, 5, "送餐点"), confidence=0.88)
    plain = cite(2, 1, "9.2万人")
    lines = (line(K.QUOTE, "到2027年", one), line(K.PARAPHRASE, "人口九万。", plain))
    words = printed(to, export(replace(PUBLICATION, lines=lines), to))
    assert words.count("（识别文本，可信度93%）") == 1
    several = (*lines, line(K.PARAPHRASE, "以送餐点过渡。", other))
    words = printed(to, export(replace(PUBLICATION, lines=several), to))
    assert words.count("（识别文本，可信度：第3页93%、第5页88%）") == 1
    assert "识别" not in printed(to, export(PUBLICATION, to))
    english = replace(PUBLICATION, lines=lines, language="en")
    assert "(recognisedtext,confidence93%)" in printed(to, export(english, to))


def test_a_mark_is_spoken_with_its_confidence() -> None:
    sure = replace(cite(1, 3, "到2027年"), confidence=0.934)
    page = export(replace(PUBLICATION, lines=(line(K.QUOTE, "到2027年", sure),)), "html").decode()
    assert 'aria-label="来源 1，第 3 页（识别文本，可信度 93%）"' in page


HEAD, ROW = "街道 老人数 补贴标准\n", "北苑街道 1234 每餐三元。"
TABLE = (
    PageText(HEAD + "柳堤街道 567 每餐两元。", blocks=(
        Block(BlockKind.HEADER, 0, 11), Block(BlockKind.ROW, 12, 26),
    )),
    PageText(ROW, blocks=(Block(BlockKind.ROW, 0, len(ROW)),)),
)  # fmt: skip
DRAFT = PassageDraft(HEAD + ROW, (Span(1, 0, len(HEAD)), Span(2, 0, len(ROW))), repeats=1)


def test_a_row_is_quoted_without_the_column_names_that_its_passage_repeats(
    workbench: Workbench,
) -> None:
    version = store(workbench, TABLE, drafts=[DRAFT])
    passage = workbench.passages.of_version(version.id)[0]
    assert own_words(passage) == ROW
    assert sentences_in(passage) == [ROW]
    quote = workbench.editing.quote(passage.id)
    assert (quote.text, quote.evidence[0].spans) == (ROW, (Span(2, 0, len(ROW)),))
    brief = workbench.editing.create("补贴", [quote], actor=workbench.actor)
    citation = workbench.publishing.preview(brief.id).lines[0].citations[0]
    assert citation.page == 2
    with pytest.raises(EvidenceError):
        workbench.editing.quote(passage.id, "老人数")
    address = page_href(version.id, passage.spans, page=passage.begins.page)
    assert address.startswith(f"/pages/{version.id}/2?mark=1:0-")
