"""What readers get: every format, the marks, and that no text becomes markup."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import docx
import pytest
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from PIL import Image
from pypdf import PdfReader

from briefs.errors import SettingError
from briefs.exporters import ExportFormat, export
from briefs.exporters.markdown import escaped
from briefs.exporters.quoting import quoted
from briefs.exporters.view import clean, view_of
from briefs.exporters.wording import CHINESE, ENGLISH
from briefs.exporters.working import worked_out
from briefs.model import EditionState, Line, Publication, StatementKind
from knowledge.model import Span
from tests.unit.briefs.sample import BEIJING, PUBLICATION, cite, heading, line

BASE = "https://zhiku.example/"
EVIL = (
    "<script>alert(1)</script> <img src=x onerror=y> *a* _b_ `c` #let x = 1 $x^2$ ]]> "
    "[d](http://evil.example) ![e](f) &lt; {{ g }} {% h %} \\i @r1 <r1> // /* | ~j~ \x00\x07\x1b"
)
K = StatementKind
DRAFT = replace(PUBLICATION, edition=None, state=None, published_at=None, published_by=None)


def one(kind: StatementKind, text: str) -> Publication:
    return replace(PUBLICATION, lines=(line(kind, text),), references=())


def squeezed(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if not c.isspace())


def pdf_text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def docx_text(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    return "\n".join(
        "".join(node.text or "" for node in paragraph._p.iter(qn("w:t")))
        for paragraph in document.paragraphs
    )


class Outline(HTMLParser):
    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self._hidden = False
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._hidden = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._hidden = self._hidden and tag != "style"

    def handle_data(self, data: str) -> None:
        self.words += "" if self._hidden else data

    def all(self, tag: str, name: str | None = None) -> list[dict[str, str | None]]:
        return [a for t, a in self.tags if t == tag and (name is None or a.get("class") == name)]


READ: dict[ExportFormat, Callable[[bytes], str]] = {
    ExportFormat.HTML: lambda data: Outline(data).words,
    ExportFormat.DOCX: docx_text,
    ExportFormat.PDF: pdf_text,
    ExportFormat.MARKDOWN: lambda data: data.decode(),
}


@pytest.mark.parametrize("to", ExportFormat)
def test_every_format_shows_everything_in_order(to: ExportFormat) -> None:
    words = squeezed(READ[to](export(PUBLICATION, to)))
    position = words.index(squeezed(PUBLICATION.title))
    for part in ("澄江区图书馆", "2025年6月9日", "第1版", "签发岗"):
        assert part in words
    assert squeezed(PUBLICATION.notice or "") in words
    for item in PUBLICATION.lines:
        text = item.text.translate(str.maketrans("“”", "‘’")) if item.kind is K.QUOTE else item.text
        position = words.index(squeezed(text.strip("‘’。！.")), position)
    for reference in PUBLICATION.references:
        position = words.index(squeezed(reference.entry)[:12], position)
    assert words.count("〔常识〕") == 3
    assert words.count("〔判断〕") == 3
    assert words.count("〔计算〕") == 2


@pytest.mark.parametrize("to", ExportFormat)
def test_the_same_publication_gives_the_same_bytes(to: ExportFormat) -> None:
    assert export(PUBLICATION, to) == export(PUBLICATION, to)
    assert export(DRAFT, to) == export(DRAFT, to)


@pytest.mark.parametrize("to", ExportFormat)
@pytest.mark.parametrize(
    ("publication", "banner"),
    [
        (DRAFT, "草稿·未刊发"),
        (replace(PUBLICATION, state=EditionState.SUPERSEDED), "本版已被新版取代，仅供查考。"),
        (replace(PUBLICATION, state=EditionState.WITHDRAWN), "本版已撤回，请勿引用。"),
    ],
    ids=["draft", "superseded", "withdrawn"],
)
def test_what_is_not_current_says_so(
    to: ExportFormat, publication: Publication, banner: str
) -> None:
    assert squeezed(banner) in squeezed(READ[to](export(publication, to)))
    assert squeezed(banner) not in squeezed(READ[to](export(PUBLICATION, to)))


def test_formats_are_named_as_a_person_types_them() -> None:
    assert [str(to) for to in ExportFormat] == ["html", "docx", "pdf", "md"]
    assert [to.suffix for to in ExportFormat] == [".html", ".docx", ".pdf", ".md"]
    assert ExportFormat("pdf").media_type == "application/pdf"
    assert export(PUBLICATION, "md") == export(PUBLICATION, ExportFormat.MARKDOWN)
    with pytest.raises(ValueError, match="rtf"):
        export(PUBLICATION, "rtf")


# Marks and sentences


def pinpoints(*lines: Line) -> list[str]:
    view = view_of(replace(PUBLICATION, lines=lines))
    return [f"[{m.reference}]{m.pinpoint}" for s in view.sentences for m in s.marks]


def test_a_mark_names_the_page_as_it_is_printed() -> None:
    assert pinpoints(
        line(K.PARAPHRASE, "甲。", cite(1, 12, "甲")),
        line(K.PARAPHRASE, "乙。", cite(1, 12, "乙", label="iii"), cite(2, 9, "乙", label="A-7")),
        line(K.PARAPHRASE, "丙。", cite(3, None, "丙"), cite(3, None, "丙", label="清单")),
    ) == ["[1]12", "[1]iii", "[2]A-7", "[3]", "[3]清单"]


def test_a_quote_over_two_pages_names_both_only_where_that_is_certain() -> None:
    assert pinpoints(
        line(K.QUOTE, "甲。", cite(1, 11, "甲", last=12)),
        line(K.QUOTE, "乙。", cite(1, 11, "乙", last=12, label="11")),
        line(K.QUOTE, "丙。", cite(1, 11, "丙", last=12, label="3")),
    ) == ["[1]11-12", "[1]11-12", "[1]3"]


def test_neighbours_that_would_read_alike_are_one_mark_to_both_places() -> None:
    first, second = cite(1, 3, "甲乙"), cite(1, 3, "丙丁", start=40)
    assert pinpoints(line(StatementKind.PARAPHRASE, "甲。", first, second)) == ["[1]3"]
    apart = cite(1, 4, "戊己")
    assert pinpoints(line(StatementKind.PARAPHRASE, "甲。", first, apart)) == ["[1]3", "[1]4"]
    other = cite(2, 3, "庚辛")
    said = line(StatementKind.PARAPHRASE, "甲。", first, other, second)
    assert pinpoints(said) == ["[1]3", "[2]3", "[1]3"]
    bare = [cite(1, None, "甲乙"), cite(1, None, "丙丁", start=40)]
    publication = replace(
        PUBLICATION,
        lines=(line(StatementKind.PARAPHRASE, "甲。", *bare), line(K.QUOTE, "乙", first)),
    )
    for to in ExportFormat:
        data = export(publication, to, base_url="https://zhiku.example.org")
        if to in {ExportFormat.HTML, ExportFormat.MARKDOWN}:
            assert "/pages/11/1?mark=1:10-12&mark=1:40-42" in data.decode().replace("&amp;", "&")
        shown = {ExportFormat.PDF: pdf_text, ExportFormat.DOCX: docx_text}
        text = squeezed(shown[to](data) if to in shown else data.decode())
        assert "[1][1]" not in text


def test_one_mark_to_two_places_is_as_sure_as_the_less_sure_one() -> None:
    places = [
        replace(cite(1, 3, "甲乙", start=at), confidence=sure) for at, sure in ((1, 0.9), (9, 0.6))
    ]
    (made,) = view_of(replace(PUBLICATION, lines=(line(K.PARAPHRASE, "甲。", *places),))).sentences
    assert [mark.percent for mark in made.marks] == [60]


def test_the_stop_follows_the_marks_except_in_a_quote() -> None:
    view = view_of(
        replace(
            PUBLICATION,
            lines=(
                line(K.PARAPHRASE, "甲增长。", cite(1, 1, "甲")),
                line(K.QUOTE, "甲增长。", cite(1, 1, "甲")),
                line(K.PARAPHRASE, "It grew.", cite(1, 1, "甲")),
                line(K.JUDGEMENT, "宜缓行。"),
            ),
        )
    )
    assert [(s.text, s.tail) for s in view.sentences] == [
        ("甲增长", "。"),
        ("“甲增长。”", ""),
        ("It grew.", ""),
        ("宜缓行。", ""),
    ]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("甲。", "“甲。”"),
        ("“甲。”", "“甲。”"),
        ("「甲。」", "「甲。」"),
        ('"a b"', '"a b"'),
        ('"a" and "b"', '“"a" and "b"”'),
        ("“甲”和“乙”", "“‘甲’和‘乙’”"),
        ("称“甲”。", "“称‘甲’。”"),
        ("“甲", "“‘甲”"),
        ('"', '“"”'),
        ("", ""),
    ],
)
def test_quotation_marks_are_set_once(text: str, printed: str) -> None:
    assert quoted(text, CHINESE) == printed


def test_heading_levels_have_no_gap() -> None:
    lines = tuple(heading("题", level) for level in (3, 5, 2, 9, 1))
    view = view_of(replace(PUBLICATION, lines=lines))
    assert [s.level for s in view.sentences] == [1, 2, 2, 3, 1]
    tags = [t for t, _ in Outline(export(replace(PUBLICATION, lines=lines), "html")).tags]
    assert [t for t in tags if re.fullmatch("h[1-6]", t)][:6] == [
        "h1",
        "h2",
        "h3",
        "h3",
        "h4",
        "h2",
    ]


def test_headings_of_one_level_have_one_depth_whatever_stands_above() -> None:
    lines = tuple(heading("题", level) for level in (2, 2, 3, 2, 1, 2))
    whole = view_of(replace(PUBLICATION, lines=lines))
    assert [s.level for s in whole.sentences] == [1, 1, 2, 1, 1, 2]
    rest = view_of(replace(PUBLICATION, lines=lines[1:]))
    assert [s.level for s in rest.sentences] == [1, 2, 1, 1, 2]


def test_a_publication_in_another_language_speaks_english() -> None:
    english = replace(PUBLICATION, language="en", state=EditionState.WITHDRAWN, edition=2)
    words = Outline(export(english, "html")).words
    for part in (ENGLISH.withdrawn, "Edition 2", "References", "Judgement", "2025-06-09"):
        assert part in words
    assert "判断" not in words


def test_a_publication_without_references_has_no_list_of_them() -> None:
    bare = one(K.BACKGROUND, "只有一句。")
    for to in ExportFormat:
        assert "参考文献" not in READ[to](export(bare, to))


# Labels


@pytest.mark.parametrize("to", ExportFormat)
def test_what_is_ours_is_labelled_and_the_labels_are_explained(to: ExportFormat) -> None:
    words = squeezed(READ[to](export(PUBLICATION, to)))
    assert words.count("〔判断〕补贴宜由") == 1
    assert words.count("〔常识〕澄江区是") == 1
    assert words.count("〔计算〕据此计算") == 1
    legend = "〔判断〕为本馆的判断;〔常识〕为通行的常识,不另注出处;〔计算〕为由所引数字算得。"
    assert words.index(legend) < words.index("参考文献")
    bare = squeezed(READ[to](export(one(K.PARAPHRASE, "只有一句。"), to)))
    assert "〔" not in bare


@pytest.mark.parametrize(
    ("formula", "text", "shown"),
    [
        ("(64 - 62) / 62", "增长3.2%。", "(64 − 62) ÷ 62 ≈ 3.2%"),
        ("12万人+8万人", "合计20万人。", "12万人 + 8万人 = 20万人"),
        ("62*3", "三年共一百八十六台。", "62 × 3 = 一百八十六台"),
        ("3/8", "没有数字。", "3 ÷ 8 = 0.375"),
        ("1/3", "没有数字。", "1 ÷ 3 ≈ 0.3333"),
        ("甲 / 乙", "增长3.2%。", "甲 ÷ 乙"),
        ("1 / 0", "增长3.2%。", "1 ÷ 0"),
        (None, "增长3.2%。", ""),
        ("  ", "增长3.2%。", ""),
    ],
)
def test_a_formula_is_readable_and_worked_out(formula: str | None, text: str, shown: str) -> None:
    assert worked_out(formula, text) == shown


@pytest.mark.parametrize("to", ExportFormat)
def test_a_computed_figure_shows_its_formula(to: ExportFormat) -> None:
    computed = replace(
        line(K.COMPUTED, "比上年增长3.2%。", cite(2, 1, "64")), formula="(64 - 62) / 62"
    )
    publication = replace(PUBLICATION, lines=(computed,))
    assert "。((64−62)÷62≈3.2%)" in squeezed(READ[to](export(publication, to)))
    english = replace(publication, language="en")
    words = squeezed(READ[to](export(english, to)))
    assert "[Calculation]" in words
    assert "isworkedoutfromthefigurescited." in words


# Tables and figures

TABLE = "各街道社区食堂\n街道\t老人（万人）\t食堂（家）\n望溪街道\t2.31\t6\n临江|街道\t1.87\t5"


def png(width: int = 1200, height: int = 300) -> bytes:
    packed = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(packed, "PNG")
    return packed.getvalue()


@dataclass
class Album:
    """Pictures for some versions, and what was asked."""

    known: dict[int, bytes]
    asked: list[tuple[int, tuple[Span, ...]]] = field(default_factory=list)

    def cut(self, version_id: int, spans: Sequence[Span], /) -> bytes | None:
        self.asked.append((version_id, tuple(spans)))
        return self.known.get(version_id)


EXHIBITED = replace(
    PUBLICATION,
    lines=(
        line(K.PARAPHRASE, "见表1和图1。", cite(2, 1, "甲")),
        line(K.TABLE, TABLE, cite(2, 3, "望溪街道"), cite(3, 4, "临江街道")),
        line(K.FIGURE, "就餐人次走势", cite(3, 9, "就餐人次")),
        line(K.TABLE, "支出\n项目\t金额\n补贴\t-3.5", cite(2, 5, "补贴")),
        line(K.TABLE, "不成表格的一句", cite(2, 5, "补贴")),
    ),
)
ALBUM = Album({13: png()})


@pytest.mark.parametrize("to", ExportFormat)
def test_tables_and_figures_are_numbered_under_their_captions(to: ExportFormat) -> None:
    data = export(EXHIBITED, to, pictures=ALBUM, base_url=BASE)
    words = squeezed(tabled_text(data) if to is ExportFormat.DOCX else READ[to](data))
    order = ["表1", "各街道社区食堂", "图1", "就餐人次走势", "表2", "支出", "不成表格的一句"]
    at = words.index("见表1和图1") + len("见表1和图1")
    for part in order:
        at = words.index(part, at)
    for cell in ("望溪街道", "2.31", "老人(万人)", "-3.5"):
        assert cell in words
    source = "来源:澄江区社区食堂运行情况调查报告,第9页"
    assert words.count(source) == 1
    assert export(EXHIBITED, to, pictures=ALBUM) == export(EXHIBITED, to, pictures=ALBUM)


def test_a_figure_is_asked_for_where_its_evidence_stands() -> None:
    album = Album({})
    page = Outline(export(EXHIBITED, "html", pictures=album))
    assert album.asked == [(13, EXHIBITED.lines[2].citations[0].spans)]
    assert not page.all("img")
    assert "就餐人次走势" in page.words
    assert len(page.all("a", "mark")) == 6


def test_html_has_real_tables_and_pictures() -> None:
    page = Outline(export(EXHIBITED, "html", pictures=ALBUM))
    assert [a.get("scope") for a in page.all("th")] == [
        *("col", "col", "col", "row", "row"),
        *("col", "col", "row"),
    ]
    assert [a.get("class") for a in page.all("td")] == ["n"] * 5
    assert [a["id"] for a in page.all("figcaption")] == ["n2", "n3", "n4"]
    (picture,) = page.all("img")
    assert (picture["alt"], picture["width"], picture["height"]) == ("就餐人次走势", "1200", "300")
    assert str(picture["src"]).startswith("data:image/png;base64,")
    (linked,) = Outline(export(EXHIBITED, "html", pictures=ALBUM, embedded=False)).all("img")
    assert linked["src"] == "/pages/13/figure.png?mark=9:10-14"


def tabled_text(data: bytes) -> str:
    body = docx.Document(io.BytesIO(data)).element.body
    return "".join(node.text or "" for node in body.iter(qn("w:t")))


def test_docx_has_real_tables_and_pictures_that_fit() -> None:
    document: Any = docx.Document(io.BytesIO(export(EXHIBITED, "docx", pictures=ALBUM)))
    first, second = document.tables
    assert [[cell.text for cell in row.cells] for row in second.rows] == [
        ["项目", "金额"],
        ["补贴", "-3.5"],
    ]
    assert first.style.name == "Brief Table"
    assert first.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert first.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
    assert first.rows[1].cells[1].paragraphs[0].style.name == "Figures"
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    assert [text[:2] for text in captions] == ["表1", "图1", "表2"]
    (shape,) = document.inline_shapes
    assert shape.width <= Mm(156)
    assert round(shape.width / shape.height, 2) == 4
    assert shape._inline.docPr.get("descr") == "就餐人次走势"
    holder = next(p for p in document.paragraphs if p._p.findall(".//" + qn("w:drawing")))
    assert holder.style.name == "Picture"
    assert holder.style.paragraph_format.line_spacing_rule == WD_LINE_SPACING.SINGLE


def test_a_tall_picture_fits_on_the_page() -> None:
    album = Album({13: png(300, 1600)})
    document: Any = docx.Document(io.BytesIO(export(EXHIBITED, "docx", pictures=album)))
    assert document.inline_shapes[0].height <= Mm(150) + 10
    reader = PdfReader(io.BytesIO(export(EXHIBITED, "pdf", pictures=album)))
    (page,) = [page for page in reader.pages if list(page.images)]
    assert "图1" in squeezed(page.extract_text())


def test_pdf_holds_the_picture_and_stays_accessible() -> None:
    reader = PdfReader(io.BytesIO(export(EXHIBITED, "pdf", pictures=ALBUM)))
    images = [image for page in reader.pages for image in page.images]
    assert [image.image.size for image in images if image.image] == [(1200, 300)]
    root: Any = reader.trailer["/Root"]
    kinds: list[str] = []

    def walk(node: Any) -> None:
        held = node if isinstance(node, list) else node.get_object()
        if isinstance(held, list):
            for each in held:
                walk(each)
        elif isinstance(held, dict):
            kinds.append(str(held.get("/S", "")) + ("/Alt" if "/Alt" in held else ""))
            walk(held.get("/K", []))

    walk(root["/StructTreeRoot"])
    assert kinds.count("/Table") == 2
    assert kinds.count("/TH") == 5
    assert "/Figure/Alt" in kinds


def test_markdown_has_tables_and_links_to_pictures_where_the_server_is_known() -> None:
    text = export(EXHIBITED, "md", pictures=ALBUM, base_url=BASE).decode()
    assert "| 街道 | 老人（万人） | 食堂（家） |\n| --- | ---: | ---: |\n| 望溪街道 | 2.31" in text
    assert "| 临江\\|街道 | 1.87 | 5 |" in text
    picture = "![就餐人次走势](https://zhiku.example/pages/13/figure.png?mark=9:10-14)"
    assert picture in text
    assert "![" not in export(EXHIBITED, "md", pictures=ALBUM).decode()
    rendered = MarkdownIt("commonmark").enable("table").parse(text)
    assert [t.type for t in rendered].count("table_open") == 2


def test_no_cell_becomes_markup() -> None:
    cells = EVIL.replace("\x00\x07\x1b", "")
    evil = line(K.TABLE, f"{cells}\n{cells}\t乙\n{cells}\t2", cite(2, 1, "甲"))
    plain = line(K.TABLE, "题\n甲\t乙\n丙\t2", cite(2, 1, "甲"))
    pages = [
        Outline(export(replace(PUBLICATION, lines=(each,)), "html")).tags for each in (evil, plain)
    ]
    assert [tag for tag, _ in pages[0]] == [tag for tag, _ in pages[1]]
    tokens = [
        MarkdownIt("commonmark")
        .enable("table")
        .parse(export(replace(PUBLICATION, lines=(each,)), "md").decode())
        for each in (evil, plain)
    ]
    assert [t.type for t in tokens[0]] == [t.type for t in tokens[1]]
    words = squeezed(pdf_text(export(replace(PUBLICATION, lines=(evil,)), "pdf")))
    assert words.count(squeezed(clean(cells))[:60]) == 3


def test_lines_keep_their_numbers_in_a_form_that_leaves_some_out() -> None:
    kept = tuple(
        replace(each, number=at, exhibit=number)
        for at, (each, number) in enumerate(
            zip(EXHIBITED.lines, (None, 1, 1, 2, None), strict=True), start=1
        )
        if at in {3, 4}
    )
    page = Outline(export(replace(EXHIBITED, lines=kept), "html"))
    assert [a["id"] for a in page.all("figure")] == ["s3", "s4"]
    assert "图1" in page.words
    assert "表2" in page.words


NAMED = replace(
    EXHIBITED,
    lines=tuple(
        replace(
            each,
            citations=tuple(
                replace(c, words=f"（著者{c.reference}，2023：{c.page}）") for c in each.citations
            ),
        )
        for each in EXHIBITED.lines
    ),
    references=tuple(
        replace(r, label=f"著者{r.number}，2023", entry=f"著者{r.number}. 题名[R]")
        for r in PUBLICATION.references
    ),
)


@pytest.mark.parametrize("to", ExportFormat)
def test_no_number_stands_where_works_are_called_by_names(to: ExportFormat) -> None:
    words = squeezed(
        READ[to](export(NAMED, to, pictures=ALBUM))
        if to is not ExportFormat.DOCX
        else tabled_text(export(NAMED, to, pictures=ALBUM))
    )
    assert "(著者2,2023:3)(著者3,2023:4)" in words
    assert not re.search(r"\[\d+\]", words)


# HTML


def test_html_needs_nothing_else_and_is_small() -> None:
    data = export(PUBLICATION, "html")
    page = Outline(data)
    assert len(data) < 12_000
    assert not page.all("script")
    assert not page.all("link")
    assert not page.all("img")
    assert b"url(" not in data
    assert b"@import" not in data
    assert all("style" not in attributes for _, attributes in page.tags)
    assert page.all("html")[0]["lang"] == "zh-CN"
    assert len(page.all("h1")) == 1
    assert page.all("a", "skip")[0]["href"] == "#text"


def test_html_marks_open_the_source_page_and_references_lead_back() -> None:
    page = Outline(export(PUBLICATION, "html"))
    marks = page.all("a", "mark")
    citations = [c for item in PUBLICATION.lines for c in item.citations]
    assert [mark["href"] for mark in marks] == [c.href for c in citations]
    assert marks[0]["aria-label"] == "来源 1，第 3 页"
    ids = [a["id"] for _, a in page.tags if a.get("id")]
    assert len(ids) == len(set(ids))
    assert {f"s{n}" for n in range(1, len(PUBLICATION.lines) + 1)} <= set(ids)
    back = [a["href"] for a in page.all("a", "back")]
    assert sorted(str(b) for b in back) == sorted(f"#{mark['id']}" for mark in marks)
    for reference in PUBLICATION.references:
        assert f"r{reference.number}" in ids
        assert any(
            str(a.get("href")).startswith(f"/pages/{reference.version_id}/") for a in page.all("a")
        )
        assert reference.sha256 in page.words


def test_html_links_lead_to_the_server_that_is_named() -> None:
    page = Outline(export(PUBLICATION, "html", base_url=BASE))
    assert all(
        str(a["href"]).startswith("https://zhiku.example/pages/") for a in page.all("a", "mark")
    )


def test_a_source_that_needs_signing_in_says_so() -> None:
    for to in ExportFormat:
        assert READ[to](export(PUBLICATION, to)).count("原文须登录后查看") == 1


# DOCX


def test_docx_has_the_measures_of_gb_t_9704() -> None:
    document = docx.Document(io.BytesIO(export(PUBLICATION, "docx")))
    section = document.sections[0]
    measures = (
        section.page_width, section.page_height, section.top_margin, section.left_margin,
        section.right_margin, section.bottom_margin,
    )  # fmt: skip
    assert [round(m.mm) for m in measures if m] == [210, 297, 37, 28, 26, 35]
    assert section._sectPr.find(qn("w:docGrid")).get(qn("w:type")) == "lines"
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        xml = footer._element.xml
        assert "PAGE" in xml
        assert f'w:jc w:val="{side}"' in xml
    normal = document.styles["Normal"]
    assert normal.element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert normal.paragraph_format.line_spacing.pt == pytest.approx(28.95)
    assert normal.element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
    assert normal.element.rPr.find(qn("w:spacing")).get(qn("w:val")) == "-5"
    faces = {
        name: document.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Title", "Heading 1", "Heading 2")
    }
    assert list(faces.values()) == ["方正小标宋简体", "黑体", "楷体_GB2312"]
    assert (document.core_properties.title, document.core_properties.author) == (
        PUBLICATION.title,
        PUBLICATION.library,
    )


def test_docx_headings_are_real() -> None:
    document: Any = docx.Document(io.BytesIO(export(PUBLICATION, "docx")))
    headings = [p.style.name for p in document.paragraphs if p.style.name.startswith("Heading")]
    levels = [f"Heading {i.level}" for i in PUBLICATION.lines if i.kind is K.HEADING]
    assert headings == [*levels, "Heading 1"]


def test_docx_links_only_where_the_server_is_known() -> None:
    def links(base_url: str) -> tuple[list[str], int]:
        document = docx.Document(io.BytesIO(export(PUBLICATION, "docx", base_url=base_url)))
        outside = [r.target_ref for r in document.part.rels.values() if r.is_external]
        return outside, len(document.element.findall(".//" + qn("w:hyperlink")))

    marks = sum(len(item.citations) for item in PUBLICATION.lines)
    assert links("") == ([], marks)
    outside, count = links(BASE)
    assert count == marks + len(PUBLICATION.references)
    assert outside
    assert all(target.startswith("https://zhiku.example/pages/") for target in outside)


def test_docx_packs_no_time_of_its_making() -> None:
    with zipfile.ZipFile(io.BytesIO(export(PUBLICATION, "docx"))) as packed:
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# PDF


def test_pdf_is_tagged_and_says_what_it_is() -> None:
    reader = PdfReader(io.BytesIO(export(PUBLICATION, "pdf")))
    assert reader.metadata is not None
    assert reader.metadata.title == PUBLICATION.title
    assert reader.metadata.author == PUBLICATION.library
    assert PUBLICATION.published_at is not None
    assert reader.metadata.creation_date == PUBLICATION.published_at.replace(microsecond=0)
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "zh-CN"
    assert root["/MarkInfo"]["/Marked"]
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    for number, page in enumerate(reader.pages, start=1):
        assert f"—{number}—" in squeezed(page.extract_text())


def test_pdf_embeds_only_fonts_that_come_with_the_product() -> None:
    reader = PdfReader(io.BytesIO(export(PUBLICATION, "pdf")))
    pages: list[Any] = list(reader.pages)
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all("NotoSansCJK" in name for name in fonts)


def test_pdf_links_only_where_the_server_is_known() -> None:
    def targets(base_url: str) -> list[str]:
        reader = PdfReader(io.BytesIO(export(PUBLICATION, "pdf", base_url=base_url)))
        notes = [n.get_object() for page in reader.pages for n in page.get("/Annots", [])]
        return [str(n["/A"]["/URI"]) for n in notes if "/URI" in n.get("/A", {})]

    assert targets("") == []
    assert "https://zhiku.example/pages/11/3?mark=3:10-16" in targets(BASE)


def test_twenty_eight_characters_stand_on_a_line_of_the_pdf() -> None:
    text = pdf_text(export(one(K.PARAPHRASE, "食" * 120), "pdf"))
    lines = [row.count("食") for row in text.splitlines() if "食食" in row]
    assert lines == [26, 28, 28, 28, 10]


def test_twenty_two_lines_stand_on_a_page_of_the_pdf() -> None:
    reader = PdfReader(io.BytesIO(export(one(K.PARAPHRASE, "食" * 28 * 50), "pdf")))
    assert reader.pages[1].extract_text().count("食") == 22 * 28


def test_nothing_invisible_stands_in_the_text_of_the_pdf() -> None:
    text = pdf_text(export(PUBLICATION, "pdf"))
    assert not [c for c in text if unicodedata.category(c) in {"Cf", "Cc"} and c != "\n"]


def test_a_draft_has_no_date_in_its_pdf() -> None:
    metadata = PdfReader(io.BytesIO(export(DRAFT, "pdf"))).metadata
    assert metadata is not None
    assert metadata.creation_date is None


def test_a_font_folder_must_be_a_folder(tmp_path: Path) -> None:
    assert export(PUBLICATION, "pdf", font_folder=tmp_path).startswith(b"%PDF")
    with pytest.raises(SettingError):
        export(PUBLICATION, "pdf", font_folder=tmp_path / "missing")


# No text of a person is ever markup


def poisoned() -> Publication:
    return replace(
        PUBLICATION,
        title=EVIL,
        library=EVIL,
        notice=EVIL,
        published_by=EVIL,
        lines=tuple(replace(item, text=EVIL + item.text) for item in PUBLICATION.lines),
        references=tuple(replace(r, entry=EVIL + r.entry) for r in PUBLICATION.references),
    )


def test_html_shows_markup_as_text() -> None:
    plain, evil = Outline(export(PUBLICATION, "html")), Outline(export(poisoned(), "html"))
    assert [tag for tag, _ in evil.tags] == [tag for tag, _ in plain.tags]
    assert clean(EVIL) in evil.words


def test_html_quotes_its_attributes() -> None:
    label = '"><b id=x onclick="y'
    marked = line(K.PARAPHRASE, "甲。", cite(1, None, "甲", label=label))
    page = Outline(export(replace(PUBLICATION, lines=(marked,)), "html"))
    assert not page.all("b")
    assert label in str(page.all("a", "mark")[0]["aria-label"])


@pytest.mark.parametrize("to", [ExportFormat.DOCX, ExportFormat.PDF])
def test_print_shows_markup_as_text(to: ExportFormat) -> None:
    words = squeezed(READ[to](export(poisoned(), to)))
    assert squeezed(clean(EVIL)) in words
    assert "\x00" not in words


COMMONMARK = MarkdownIt("commonmark")
QUIET = {"paragraph_open", "paragraph_close", "inline"}


def assert_plain(text: str) -> None:
    tokens = COMMONMARK.parse(escaped(text))
    assert {t.type for t in tokens} <= QUIET
    children = [child for t in tokens for child in t.children or []]
    assert {c.type for c in children} <= {"text", "text_special"}
    assert "".join(c.content for c in children) == text


@pytest.mark.parametrize(
    "text",
    [clean(EVIL), "1. 一", "12) 二", "- 三", "+ 四", "=== 五", "--- ", "# 六", "> 七", "***", "___",
     "a_b_c", "_a_", "x&y=1&amp;", "&#35;", "[a]: http://b", "[a]", "| a | b |", "~~~", "\\*"],
)  # fmt: skip
def test_markdown_shows_markup_as_text(text: str) -> None:
    assert_plain(clean(text))


@settings(max_examples=300)
@given(st.text(alphabet="ab1 .)(*_`[]<>!#&;:|~$\\+-=/\"'甲。", max_size=24))
def test_no_text_becomes_markdown(text: str) -> None:
    assert_plain(clean(text))


def test_markdown_of_a_whole_brief_has_only_our_own_marks() -> None:
    def kinds(publication: Publication, base_url: str) -> list[str]:
        tokens = COMMONMARK.parse(export(publication, "md", base_url=base_url).decode())
        inline = [c.type for t in tokens for c in t.children or []]
        return [t.type for t in tokens] + [k for k in inline if k not in {"text", "text_special"}]

    assert kinds(poisoned(), "") == kinds(PUBLICATION, "")
    assert kinds(poisoned(), BASE) == kinds(PUBLICATION, BASE)
    assert "link_open" not in kinds(PUBLICATION, "")
    marks = sum(len(item.citations) for item in PUBLICATION.lines)
    assert kinds(PUBLICATION, BASE).count("link_open") == marks + len(PUBLICATION.references)
    assert "[1，第 3 页]" in export(PUBLICATION, "md").decode()


def test_control_and_direction_characters_are_dropped() -> None:
    assert clean("a\x00b\x1b\ud800\u202e c\u2028d\te\ufffe ") == "ab c d e"


@pytest.mark.parametrize("to", ExportFormat)
def test_any_kind_of_time_zone_will_do(to: ExportFormat) -> None:
    for when in (
        datetime(2025, 6, 9, 9, 30),
        datetime(2025, 6, 9, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
    ):
        assert "2025年6月9日" in squeezed(
            READ[to](export(replace(PUBLICATION, published_at=when), to))
        )


def test_dates_are_printed_in_the_time_zone_they_carry() -> None:
    assert PUBLICATION.published_at is not None
    late = PUBLICATION.published_at.astimezone(BEIJING).replace(hour=0, minute=30)
    assert "2025年6月9日" in export(replace(PUBLICATION, published_at=late), "md").decode()
