"""Tables with ruling lines: a row of the page is a line of its text."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from knowledge.model import BlockKind
from knowledge.readers import read_file
from tests.unit.readers.setting import of_kind, set_pdf

ROWS = [("公共图书馆", "3215", "全国"), ("文化馆", "3508", "含分馆"), ("博物馆", "6833", "")]


def table(rows: Sequence[tuple[str, ...]], *, stroke: str = "0.5pt", repeat: bool = False) -> str:
    cells = ",".join(f"[{cell}]" for row in rows for cell in row)
    header = f"table.header(repeat: {str(repeat).lower()}, [机构名称], [数量], [备注]),"
    return f"#table(columns: (40mm, 30mm, 30mm), stroke: {stroke}, {header}{cells})"


def test_rows_stay_rows_under_their_header() -> None:
    reading = read_file(
        set_pdf("统计如下，单位为个，截至年末。\n" + table(ROWS) + "\n表后说明一句。"), "x.pdf"
    )
    assert of_kind(reading, BlockKind.HEADER) == ["机构名称\t数量\t备注"]
    assert of_kind(reading, BlockKind.ROW) == [
        "公共图书馆\t3215\t全国",
        "文化馆\t3508\t含分馆",
        "博物馆\t6833",
    ]
    kinds = [block.kind for block in reading.pages[0].blocks]
    assert kinds[0] is kinds[-1] is BlockKind.PARAGRAPH


def test_lines_within_a_cell_are_joined() -> None:
    long = "县级以上地方人民政府应当将公共图书馆事业纳入规划"
    reading = read_file(set_pdf(table([*ROWS, (long, "12", "见附件")])), "x.pdf")
    assert f"{long}\t12\t见附件" in of_kind(reading, BlockKind.ROW)
    page = reading.pages[0]
    start = page.text.index(long)
    assert page.places is not None
    assert len(page.places.regions(start, start + len(long))) == 3


@pytest.mark.parametrize("repeat", [False, True])
def test_a_table_that_goes_on_overleaf_has_no_second_header_unless_it_is_printed(
    repeat: bool,
) -> None:
    rows = [(f"机构第{number}号", str(number), "无") for number in range(30)]
    reading = read_file(set_pdf(table(rows, repeat=repeat)), "x.pdf")
    assert len(reading.pages) > 1
    headers = of_kind(reading, BlockKind.HEADER)
    assert len(headers) == (len(reading.pages) if repeat else 1)
    assert len(of_kind(reading, BlockKind.ROW)) == 30


def test_a_frame_around_words_is_no_table() -> None:
    words = "公共图书馆应当改善服务条件。" * 12
    reading = read_file(
        set_pdf(f"#rect[{words}]\n\n#underline[下划线]与#strike[删除线]。"), "x.pdf"
    )
    assert of_kind(reading, BlockKind.ROW) == []
    assert words in of_kind(reading, BlockKind.PARAGRAPH)


def test_columns_of_figures_name_the_header_even_when_there_are_two() -> None:
    source = "#table(columns: 2, [地区], [册数], [东区], [1200], [西区], [900])"
    reading = read_file(set_pdf(source), "x.pdf")
    assert of_kind(reading, BlockKind.HEADER) == ["地区\t册数"]


def test_pairs_of_words_have_no_header() -> None:
    source = "#table(columns: 2, [名称], [东区图书馆], [地址], [河滨路], [馆长], [待定])"
    assert of_kind(read_file(set_pdf(source), "x.pdf"), BlockKind.HEADER) == []


def test_a_real_table_is_read_row_by_row(shared: Path) -> None:
    folder = shared / "data/docs"
    reading = read_file((folder / "pdf-derived/gd-services-table.pdf").read_bytes(), "x.pdf")
    rows = of_kind(reading, BlockKind.ROW)
    truth = set((folder / "truth/gd-services-table.txt").read_text("utf-8").split("\n"))
    # The file was printed short: one row is cut at a page's end, those after it are missing.
    assert len(rows) == 44
    assert sum(row in truth for row in rows) == 43
    assert not any(re.search(r"\n", row) for row in rows)


def test_years_name_columns() -> None:
    source = (
        "#table(columns: 3, [地区], [2022年], [2023年], [东镇], [10], [20], [西镇], [30], [40])"
    )
    (header,) = of_kind(read_file(set_pdf(source), "a.pdf"), BlockKind.HEADER)
    assert [name.replace(" ", "") for name in header.split("\t")] == ["地区", "2022年", "2023年"]


def test_merged_cells_stand_in_every_row_and_names_over_two_rows_are_joined() -> None:
    source = """#table(columns: 4,
      table.cell(rowspan: 2)[地区], table.cell(rowspan: 2)[指标], table.cell(colspan: 2)[经费],
      [前年], [去年], table.cell(rowspan: 2)[东镇], [馆藏], [10], [20], [人次], [30], [40])"""
    reading = read_file(set_pdf(source), "a.pdf")
    assert of_kind(reading, BlockKind.HEADER) == ["地区\t指标\t经费前年\t经费去年"]
    assert of_kind(reading, BlockKind.ROW) == ["东镇\t馆藏\t10\t20", "东镇\t人次\t30\t40"]
