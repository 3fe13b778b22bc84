"""Pictures of pages: the right words boxed, drawn once, and what the command writes."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from briefs.workbench import bootstrap
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.picturing import WIDTHS, Pictures
from briefs.workbench.picturing.boxes import boxed
from briefs.workbench.picturing.typeset import Caption, sheet, typeset
from briefs.workbench.wording import wording
from knowledge.errors import UnknownRecordError
from knowledge.model import Block, BlockKind, Page, Span, Version
from knowledge.places import Box
from knowledge.readers.drawing import draw
from tests import commands
from tests.commands import Zhiku
from tests.homes import fill
from tests.scans import HEIGHT, WIDTH, box_of, scanned, store

MARKER, FRAME, PAPER = (255, 226, 122), (122, 75, 0), (255, 255, 255)
FIRST = "联席会议认为\n补贴发放偏慢"
SECOND = "应当于年底前\n全部发放到位"
CAPTION = Caption("题名", "第一章", "《题名》第 1 个版本", "第 1 部分", "（略）", "zh")
EVIL = '#panic("x") $x$ *b* _i_ @r <l> \\ // /* [c] `r` https://zhiku.example ~ -- "'


def colour(png: bytes, x: float, y: float) -> tuple[int, ...]:
    """The colour at a place given in points of a page of `tests.scans`."""
    with Image.open(io.BytesIO(png)) as opened:
        at = (int(x * opened.width / WIDTH), int(y * opened.height / HEIGHT))
        found = opened.convert("RGB").getpixel(at)
    assert isinstance(found, tuple)
    return found


def colours(png: bytes) -> set[tuple[int, ...]]:
    with Image.open(io.BytesIO(png)) as opened:
        picture = opened.convert("RGB").quantize(256)
    palette, used = picture.getpalette("RGB") or [], picture.histogram()
    return {tuple(palette[3 * i : 3 * i + 3]) for i, count in enumerate(used) if count}


def middle(line: int, column: int) -> tuple[float, float]:
    box = box_of(line, column)
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


@pytest.fixture
def scan(workbench: Workbench) -> Version:
    return store(workbench, [scanned(FIRST), scanned(SECOND)])


def png(bench: Workbench, version: Version, page: int, *marks: Span, width: int = 800) -> bytes:
    return bench.pictures.png(version.id, page, width=width, marks=marks, words=wording("zh"))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_marked_words_and_only_they_are_boxed(
    workbench: Workbench, scan: Version, width: int
) -> None:
    mark = Span(1, FIRST.index("补贴"), FIRST.index("补贴") + 2)
    made = png(workbench, scan, 1, mark, width=width)
    for column, expected in enumerate([MARKER, MARKER, PAPER, PAPER]):
        assert colour(made, *middle(1, column)) == expected
    assert colour(made, *middle(0, 0)) == PAPER
    box = box_of(1, 0)
    assert colour(made, box.left - 1, (box.top + box.bottom) / 2) == FRAME


def test_a_quote_over_two_lines_and_two_pages_is_boxed_on_each(
    workbench: Workbench, scan: Version
) -> None:
    marks = [Span(1, 4, len(FIRST)), Span(2, 0, 6)]
    first, second = (png(workbench, scan, page, *marks) for page in (1, 2))
    assert [colour(first, *middle(0, c)) for c in (3, 4)] == [PAPER, MARKER]
    assert [colour(first, *middle(1, c)) for c in (0, 5)] == [MARKER, MARKER]
    assert [colour(second, *middle(0, 0)), colour(second, *middle(1, 0))] == [MARKER, PAPER]


def test_under_the_marker_print_stays_black_and_boxes_that_overlap_do_not_darken() -> None:
    page = Image.new("RGB", (400, 500), "white")
    page.paste((0, 0, 0), (100, 100, 110, 110))
    page.paste((200, 0, 0), (120, 100, 130, 110))
    packed = io.BytesIO()
    page.save(packed, "PNG")
    regions = [Box(90, 90, 140, 140), Box(90, 120, 140, 170), Box(-9, 480, 900, 900)]
    made = boxed(packed.getvalue(), regions, width=400, height=500)
    assert colour(made, 105, 105) == (0, 0, 0)
    assert colour(made, 125, 105) == (200, 0, 0)
    assert colour(made, 115, 130) == MARKER
    assert colour(made, 200, 490) == MARKER
    assert colour(made, 300, 300) == PAPER
    assert boxed(packed.getvalue(), [], width=400, height=500) == packed.getvalue()


def test_a_mark_that_is_not_on_the_page_changes_nothing(
    workbench: Workbench, scan: Version
) -> None:
    plain = png(workbench, scan, 1)
    for mark in (Span(2, 0, 3), Span(1, 3, 99), Span(1, 3, 3)):
        assert png(workbench, scan, 1, mark) == plain


def test_a_page_is_drawn_once_whatever_is_boxed_on_it(
    workbench: Workbench, scan: Version, tmp_path: Path
) -> None:
    drawn: list[int] = []

    def counting(data: bytes, page: int, /, *, width: int) -> bytes:
        drawn.append(page)
        return draw(data, page, width=width)

    folder = tmp_path / "kept"
    pictures = Pictures(
        workbench.documents,
        workbench.passages,
        originals=workbench.originals,
        draw=counting,
        folder=folder,
    )
    words = wording("zh")
    marks: list[tuple[Span, ...]] = [(), (Span(1, 0, 2),), (Span(1, 2, 4),), (Span(1, 0, 2),)]
    made = [pictures.png(scan.id, 1, width=480, marks=m, words=words) for m in marks]
    assert drawn == [1]
    assert len(set(made)) == 3
    assert made[1] == made[3]
    assert len(list(folder.iterdir())) == 3
    bounded = Pictures(
        workbench.documents,
        workbench.passages,
        originals=workbench.originals,
        draw=draw,
        folder=folder,
        limit=1,
    )
    assert bounded.png(scan.id, 2, width=480, words=words)
    assert list(folder.iterdir()) == []


def test_pictures_of_a_file_are_forgotten_and_no_others(
    workbench: Workbench, scan: Version
) -> None:
    other = store(workbench, [scanned(SECOND)], title="别的纪要")
    kept = [png(workbench, version, 1, Span(1, 0, 2)) for version in (scan, other)]
    folder = workbench.home / "cache" / "pages"
    assert len(list(folder.iterdir())) == 4
    workbench.pictures.forget(scan.sha256)
    assert len(list(folder.iterdir())) == 2
    assert png(workbench, scan, 1, Span(1, 0, 2)) == kept[0]


def test_a_page_that_is_not_there_or_cannot_be_drawn_is_unknown(
    workbench: Workbench, scan: Version
) -> None:
    with pytest.raises(UnknownRecordError):
        png(workbench, scan, 3)
    workbench.originals.remove(scan.sha256)
    with pytest.raises(UnknownRecordError):
        png(workbench, scan, 1)


def test_a_text_is_typeset_with_its_marked_words(filled: Workbench) -> None:
    version = filled.documents.version(
        next(d for d in filled.documents.find() if "条例" in d.title).current_version
    )
    text = filled.documents.pages(version.id)[0].text
    at = text.index("第三条")
    marked = png(filled, version, 1, Span(1, at, at + 12))
    assert MARKER in colours(marked)
    plain = png(filled, version, 1)
    assert MARKER not in colours(plain)
    with Image.open(io.BytesIO(marked)) as opened:
        assert opened.width == 800
        assert opened.height == pytest.approx(800 * 297 / 210, abs=2)


def test_the_sheet_holds_the_marked_words_and_what_stands_around_them() -> None:
    lines = [f"第{n}段的话。" for n in range(400)]
    text = "\n".join(lines)
    page = Page(1, 1, None, text, ())
    mark = Span(1, text.index("第200段"), text.index("第201段") - 1)
    given = json.loads(sheet(page, [mark], caption=CAPTION))
    shown = ["".join(run["text"] for run in piece["runs"]) for piece in given["pieces"]]
    assert shown[given["at"]] == "第200段的话。"
    assert given["until"] == given["at"] + 1
    assert lines.index(shown[0]) < 200 < lines.index(shown[-1])
    assert len(shown) < 100


@pytest.mark.parametrize("start", [0, 2500, 4990])
def test_a_paragraph_longer_than_a_page_is_cut_around_the_mark(start: int) -> None:
    text = "".join(chr(0x4E00 + n) for n in range(5000))
    given = json.loads(sheet(Page(1, 1, None, text, ()), [Span(1, start, start + 10)],
                             caption=CAPTION))  # fmt: skip
    runs = given["pieces"][0]["runs"]
    assert [run["text"] for run in runs if run["marked"]] == [text[start : start + 10]]
    words = "".join(run["text"] for run in runs)
    assert words.strip("…") in text
    assert len(words) < 1000


def test_no_text_becomes_markup_and_the_same_sheet_is_the_same_picture() -> None:
    page = Page(1, 1, None, f"{EVIL}\n正文", (Block(BlockKind.HEADING, 0, len(EVIL), 1),))
    caption = Caption(EVIL, EVIL, EVIL, EVIL, EVIL, "zh")
    given = sheet(page, [Span(1, 0, 9)], caption=caption)
    assert typeset(given, width=480) == typeset(given, width=480)


def test_an_empty_page_is_typeset_too() -> None:
    given = sheet(Page(1, 1, None, "", ()), [], caption=CAPTION)
    assert typeset(given, width=480).startswith(b"\x89PNG")


def test_a_typeset_page_names_the_headings_of_its_marked_words(
    filled: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[dict[str, object]] = []

    def noting(sheet: str, *, width: int) -> bytes:
        given.append(json.loads(sheet))
        return typeset(sheet, width=width)

    monkeypatch.setattr("briefs.workbench.picturing.pictures.typeset", noting)
    found = filled.lexical_retriever.search("公共图书馆条例第三条", 1)[0]
    png(filled, found.version, 1, *found.passage.spans)
    assert given[0]["heading"] == "第二章 服务 › 第三条"
    assert given[0]["title"] == "河湾县公共图书馆条例"
    assert given[0]["foot"] == "《河湾县公共图书馆条例》第 1 个版本"


@pytest.fixture
def zhiku(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Zhiku:
    """Run ``zhiku`` on the home of the fixture `workbench`."""
    monkeypatch.setattr(bootstrap, "Workbench", commands.WithoutModel)
    monkeypatch.setenv("ZHIKU_LANGUAGE", "zh")
    return commands.zhiku(tmp_path / "home", capsys)


def test_the_command_draws_spans_one_picture_a_page(
    zhiku: Zhiku, scan: Version, tmp_path: Path
) -> None:
    out = tmp_path / "quote.png"
    code, said, _ = zhiku("page", f"{scan.id}/1:0-2", f"{scan.id}/1:7-9", "--out", out)
    assert (code, said.count("\n")) == (0, 1)
    assert str(out) in said
    assert "扫描的纪要" in said
    assert [colour(out.read_bytes(), *middle(n, 0)) for n in (0, 1)] == [MARKER, MARKER]
    code, said, _ = zhiku("page", f"{scan.id}/1:0-2", f"{scan.id}/2:0-2", "--out", out)
    assert (code, said.count("\n")) == (0, 2)
    for number in (1, 2):
        made = (tmp_path / f"quote-{number}.png").read_bytes()
        assert colour(made, *middle(0, 0)) == MARKER


def test_the_command_draws_a_passage(zhiku: Zhiku, workbench: Workbench, tmp_path: Path) -> None:
    fill(workbench, tmp_path)
    passage = int(workbench.passages.ids()[0])
    code, _, _ = zhiku("page", passage, "--out", tmp_path / "p.png", "--width", 480)
    assert code == 0
    assert MARKER in colours((tmp_path / "p.png").read_bytes())


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("x", "不是段落编号"),
        ("0", "不是段落编号"),
        ("1/1", "不是段落编号"),
        ("1/1:2", "不是段落编号"),
        ("99999", "没有编号为 99999"),
        ("77/1:0-2", "没有编号为 77"),
        ("1/9:0-2", "没有编号为 1/9"),
        ("1/1:0-999", "没有第 0–999 个字符"),
        ("1/1:3-3", "没有第 3–3 个字符"),
    ],
)
def test_a_bad_place_is_one_sentence_and_writes_nothing(
    zhiku: Zhiku, scan: Version, tmp_path: Path, place: str, words: str
) -> None:
    code, said, faults = zhiku("page", "1/1:0-2", place, "--out", tmp_path / "p.png")
    assert (code, said, faults.count("\n")) == (1, "", 1)
    assert words in faults
    assert not list(tmp_path.glob("*.png"))


def test_a_place_that_cannot_be_written_is_one_sentence(
    zhiku: Zhiku, scan: Version, tmp_path: Path
) -> None:
    code, _, faults = zhiku("page", "1/1:0-2", "--out", tmp_path / "none" / "p.png")
    assert (code, faults.count("\n")) == (1, 1)


def test_the_command_says_when_nothing_could_be_boxed(
    zhiku: Zhiku, workbench: Workbench, scan: Version, tmp_path: Path
) -> None:
    with workbench.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE pages SET places = NULL")
    code, _, faults = zhiku("page", "1/1:0-2", "--out", tmp_path / "p.png")
    assert code == 0
    assert "没有加框" in faults
