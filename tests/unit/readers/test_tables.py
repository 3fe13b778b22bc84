"""XLSX and CSV."""

import io
from datetime import date

import openpyxl

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
    assert rows(read_file(b"1,2\n3,4\n", "x.csv")) == ["1；2", "3；4"]
