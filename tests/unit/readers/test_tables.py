"""XLSX and CSV."""

import io
from datetime import date, datetime

import openpyxl
import pytest

from knowledge.model import BlockKind, DocumentType, Reading
from knowledge.readers import read_file
from knowledge.readers.tables import TableReader
from tests.contracts.reader import ReaderContract


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "馆舍"
    sheet.append(["青河市社区书房一览"])
    sheet.append(["名称", "座席", "开放日期", "利用率"])
    sheet.append(["东门书房", 12.0, date(2023, 5, 9), 0.125])
    sheet.append(["西门书房", 8.5, None, 0.5])
    sheet["D3"].number_format = "0.0%"
    book.create_sheet("空表")
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


class TestWorkbookReader(ReaderContract):
    reader = TableReader()
    name = "书房.xlsx"

    @classmethod
    def make(cls) -> bytes:
        return workbook()


class TestCsvReader(ReaderContract):
    reader = TableReader()
    name = "书房.csv"

    @classmethod
    def make(cls) -> bytes:
        return "名称;座席\n东门书房;12\n西门书房;8\n".encode("gb18030")


def rows(reading: Reading) -> list[str]:
    return [
        page.text[block.start : block.end]
        for page in reading.pages
        for block in page.blocks
        if block.kind is BlockKind.ROW
    ]


def test_every_row_names_its_columns() -> None:
    reading = read_file(workbook(), "x.xlsx")
    assert rows(reading) == [
        "名称：东门书房；座席：12；开放日期：2023-05-09；利用率：12.5%",
        "名称：西门书房；座席：8.5；利用率：0.5",
    ]
    assert [page.label for page in reading.pages] == ["馆舍"]
    assert reading.metadata.title == "青河市社区书房一览"
    assert reading.metadata.type is DocumentType.DATASET


def test_delimiters_and_ragged_rows() -> None:
    assert rows(read_file(b"a;b\n1;2;3\n4\n", "x.csv")) == ["a：1；b：2；3", "a：4"]
    assert rows(read_file("名称\t座席\n东门，书房\t3\n".encode(), "x.csv")) == [
        "名称：东门，书房；座席：3"
    ]


def test_a_table_without_a_header() -> None:
    assert rows(read_file(b"1,2\na,b\na,c\n", "x.csv")) == ["1；2", "a；b", "a；c"]
    assert rows(read_file(b"1,2\n3,4\n", "x.csv")) == ["1；2", "3；4"]


def saved(book: openpyxl.Workbook) -> bytes:
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def test_names_over_two_rows_and_merged_cells() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["各区书房统计表"], ["单位：个"], ["区", "座席"], [None, "成人", "儿童"],
                ["东区", 12, 8], [None, 20, 4], ["合计", 32, 12]):  # fmt: skip
        sheet.append(row)
    for merged in ("A1:C1", "A3:A4", "B3:C3", "A5:A6"):
        sheet.merge_cells(merged)
    page = read_file(saved(book), "x.xlsx").pages[0]
    assert page.text.split("\n") == [
        "各区书房统计表",
        "单位：个",
        "区：东区；座席 成人：12；座席 儿童：8",
        "区：东区；座席 成人：20；座席 儿童：4",
        "区：合计；座席 成人：32；座席 儿童：12",
    ]


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (0.125, "0.0%", "12.5%"),
        (0.12345, "0%", "12%"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (12.345, "0.00", "12.35"),
        (12.345, "General", "12.345"),
        (5, '0"万元"', "5万元"),
        (0.1 + 0.2, "General", "0.3"),
        (1e300, "0.00", "1e+300"),
        (12.5, "0.##", "12.5"),
        (date(2023, 5, 1), "yyyy", "2023"),
        (date(2023, 5, 1), "yyyy-mm-dd", "2023-05-01"),
        (date(2023, 5, 1), 'yyyy"年"m"月"', "2023-05"),
        (datetime(2023, 5, 1, 9, 30), "yyyy-mm-dd hh:mm", "2023-05-01 09:30"),
        ("#REF!", "General", None),
    ],
)
def test_values_stand_as_displayed(value: object, number_format: str, shown: str | None) -> None:
    book = openpyxl.Workbook()
    book.active.append(["名称", "值"])
    book.active.append(["甲", value])
    book.active["B2"].number_format = number_format
    expected = "名称：甲" if shown is None else f"名称：甲；值：{shown}"
    assert rows(read_file(saved(book), "x.xlsx")) == [expected]


def test_a_hidden_sheet_is_read_and_said_so() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    book.create_sheet("底稿").append(["甲", "乙"])
    book["底稿"].sheet_state = "hidden"
    reading = read_file(saved(book), "x.xlsx")
    assert [page.label for page in reading.pages] == ["馆舍", "底稿"]
    assert reading.remarks == ("hidden-sheet:底稿",)


def test_one_cell_far_away_costs_little() -> None:
    book = openpyxl.Workbook()
    book.active.append(["名称", "座席"])
    book.active.append(["东门书房", 12])
    book.active["A1048576"] = "远"
    assert rows(read_file(saved(book), "x.xlsx")) == ["名称：东门书房；座席：12", "名称：远"]


def test_formulas_without_values_are_said() -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (("镇", "2022年", "2023年"), ("甲", 1, 2), ("合计", "=SUM(B2:B2)", "=SUM(C2:C2)")):
        sheet.append(row)
    assert read_file(saved(book), "表.xlsx").remarks == (f"formulas-without-values:{sheet.title}",)
