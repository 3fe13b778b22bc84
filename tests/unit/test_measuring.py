"""Measurements are right, and fail when what they measure is wrong."""

import functools
import io
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import manimgx_fonts_cjk
import pdfplumber
import pypdf
import pytest
import typst
from PIL import Image

from knowledge import chunking
from knowledge.errors import MissingFileError
from knowledge.measuring.boxes import (
    BoxMeasure,
    gives_back_exactly,
    gives_back_nearly,
    prove,
    samples,
)
from knowledge.measuring.differences import (
    CharacterErrors,
    Difference,
    character_errors,
    comparable,
    differences,
    similarity,
)
from knowledge.measuring.folder import pair
from knowledge.measuring.memory import PeakMemory
from knowledge.measuring.order import order_of, put_in_order
from knowledge.measuring.pictured import PicturedWitness
from knowledge.measuring.printed import PrintedWitness
from knowledge.measuring.report import TakenIn, measure_file
from knowledge.measuring.speed import SpeedMeasure, measure_speed, total_of
from knowledge.measuring.texts import Stored, body, compare
from knowledge.model import Block, BlockKind, Layer, Page, PageText, Passage, Reading
from knowledge.places import Box, Places
from knowledge.readers.drawing import draw
from knowledge.readers.pdf_lines import Line

FONTS = [Path(manimgx_fonts_cjk.__file__).parent]
LINES = (
    "青河市图书馆全年接待读者一百二十万人次，比上年增长百分之八。",
    "老年读者到馆率为百分之三十六点五，低于全市平均水平。",
    "馆内新设智库参考咨询台，全年答复政府部门咨询二百一十七件。",
    "流动图书车开进十四个乡镇，借出图书四万余册次。",
    "少儿阅览区周末延长开放两个小时，家长普遍欢迎。",
    "全市联合目录收录文献九百万种，可在网上检索。",
    "特藏部修复古籍三百余册，其中县志五十二种。",
    "数字资源下载量达到八百万篇次，以期刊论文为主。",
)
TRUTH = "\n".join(LINES)


# --- character errors ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reading", "wrong", "missing", "extra"),
    [
        ("图书馆全年接待读者", 0, 0, 0),
        ("图书館全年接待读者", 1, 0, 0),
        ("图书馆全年接待", 0, 2, 0),
        ("图书馆馆全年接待读者们", 0, 0, 2),
        ("图书接年全待读者", 2, 1, 0),
        ("", 0, 9, 0),
    ],
)
def test_errors_are_counted_by_kind(reading: str, wrong: int, missing: int, extra: int) -> None:
    found = character_errors("图书馆全年接待读者", reading)
    assert found.wrong + found.missing + found.extra == wrong + missing + extra
    assert (found.characters, found.missing - found.extra) == (9, missing - extra)
    assert found.rate == (wrong + missing + extra) / 9


def test_an_empty_truth_divides_by_one() -> None:
    assert character_errors("", "多").rate == 1
    assert character_errors("", "").rate == 0


def test_widths_and_blanks_do_not_count_but_marks_do() -> None:
    assert comparable("ＧＤＰ　增长 5％\n（初步\u00a0核算）") == comparable("GDP增长5%(初步核算)")
    assert comparable("⼀、ﬁve") == "一、five"
    assert comparable("“引文”") != comparable("「引文」")
    assert comparable("圖書館") != comparable("图书馆")


def test_differences_name_what_differs_largest_first() -> None:
    found = differences("甲乙丙丁戊己庚辛壬癸", "甲乙X丁戊己壬癸子")
    assert found[0] == Difference("甲乙丙丁戊己", "庚辛", "")
    assert found[1] == Difference("甲乙", "丙", "X")
    assert found[2].actual == "子"
    assert differences("甲", "甲") == ()


def test_similarity_is_of_the_longer() -> None:
    assert similarity("图书馆学", "图书馆学") == 1
    assert similarity("图书馆学", "图书") == 0.5
    assert similarity("", "图书") == 0


# --- order --------------------------------------------------------------------------------------


def test_the_right_order_keeps_every_pair() -> None:
    order = order_of(TRUTH, comparable(TRUTH))
    assert (order.sentences, order.found, order.pairs, order.kept) == (8, 8, 7, 7)
    assert order.share == 1


def test_a_swapped_paragraph_breaks_three_pairs_and_is_told_from_wrong_letters() -> None:
    swapped = comparable("".join((*LINES[:2], LINES[3], LINES[2], *LINES[4:])))
    order = order_of(TRUTH, swapped)
    assert (order.pairs, order.kept) == (7, 4)
    assert character_errors(comparable(TRUTH), swapped).rate > 0.1
    assert put_in_order(comparable(TRUTH), swapped) == comparable(TRUTH)


def test_columns_read_across_are_out_of_order() -> None:
    plain = comparable(TRUTH)
    half = len(plain) // 2
    across = "".join(
        plain[at : at + 14] + plain[half + at : half + at + 14] for at in range(0, half, 14)
    )
    order = order_of(TRUTH, across)
    assert order.share is not None
    assert order.share < 0.3
    assert sorted(put_in_order(plain, across)) == sorted(across)


def test_nothing_in_common_has_no_order() -> None:
    order = order_of(TRUTH, "另一篇文章")
    assert (order.found, order.pairs, order.share) == (0, 0, None)
    assert put_in_order(comparable(TRUTH), "另一篇文章") == "另一篇文章"
    assert order_of("", "").share is None


# --- pages beside a truth -----------------------------------------------------------------------


def page(*blocks: tuple[BlockKind, str], index: int = 1) -> Page:
    made: list[Block] = []
    text = ""
    for kind, words in blocks:
        made.append(Block(kind, len(text), len(text) + len(words)))
        text += words + "\n"
    return Page(1, index, None, text.rstrip("\n"), tuple(made))


def test_a_reading_is_compared_without_furniture() -> None:
    pages = (
        page((BlockKind.FURNITURE, "青河市图书馆年报"), (BlockKind.PARAGRAPH, LINES[0])),
        page((BlockKind.PARAGRAPH, LINES[1]), (BlockKind.FURNITURE, "— 2 —"), index=2),
    )
    measured = compare(pages, "\n".join(LINES[:2]))
    assert measured.errors.rate == 0
    wrong = compare(pages, "\n".join(LINES[:2]).replace("一百二十万", "一百三十万"))
    assert wrong.errors == CharacterErrors(len(comparable("".join(LINES[:2]))), 1, 0, 0)
    assert wrong.differences == (Difference("青河市图书馆全年接待读者一百"[-12:], "三", "二"),)


def test_a_swapped_order_shows_in_the_rate_and_goes_when_put_in_order() -> None:
    measured = compare((page(*((BlockKind.PARAGRAPH, line) for line in LINES[::-1])),), TRUTH)
    assert measured.errors.rate > 0.5
    assert measured.in_order.rate < 0.03
    assert measured.order.kept == 0


@pytest.mark.parametrize(("headers", "extra"), [(0, 0), (1, 0), (2, 0), (3, 1)])
def test_repeated_column_names_count_as_often_as_the_truth_has_them(
    headers: int, extra: int
) -> None:
    head, rows = "事项名称\t承诺时限", ("教材初审\t18日", "教师资格认定\t15日")
    pages = [
        page((BlockKind.HEADER, head), (BlockKind.ROW, row), index=at)
        for at, row in enumerate(rows, start=1)
    ]
    heads = [head] * headers + [""] * 2
    truth = "\n".join((heads[0], rows[0], heads[1], rows[1], *heads[2:]))
    assert body(pages, truth).count("事项名称") == min(headers, 2)
    errors = compare(pages, truth).errors
    assert errors.missing == extra * len(comparable(head))
    assert errors.extra == 0


# --- boxes --------------------------------------------------------------------------------------


@functools.cache
def printed(*, columns: int = 1) -> bytes:
    source = f"""
#set page(width: 148mm, height: 105mm, margin: 15mm, columns: {columns})
#set text(font: "Noto Sans CJK SC", lang: "zh", size: 10pt)
#set par(leading: 0.5em)

{chr(10).join(LINES * 2)}
"""
    with tempfile.TemporaryDirectory() as folder:
        written, set_in = Path(folder, "report.typ"), Path(folder, "report.pdf")
        written.write_text(source, encoding="utf-8")
        typst.compile(written, set_in, font_paths=FONTS, ignore_system_fonts=True)
        return set_in.read_bytes()


def turned(data: bytes, degrees: int) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    for one in writer.pages:
        one.rotate(degrees)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def stored(data: bytes, *, layer: Layer = Layer.TEXT) -> Stored:
    """A file as a reader that errs in nothing would give it: pdfplumber's characters and boxes."""
    pages: list[PageText] = []
    with pdfplumber.open(io.BytesIO(data)) as document:
        for one in document.pages:
            letters = [each for each in one.chars if each["text"].strip()]
            boxes = [Box(c["x0"], c["top"], c["x1"], c["bottom"]) for c in letters]
            text = "".join(each["text"] for each in letters)
            places = Places.of(float(one.width), float(one.height), boxes=boxes)
            pages.append(PageText(text, layer=layer, places=places))
    passages = tuple(
        Passage(at, 1, 1, at, draft.text, draft.spans, draft.heading, "", draft.repeats)
        for at, draft in enumerate(chunking.passages(pages))
    )
    kept = tuple(
        Page(1, at, None, each.text, (), each.layer) for at, each in enumerate(pages, start=1)
    )
    return Stored("x.pdf", data, kept, passages, placed(pages))


def placed(pages: list[PageText]) -> Mapping[int, Places]:
    return {at: each.places for at, each in enumerate(pages, start=1) if each.places is not None}


def moved(file: Stored, *, across: float = 0.0, down: float = 0.0, taller: float = 0.0) -> Stored:
    """The same file, its boxes in other places by so many points."""
    places: dict[int, Places] = {}
    for at, there in file.places.items():
        boxes = [there.box(position) for position in range(len(there))]
        elsewhere = [
            box
            and Box(
                box.left + across,
                box.top + down - taller,
                box.right + across,
                box.bottom + down + taller,
            )
            for box in boxes
        ]
        places[at] = Places.of(there.width, there.height, boxes=elsewhere)
    return replace(file, places=places)


def proved(file: Stored, *, count: int = 50) -> BoxMeasure:
    with PrintedWitness(file.data) as witness:
        chosen = samples(file.passages, count, seed=0)
        return prove(file, chosen, witnesses={Layer.TEXT: witness})[Layer.TEXT]


@pytest.mark.parametrize("columns", [1, 2])
def test_right_boxes_give_every_sentence_back(columns: int) -> None:
    measured = proved(stored(printed(columns=columns)))
    assert measured.sampled == 16
    assert measured.share == 1


@pytest.mark.parametrize(
    "change", [{"across": 6.0}, {"across": -12.0}, {"down": 8.0}, {"down": -8.0}]
)
def test_boxes_in_the_wrong_place_give_nothing_back(change: dict[str, float]) -> None:
    measured = proved(moved(stored(printed()), **change))
    assert measured.proved == 0
    assert measured.unproved[0].sentence.startswith("青河市")


def test_boxes_too_tall_show_other_lines_and_fail() -> None:
    assert proved(moved(stored(printed()), taller=12.0)).proved == 0


def test_boxes_of_other_characters_fail() -> None:
    file = stored(printed())
    steps = {at: replace(p, steps=p.steps[8:] + p.steps[:8]) for at, p in file.places.items()}
    assert proved(replace(file, places=steps)).proved == 0


def test_a_turned_page_is_looked_at_as_it_is_displayed() -> None:
    flat = printed()
    file = stored(flat)
    width, height = file.places[1].width, file.places[1].height
    places: dict[int, Places] = {}
    for at, there in file.places.items():
        boxes = [there.box(position) for position in range(len(there))]
        # A quarter to the right: what was the lower edge is the left one.
        now = [b and Box(height - b.bottom, b.left, height - b.top, b.right) for b in boxes]
        places[at] = Places.of(height, width, boxes=now)
    with PrintedWitness(turned(flat, 90)) as witness:
        region = places[1].regions(0, 6)
        assert [sorted(words) for words in witness.seen(1, region)] == [sorted(LINES[0][:6])]
        assert witness.seen(1, file.places[1].regions(0, 6)) != tuple(witness.seen(1, region))


def test_a_page_without_places_is_not_measured() -> None:
    file = replace(stored(printed()), places={})
    with PrintedWitness(file.data) as witness:
        chosen = samples(file.passages, 5, seed=0)
        assert prove(file, chosen, witnesses={Layer.TEXT: witness}) == {}


def test_samples_are_the_same_for_the_same_seed_and_lie_in_order() -> None:
    passages = stored(printed()).passages
    chosen = samples(passages, 5, seed=7)
    assert chosen == samples(passages, 5, seed=7)
    assert len(set(chosen)) == 5
    assert chosen != samples(passages, 5, seed=8)
    places = [(span.page, span.start) for sample in chosen for span in sample.spans[:1]]
    assert places == sorted(places)
    assert len(samples(passages, 1000, seed=0)) == 16


def test_repeated_column_names_are_no_part_of_a_sample() -> None:
    text = "事项名称 承诺时限\n教材初审所需工作日 18日\n"
    page_text = PageText(
        text, blocks=(Block(BlockKind.HEADER, 0, 9), Block(BlockKind.ROW, 10, len(text) - 1))
    )
    passages = tuple(
        Passage(at, 1, 1, at, draft.text, draft.spans, (), "", draft.repeats)
        for at, draft in enumerate(chunking.passages([page_text]))
    )
    (sample,) = samples(passages, 5, seed=0)
    assert sample.text == "教材初审所需工作日 18日"
    (span,) = sample.spans
    assert text[span.start : span.end] == sample.text


def test_words_give_a_sentence_back_whole_and_alone() -> None:
    assert gives_back_exactly("增长５％，创新高。", ("增长5%", "，创新高。"))
    assert gives_back_exactly("public information", ("public infor-", "mation"))
    assert gives_back_exactly("a well-known fact", ("a well-", "known fact"))
    assert not gives_back_exactly("增长5%。", ("增长5%。", "另"))
    assert not gives_back_exactly("增长5%。", ())
    assert gives_back_nearly("全年接待读者一百二十万人次", ("全年接待读者一百三十万人次",))
    assert not gives_back_nearly("全年接待读者一百二十万人次", ("接待读者一百三十万",))


def test_recognised_words_are_cut_out_and_each_recognised_by_itself() -> None:
    file = stored(printed(), layer=Layer.RECOGNISED)
    sheets: list[Image.Image] = []

    def recognise(picture: bytes) -> list[Line]:
        with Image.open(io.BytesIO(picture)) as opened:
            sheets.append(opened.convert("L"))
        return [
            Line("后", 50.0, 20.0, 90.0, 30.0, 10.0),
            Line("前", 10.0, 20.0, 50.0, 30.0, 10.0),
            Line("二", 10.0, 65.0, 50.0, 75.0, 10.0),
            Line("无", 10.0, 250.0, 50.0, 260.0, 10.0),
        ]

    witness = PicturedWitness(
        file.data, file.places, draw=lambda d, p, w: draw(d, p, width=w), recognise=recognise
    )
    (region,) = file.places[1].regions(0, 10)
    assert witness.seen(1, (region, Box(300.0, 5.0, 400.0, 20.0))) == ("前后", "二")
    (sheet,) = sheets
    wide, high = region.right - region.left, region.bottom - region.top
    assert sheet.height == 740
    assert max(100.0, wide) * 200 / 72 == pytest.approx(sheet.width - 96, abs=12)
    # The first cutting has ink, the second is of blank paper.
    border = round(high * 200 / 72) + 96
    assert min(sheet.crop((0, 0, sheet.width, border)).tobytes()) < 100
    assert min(sheet.crop((0, border + 8, sheet.width, sheet.height)).tobytes()) > 200
    assert len(witness.seen(1, [region] * 30)) == 30
    assert 2 < len(sheets) < 8


def test_recognised_words_that_are_not_seen_again_do_not_count() -> None:
    file = stored(printed(), layer=Layer.RECOGNISED)
    chosen = samples(file.passages, 3, seed=0)

    class Blind:
        def seen(self, page: int, regions: Sequence[Box]) -> tuple[str, ...]:
            return ("",) * len(regions)

    measured = prove(file, chosen, witnesses={Layer.RECOGNISED: Blind()})
    assert (measured[Layer.RECOGNISED].sampled, measured[Layer.RECOGNISED].proved) == (3, 0)


# --- files, whole measures, speed ---------------------------------------------------------------


def test_files_are_paired_with_truths_and_truths_are_no_files(tmp_path: Path) -> None:
    for name in ("a.pdf", "deep/b.docx", "c.md", "truth/a.txt", "truth/b.txt", "truth/z.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("甲", encoding="utf-8")
    found = pair(tmp_path, tmp_path / "truth")
    assert [(one.file.name, one.truth.name) for one in found.pairs] == [
        ("a.pdf", "a.txt"),
        ("b.docx", "b.txt"),
    ]
    assert [one.name for one in found.without_truth] == ["c.md"]
    with pytest.raises(MissingFileError):
        pair(tmp_path, tmp_path / "none")


def test_a_refused_file_is_measured_as_such() -> None:
    taken = TakenIn("x.pdf", None, 0.5, problem="broken")
    measured = measure_file(taken, TRUTH, sentences=5, seed=0, witnesses={})
    assert (measured.text, measured.problem, measured.pages) == (None, "broken", 0)


def test_a_truth_longer_than_the_file_is_missing_words() -> None:
    taken = TakenIn("x.pdf", stored(printed()), 0.5)
    measured = measure_file(taken, TRUTH * 4, sentences=0, seed=0, witnesses={})
    assert measured.text is not None
    assert measured.text.errors.missing == 2 * len(comparable(TRUTH))
    assert measured.text.errors.rate == 0.5
    assert measured.boxes == {}
    assert measured.page_seconds is None


def test_every_way_is_timed_as_often_and_compared() -> None:
    calls: list[str] = []

    def reading(way: str) -> Reading:
        calls.append(way)
        return Reading("application/pdf", True, (PageText("甲"), PageText("", layer=Layer.WAITING)))

    measured = measure_speed(
        printed(),
        "x.pdf",
        read=lambda _data, _name: reading("ours"),
        isolated=lambda _data, _name: reading("isolated"),
        rounds=3,
    )
    assert calls.count("ours") == calls.count("isolated") == 4
    assert (measured.pages, measured.text_pages) == (2, 1)
    assert measured.alone > 0
    assert measured.ratio == measured.alone / measured.ours


def test_the_whole_is_of_files_with_words_on_every_page() -> None:
    two = SpeedMeasure("a", 2, 2, 1.0, 2.0, 0.5)
    three = SpeedMeasure("b", 3, 3, 2.0, 3.0, 1.0)
    scan = SpeedMeasure("c", 9, 0, 0.1, 0.1, 0.1)
    total = total_of((two, three, scan))
    assert total == SpeedMeasure("", 5, 5, 3.0, 5.0, 1.5)
    assert total is not None
    assert total.ratio == 0.5
    assert total_of((scan,)) is None


def test_memory_is_watched() -> None:
    with PeakMemory() as idle:
        pass
    with PeakMemory() as busy:
        held = bytearray(b"x" * 80_000_000)
        held[0] = 1
    assert busy.peak > idle.peak + 40_000_000


def test_words_that_the_file_lacks_are_told_from_words_that_were_not_read() -> None:
    file = stored(printed())
    taken = TakenIn("x.pdf", file, 0.5)
    whole = measure_file(taken, TRUTH * 2, sentences=0, seed=0, witnesses={}).text
    more = measure_file(taken, TRUTH * 2 + "无此事项", sentences=0, seed=0, witnesses={}).text
    unread = replace(taken, stored=replace(file, pages=file.pages[1:]))
    less = measure_file(unread, TRUTH * 2, sentences=0, seed=0, witnesses={}).text
    assert whole is not None
    assert more is not None
    assert less is not None
    assert (whole.absent, whole.errors.missing) == (0, 0)
    assert more.absent == len(set("无此事项") - set(TRUTH))
    assert more.errors.missing == 4
    assert (less.absent, less.errors.missing > 0) == (0, True)
