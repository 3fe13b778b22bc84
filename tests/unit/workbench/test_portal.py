"""The portal's routes over a real home: what opens, what does not, and what can never get out."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
import typst
from PIL import Image
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.testclient import TestClient

from briefs.model import Edition
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.picturing.boxes import MARGIN
from briefs.workbench.portal import Warmth, middleware, routes
from briefs.workbench.portal.warmth import WarmthState
from briefs.workbench.settings import LANGUAGES, Settings
from briefs.workbench.wording import catalogue
from knowledge.model import Layer, Metadata, PageText
from tests.homes import fill, open_home, take_out
from tests.scans import HEIGHT, LINE, WIDTH, scanned, store

EVIL = "<script>alert(1)</script>"
TEXTS = {
    "河湾县公共图书馆条例.md": "# 总则\n\n第一条 公共图书馆应当为制定政策提供文献信息和咨询服务。\n",
    "坏心眼.txt": f"{EVIL} 标题里有标签的说明\n\n正文也有 {EVIL} 和 <img src=x onerror=alert(2)>。\n",
    "网页.html": f"<html><head><title>网页</title></head><body><p>网页正文写了一段足够长的话，供人引用。</p>{EVIL}</body></html>",
}
PAGES = """#set page(width: 200pt, height: 260pt)
#set text(font: "Noto Sans CJK SC", size: 12pt)
第一页写明补助不超过二十万元。
#pagebreak()
第二页写明全年服务十二万人次。
"""


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    folder = tmp_path_factory.mktemp("portal")
    bench = open_home(folder)
    fill(bench, folder, TEXTS)
    pdf = folder / "通知.pdf"
    pdf.write_bytes(typst.compile(PAGES.encode()))
    bench.ingest.add_file(pdf, actor=bench.actor)
    yield bench
    bench.close()


@pytest.fixture(scope="module")
def edition(bench: Workbench) -> Edition:
    """Brief 1, two editions, citing the Markdown file; its title has a tag in it."""
    passages = bench.passages.many(bench.passages.ids().tolist())
    passage = next(p for p in passages.values() if "制定政策" in p.text)
    quote = bench.editing.quote(passage.id, "公共图书馆应当为制定政策提供文献信息和咨询服务。")
    brief = bench.editing.create(f"县情{EVIL}简报", [quote], actor=bench.actor)
    bench.publishing.publish(brief.id, actor=bench.actor)
    bench.editing.save(
        bench.briefs.get(brief.id), title=f"县情{EVIL}简报：新版", lines=[quote], actor=bench.actor
    )
    return bench.publishing.publish(brief.id, actor=bench.actor)


@pytest.fixture
def client(bench: Workbench) -> TestClient:
    app = Starlette(
        routes=routes(lambda: bench, warmth=Warmth()),
        middleware=middleware(lambda: bench),
    )
    return TestClient(app, headers={"accept-language": "zh-CN"}, follow_redirects=False)


def version_of(bench: Workbench, name: str) -> int:
    found = [bench.documents.version(d.current_version) for d in bench.documents.find()]
    return next(version.id for version in found if version.file_name == name)


def test_both_languages_have_every_word() -> None:
    ids = [{message.id for message in catalogue(language) if message.id} for language in LANGUAGES]
    portal = [{key for key in keys if str(key).startswith("portal.")} for keys in ids]
    assert portal[0] == portal[1]
    assert len(portal[0]) > 30


def test_the_list_leads_to_the_newest_edition(client: TestClient, edition: Edition) -> None:
    page = client.get("/published")
    assert page.status_code == 200
    assert 'lang="zh-CN"' in page.text
    assert f'href="/briefs/{edition.brief_id}"' in page.text
    assert "第 2 版" in page.text
    assert EVIL not in page.text
    assert client.get("/briefs").headers["location"] == "/published"


def test_the_language_is_asked_for_then_remembered(client: TestClient) -> None:
    assert "Published briefs" in client.get("/published?lang=en").text
    assert "Published briefs" in client.get("/published").text
    assert "已刊发简报" in client.get("/published?lang=zh").text
    client.cookies.clear()
    assert "Published briefs" in client.get("/published", headers={"accept-language": "en"}).text
    assert "已刊发简报" in client.get("/published", headers={"accept-language": "fr"}).text
    assert "已刊发简报" in client.get("/published?lang=../../x").text


def test_a_citation_opens_on_its_marked_words(client: TestClient, edition: Edition) -> None:
    page = client.get(f"/briefs/{edition.brief_id}")
    assert EVIL not in page.text
    link = re.search(r'class="mark"[^>]*href="(/pages/[^"]+)"', page.text)
    assert link is not None
    source = client.get(link[1].replace("&amp;", "&"))
    assert source.status_code == 200
    marked = re.search(r'<mark id="mark"[^>]*>([^<]+)</mark>', source.text)
    assert marked is not None
    assert marked[1] == edition.publication.lines[0].citations[0].quote
    # The workbench shows it in a frame, under a head of its own.
    framed = client.get(f"{link[1].replace('&amp;', '&')}&framed=1").text
    assert "strip-home" in source.text
    assert "strip-home" not in framed
    assert 'id="mark"' in framed


def test_a_superseded_edition_says_so_and_leads_on(client: TestClient, edition: Edition) -> None:
    old = client.get(f"/briefs/{edition.brief_id}/1").text
    assert "本版已被新版取代" in old
    assert "阅读最新的第 2 版" in old
    assert f'href="/briefs/{edition.brief_id}/1.pdf"' in old
    assert "取代" not in client.get(f"/briefs/{edition.brief_id}").text
    assert client.get(f"/briefs/{edition.brief_id}/3").status_code == 404


def test_a_draft_is_not_published(client: TestClient, bench: Workbench) -> None:
    draft = bench.editing.create("尚未刊发", actor=bench.actor)
    assert client.get(f"/briefs/{draft.id}").status_code == 404
    assert client.get(f"/briefs/{draft.id}.pdf").status_code == 404


@pytest.mark.parametrize(
    ("suffix", "magic"), [("docx", b"PK"), ("pdf", b"%PDF"), ("md", b"#"), ("html", b"<!")]
)
def test_files_come_under_a_chinese_name(
    client: TestClient, edition: Edition, suffix: str, magic: bytes
) -> None:
    file = client.get(f"/briefs/{edition.brief_id}.{suffix}")
    assert file.content.lower().lstrip().startswith(magic.lower())
    disposition = file.headers["content-disposition"]
    assert disposition.isascii()
    assert disposition.startswith(f'attachment; filename="brief-1.{suffix}"')
    name = unquote(disposition.partition("filename*=UTF-8''")[2])
    assert name == f"县情 script alert(1) script 简报：新版.{suffix}"


def test_a_page_that_has_not_changed_is_not_sent_again(
    client: TestClient, edition: Edition
) -> None:
    for headers in ({"accept-encoding": "gzip"}, {"accept-encoding": "identity"}):
        first = client.get(f"/briefs/{edition.brief_id}", headers=headers)
        tag = first.headers["etag"]
        assert not tag.startswith("W/")
        again = client.get(
            f"/briefs/{edition.brief_id}", headers={**headers, "if-none-match": f'"x", {tag}'}
        )
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag


def test_head_answers_like_get(client: TestClient, edition: Edition) -> None:
    for path in (f"/briefs/{edition.brief_id}", "/published", "/pages/1/1", "/healthz"):
        head = client.head(path)
        assert head.status_code == 200
        assert head.headers["content-length"] == client.get(path).headers["content-length"]
    assert client.post("/published").status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/briefs/999", "/briefs/0", "/briefs/-1", "/briefs/１", "/briefs/1e3", "/briefs/1/0",
        "/briefs/99999999999999999999", "/briefs/1.exe", "/briefs/1.html.pdf", "/briefs/1/2/3",
        "/pages/999/1", "/pages/1/0", "/pages/1/999", "/pages/1/-1", "/pages/1/1.5", "/pages/x/1",
        "/pages/1", "/pages", "/pages/1/%2e%2e%2fetc",
        "/pages/1/99999999999999999999", "/pages/1/999.png", "/pages/1/..%5c..%5cetc",
        "/originals/999", "/originals/..%2f..%2fzhiku.db", "/originals", "/api", "/api/x/y",
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_a_real_404(
    client: TestClient, edition: Edition, path: str
) -> None:
    page = client.get(path)
    assert page.status_code == 404
    assert "没有这个页面" in page.text
    assert "There is no such page" in page.text


def test_marks_out_of_range_are_ignored(client: TestClient) -> None:
    page = client.get("/pages/1/1?mark=1:5-99999&mark=9:0-4&mark=junk&mark=1:4-2")
    assert page.status_code == 200
    assert "<mark" not in page.text
    assert "blockquote" not in page.text


def test_no_text_of_a_source_becomes_markup(client: TestClient, bench: Workbench) -> None:
    version = version_of(bench, "坏心眼.txt")
    page = client.get(f"/pages/{version}/1?mark=1:0-20&lang=zh")
    assert page.status_code == 200
    assert "&lt;script&gt;" in page.text
    assert "<script" not in page.text
    assert "<img" not in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


def test_an_original_is_saved_never_shown(client: TestClient, bench: Workbench) -> None:
    file = client.get(f"/originals/{version_of(bench, '网页.html')}")
    assert EVIL in file.text
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment;")
    assert quoted_name(file.headers["content-disposition"]) == "网页.html"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in file.headers["content-security-policy"]


def quoted_name(disposition: str) -> str:
    return unquote(disposition.partition("filename*=UTF-8''")[2])


def test_a_pdf_page_has_its_text_and_its_picture(client: TestClient, bench: Workbench) -> None:
    version = version_of(bench, "通知.pdf")
    page = client.get(f"/pages/{version}/2")
    assert "十二万人次" in page.text
    assert 'rel="prev"' in page.text
    assert 'rel="next"' not in page.text
    picture = client.get(f"/pages/{version}/2.png?width=500")
    assert picture.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(picture.content)).width == 800
    assert client.get(f"/pages/{version}/3.png").status_code == 404
    assert client.get(f"/pages/{version}/1.png?width=x").status_code == 404
    assert (
        Image.open(io.BytesIO(client.get(f"/pages/{version}/1.png?width=999999999").content)).width
        == 1600
    )


def test_a_mark_on_the_next_page_is_quoted_and_linked(client: TestClient, bench: Workbench) -> None:
    version = version_of(bench, "通知.pdf")
    page = client.get(f"/pages/{version}/1?mark=1:0-3&mark=2:0-3")
    assert "第一页" in page.text
    assert "第二页" in page.text
    assert f'"/pages/{version}/2?mark=1:0-3&amp;mark=2:0-3"' in page.text


def shapes(page: str, group: str) -> list[dict[str, float]]:
    """The rectangles of the first group of that class, in points."""
    found = re.search(rf'<g class="{group}">(.*?)</g>', page)
    assert found is not None
    rectangles = re.findall(r"<rect ([^>]+)/>", found[1])
    return [{k: float(v) for k, v in re.findall(r'(\w+)="([^"]+)"', r)} for r in rectangles]


def test_the_picture_has_a_box_around_each_line_of_the_quote(
    client: TestClient, bench: Workbench
) -> None:
    version = store(bench, [scanned("会议认为补贴\n发放偏慢")], title="一页的纪要")
    page = client.get(f"/pages/{version.id}/1?mark=1:4-9").text
    for group in ("marker", "frame"):
        first, second = shapes(page, group)
        assert first["x"] == pytest.approx(LINE * 5 - MARGIN, abs=0.1)
        assert first["y"] == pytest.approx(LINE - MARGIN, abs=0.1)
        assert first["width"] == pytest.approx(LINE * 2 + 2 * MARGIN, abs=0.2)
        assert second["x"] == pytest.approx(LINE - MARGIN, abs=0.1)
    assert f'viewBox="0 0 {WIDTH} {HEIGHT}"' in page
    assert page.count("autofocus") == 2
    assert "style=" not in page
    plain = client.get(f"/pages/{version.id}/1").text
    assert shapes(plain, "frame") == []
    assert "autofocus" not in plain


def test_the_other_page_of_a_quote_is_shown_cut_to_its_boxes(
    client: TestClient, bench: Workbench
) -> None:
    texts = ["会议认为\n补贴发放偏慢", "应当按月\n发放到位"]
    version = store(bench, [scanned(text) for text in texts], title="两页的纪要")
    page = client.get(f"/pages/{version.id}/2?mark=1:5-11&mark=2:0-4").text
    whole, cut = f"/pages/{version.id}/2.png?width=1200", f"/pages/{version.id}/1.png?width=1200"
    assert page.index(whole) < page.index(cut)
    views = re.findall(r'viewBox="0 ([\d.]+) [\d.]+ ([\d.]+)"', page)
    assert float(views[1][0]) == pytest.approx(2 * LINE - MARGIN - 18, abs=0.2)
    assert float(views[1][1]) < HEIGHT / 4
    assert views[0] == ("0", str(HEIGHT))
    assert page.count('class="begin"') == 1


def test_the_picture_s_address_draws_the_boxes(client: TestClient, bench: Workbench) -> None:
    version = store(bench, [scanned("会议认为补贴发放偏慢")], title="画框的纪要")
    plain = client.get(f"/pages/{version.id}/1.png?width=480")
    marked = client.get(f"/pages/{version.id}/1.png?width=480&mark=1:0-4")
    assert marked.headers["content-type"] == "image/png"
    assert marked.headers["cache-control"] == "private, max-age=3600"
    assert marked.content != plain.content
    again = client.get(
        f"/pages/{version.id}/1.png?width=480&mark=1:0-4",
        headers={"if-none-match": marked.headers["etag"]},
    )
    assert again.status_code == 304
    other = client.get(f"/pages/{version.id}/1.png?width=480&mark=2:0-4&mark=x")
    assert other.content == plain.content


def test_a_page_of_any_format_can_be_had_as_a_picture(client: TestClient, bench: Workbench) -> None:
    version = version_of(bench, "坏心眼.txt")
    picture = client.get(f"/pages/{version}/1.png?mark=1:0-5&width=480")
    assert Image.open(io.BytesIO(picture.content)).width == 480
    assert f"/pages/{version}/1.png?width=1600" in client.get(f"/pages/{version}/1").text
    assert client.get(f"/pages/{version}/2.png").status_code == 404


def test_recognised_words_say_how_sure_they_are(client: TestClient, bench: Workbench) -> None:
    version = store(bench, [scanned("会议认为补贴\n发放偏慢")], title="识别的纪要")
    address = f"/pages/{version.id}/1"
    assert "本段可信度 97%" in client.get(f"{address}?mark=1:0-4").text
    assert "本段可信度 93%" in client.get(f"{address}?mark=1:4-9").text
    assert "confidence in these words 93%" in client.get(f"{address}?mark=1:4-9&lang=en").text
    client.cookies.clear()
    plain = client.get(address).text
    assert "可信度" not in plain
    assert "由图像识别" in plain
    printed = client.get(f"/pages/{version_of(bench, '通知.pdf')}/2?mark=2:0-3").text
    assert "识别" not in printed


@pytest.mark.parametrize(
    ("layer", "words"), [(Layer.WAITING, "正等待文字识别"), (Layer.UNREAD, "未能读出")]
)
def test_a_page_without_words_says_why(
    client: TestClient, bench: Workbench, layer: Layer, words: str
) -> None:
    pages = [scanned("第一页有字"), PageText("", layer=layer)]
    version = store(bench, pages, title=f"缺字的纪要{layer}")
    page = client.get(f"/pages/{version.id}/2").text
    assert words in page
    assert f'<img src="/pages/{version.id}/2.png?width=1200"' in page
    assert words not in client.get(f"/pages/{version.id}/1").text


def test_a_removed_document_still_opens(bench: Workbench, client: TestClient) -> None:
    added = bench.ingest.add(
        "这份文献随后移出馆藏，引用它的简报仍须打开它。".encode(),
        "移出.txt",
        source="upload:移出.txt",
        actor=bench.actor,
    )
    assert added.document_id is not None
    version = bench.documents.get(added.document_id).current_version
    take_out(bench, added.document_id)
    page = client.get(f"/pages/{version}/1?mark=1:0-4")
    assert page.status_code == 200
    assert "已移出馆藏" in page.text


def test_an_older_version_says_so(bench: Workbench, client: TestClient) -> None:
    for words in ("旧的说法，写在第一个版本里。", "新的说法，写在第二个版本里。"):
        added = bench.ingest.add(
            words.encode(), "更正.txt", source="upload:更正.txt", actor=bench.actor
        )
    assert added.document_id is not None
    newer, older = bench.documents.versions(added.document_id)
    page = client.get(f"/pages/{older.id}/1")
    assert "旧的说法" in page.text
    assert f'href="/pages/{newer.id}/1"' in page.text


def test_what_is_not_public_does_not_exist(bench: Workbench, client: TestClient) -> None:
    added = bench.ingest.add(
        "内部材料，不对外公开的一段话。".encode(),
        "内部.pdf.txt",
        source="upload:内部",
        actor=bench.actor,
        metadata=Metadata(title="内部材料"),
    )
    assert added.document_id is not None
    version = bench.documents.get(added.document_id).current_version
    assert client.get(f"/pages/{version}/1").status_code == 200
    with bench.engine.begin() as connection:
        values = {"id": added.document_id}
        connection.execute(text("UPDATE documents SET access='staff' WHERE id=:id"), values)
    for path in (f"/pages/{version}/1", f"/pages/{version}/1.png", f"/originals/{version}"):
        assert client.get(path).status_code == 404
        assert "内部材料" not in client.get(path).text


def test_a_version_that_is_withheld_does_not_exist_beside_a_clean_one(
    bench: Workbench, client: TestClient
) -> None:
    for words in ("第一版公开的一段说明。", "第二版不应公开的一段说明。"):
        added = bench.ingest.add(
            words.encode(), "两版.txt", source="upload:两版.txt", actor=bench.actor
        )
    newer, older = bench.documents.versions(added.document_id or 0)
    bench.quarantine.withdraw(newer.id, "秘密", actor=bench.actor)
    for path in (f"/pages/{newer.id}/1", f"/pages/{newer.id}/1.png", f"/originals/{newer.id}"):
        assert client.get(path).status_code == 404
        assert "不应公开" not in client.get(path).text
    for path in (f"/pages/{older.id}/1", f"/pages/{older.id}/1.png", f"/originals/{older.id}"):
        assert client.get(path).status_code == 200


def test_health(client: TestClient, bench: Workbench) -> None:
    assert client.get("/healthz").json() == {"alive": True}
    assert client.get("/readyz").status_code == 503
    warmth = Warmth()
    warmth.start(lambda: bench).join()
    warm = TestClient(Starlette(routes=routes(lambda: bench, warmth=warmth)))
    assert warm.get("/readyz").json() == {"ready": True, "database": True, "search": "ready"}


def test_the_start_says_which_setting_to_give_where_there_is_no_encoder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = Workbench(Settings(tmp_path / "home", encoder=str(tmp_path / "none")))
    warmth = Warmth()
    warmth.start(lambda: bench).join()
    assert warmth.state is WarmthState.WORDS_ONLY
    assert "ZHIKU_ENCODER" in capsys.readouterr().err
    bench.close()
