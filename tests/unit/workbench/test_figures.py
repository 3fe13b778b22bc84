"""Figures cut out of the pages of sources: what is cut, where it is shown, and for whom."""

import io
import zipfile
from collections.abc import Iterator

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from briefs.cutting import area_of, cropped
from briefs.exporters import figure_href
from briefs.gate import FaultType, Outcome
from briefs.gating.errors import NoPictureError
from briefs.gating.reports import State
from briefs.model import Edition, Evidence, Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.portal import Warmth, middleware, routes
from knowledge.accounts.roles import Role
from knowledge.model import Access, Span, Version
from knowledge.places import Box
from knowledge.store.engine import writing
from knowledge.store.schema import documents, versions
from tests.homes import cookies_of, fill, open_home
from tests.scans import HEIGHT, LINE, WIDTH, scanned, store

PAGE = Box(0, 0, 400, 500)
CAPTION = Box(100, 300, 300, 312)
ABOVE, BELOW = Box(40, 60, 360, 72), Box(40, 330, 360, 342)
TEXT = "图一走势\n单位为万人次\n其余从略"
SPANS = (Span(1, 0, 4),)


def page_with(*shapes: tuple[int, int, int, int]) -> bytes:
    """A white page of 800 × 1000 pixels with black bars."""
    picture = Image.new("RGB", (800, 1000), "white")
    for shape in shapes:
        ImageDraw.Draw(picture).rectangle(shape, fill="black")
    packed = io.BytesIO()
    picture.save(packed, "PNG")
    return packed.getvalue()


def size(png: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(png)) as opened:
        assert opened.format == "PNG"
        return opened.size


def test_the_words_of_the_evidence_are_cut_out_with_a_margin() -> None:
    shapes = [Box(100, 100, 200, 112), Box(100, 240, 300, 252)]
    around, band = area_of(shapes, [ABOVE, *shapes, BELOW], page=PAGE)
    assert (around, band) == (Box(92, 92, 308, 260), None)
    assert size(cropped(page_with(), around, band, page=PAGE)) == (432, 336)


def test_a_caption_takes_in_what_is_printed_above_it() -> None:
    around, band = area_of([CAPTION], [ABOVE, CAPTION, BELOW], page=PAGE)
    assert band == Box(0, 72, 400, 300)
    # A bar from 80 to 140 points across, from 100 to 250 down.
    png = page_with((160, 200, 280, 500))
    assert size(cropped(png, around, band, page=PAGE)) == (
        616 - min(144, 184),
        640 - 184,
    )
    assert cropped(png, around, band, page=PAGE) == cropped(png, around, band, page=PAGE)


def test_a_blank_above_is_left_and_a_band_below_is_found() -> None:
    around, band = area_of([CAPTION], [ABOVE, CAPTION, BELOW], page=PAGE)
    assert size(cropped(page_with(), around, band, page=PAGE)) == (432, 56)
    close = Box(40, 270, 360, 290)
    _, band = area_of([CAPTION], [close, CAPTION, Box(40, 400, 360, 412)], page=PAGE)
    assert band == Box(0, 312, 400, 400)
    _, band = area_of([CAPTION], [close, CAPTION, BELOW], page=PAGE)
    assert band is None


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    folder = tmp_path_factory.mktemp("figures")
    bench = open_home(folder)
    fill(bench, folder)
    yield bench
    bench.close()


@pytest.fixture(scope="module")
def version(bench: Workbench) -> Version:
    return store(bench, [scanned(TEXT)], title="走势图")


@pytest.fixture(scope="module")
def edition(bench: Workbench, version: Version) -> Edition:
    evidence = Evidence(version.document_id, version.id, SPANS, "图一走势")
    lines = [
        Statement(StatementKind.FIGURE, "走势", (evidence,)),
        Statement(StatementKind.JUDGEMENT, "宜先行试点。"),
    ]
    brief = bench.editing.create("到馆人次", lines, actor=bench.actor)
    return bench.publishing.publish(brief.id, actor=bench.actor)


@pytest.fixture
def client(bench: Workbench) -> TestClient:
    app = Starlette(
        routes=routes(lambda: bench, warmth=Warmth()), middleware=middleware(lambda: bench)
    )
    return TestClient(app, headers={"accept-language": "zh-CN"}, follow_redirects=False)


def test_a_figure_is_cut_around_its_words(bench: Workbench, version: Version) -> None:
    png = bench.cutting.cut(version.id, SPANS)
    assert png is not None
    wide, high = size(png)
    # Four characters of a page drawn 1,600 wide, eight points around them.
    assert abs(wide - (4 * LINE + 16) * 1600 / WIDTH) < 3
    assert high < HEIGHT * 1600 / WIDTH


def test_the_gate_holds_a_figure_whose_source_has_no_picture(
    bench: Workbench, version: Version
) -> None:
    found = bench.lexical_retriever.search("加装电梯", 1)[0]
    bare = bench.editing.quote(found.passage.id).evidence
    drawn = Evidence(version.document_id, version.id, SPANS, "图一走势")
    for evidence in (bare, (*bare, drawn)):
        line = Statement(StatementKind.FIGURE, "走势", evidence)
        verdict = bench.gating.marks(line.kind, line.text, evidence=line.evidence)
        assert [each.type for each in verdict.faults] == [FaultType.PICTURE]
        brief = bench.editing.create("图", [line], actor=bench.actor)
        (checked,) = bench.gating.report(brief).checked
        assert (checked.state, [each.what for each in checked.findings]) == (
            State.FAULT,
            [FaultType.PICTURE],
        )
        with pytest.raises(NoPictureError):
            bench.publishing.publish(brief.id, actor=bench.actor)
    first = bench.gating.marks(StatementKind.FIGURE, "走势", evidence=(drawn, *bare))
    assert first.outcome is Outcome.SUPPORTED
    told = bench.gating.marks(StatementKind.QUOTE, bare[0].quote, evidence=bare)
    assert told.outcome is Outcome.SUPPORTED


def test_there_is_no_picture_where_nothing_is_drawn(bench: Workbench, version: Version) -> None:
    found = bench.lexical_retriever.search("加装电梯", 1)[0]
    assert bench.cutting.cut(found.version.id, found.passage.spans) is None
    assert bench.cutting.cut(version.id, [Span(9, 0, 4)]) is None
    assert bench.cutting.cut(version.id, [Span(1, 0, 4000)]) is None
    assert bench.cutting.cut(99_999, SPANS) is None


def test_the_page_asks_the_site_for_it_and_files_hold_it(
    client: TestClient, edition: Edition, version: Version
) -> None:
    address = figure_href(version.id, SPANS)
    page = client.get(f"/briefs/{edition.brief_id}")
    assert f'<img src="{address}" alt="走势"' in page.text
    assert "img-src 'self';" in page.headers["content-security-policy"]
    shown = client.get(address)
    assert shown.headers["content-type"] == "image/png"
    assert size(shown.content)[0] > 400
    held = client.get(f"/briefs/{edition.brief_id}.html").text
    assert '<img src="data:image/png;base64,' in held
    packed = client.get(f"/briefs/{edition.brief_id}.docx").content
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        assert [name for name in file.namelist() if name.startswith("word/media/")] != []


@pytest.mark.parametrize("tail", ["", "?mark=", "?mark=9:0-4", "?mark=1:0-9999", "?mark=x"])
def test_what_leads_nowhere_is_missing(client: TestClient, version: Version, tail: str) -> None:
    assert client.get(f"/pages/{version.id}/figure.png{tail}").status_code == 404
    assert client.get("/pages/0/figure.png?mark=1:0-4").status_code == 404


def test_the_preview_of_a_draft_holds_its_pictures(
    bench: Workbench, client: TestClient, version: Version
) -> None:
    evidence = Evidence(version.document_id, version.id, SPANS, "图一走势")
    lines = [Statement(StatementKind.FIGURE, "走势", (evidence,))]
    brief = bench.editing.create("草稿", lines, actor=bench.actor)
    client.cookies.update(cookies_of(bench, Role.LIBRARIAN))
    page = client.get(f"/previews/{brief.id}")
    assert '<img src="data:image/png;base64,' in page.text
    assert "img-src 'self' data:;" in page.headers["content-security-policy"]


def test_whoever_may_not_see_the_source_gets_no_picture_of_it(
    bench: Workbench, client: TestClient, edition: Edition, version: Version
) -> None:
    address = figure_href(version.id, SPANS)
    assert client.get(address).status_code == 200
    for table, column in ((documents, documents.c.id), (versions, versions.c.document_id)):
        with writing(bench.engine).begin() as connection:
            changed = update(table).where(column == version.document_id)
            connection.execute(changed.values(access=Access.STAFF.value))
    assert client.get(address).status_code == 404
    page = client.get(f"/briefs/{edition.brief_id}").text
    assert "<img" not in page
    assert "走势" in page
    assert "data:image" not in client.get(f"/briefs/{edition.brief_id}.html").text
    client.cookies.update(cookies_of(bench, Role.LIBRARIAN, name="馆员乙"))
    shown = client.get(address)
    assert shown.headers["content-type"] == "image/png"
    assert "no-store" in shown.headers["cache-control"]
    assert f'<img src="{address}"' in client.get(f"/briefs/{edition.brief_id}").text
