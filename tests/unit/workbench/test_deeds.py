"""The log as a table: in words, and harmless where a spreadsheet program opens it."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.workbench.deeds import COLUMNS, Names, csv_of, details_in_words, is_named
from briefs.workbench.settings import LANGUAGES
from briefs.workbench.wording import wording
from knowledge.accounts.audit import Deed, Entry

AT = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
_PERSON = COLUMNS.index("person")


def _entry(action: str = "add-document", **details: str) -> Entry:
    deed = Deed(action=action, person_id=7, kind="document", record=3, details=details)
    return Entry(1, AT, deed, "d" * 64)


def _cells(name: str, *, language: str = "zh") -> list[list[str]]:
    text = "".join(csv_of([_entry()], {7: name}, wording(language)))
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_says_what_was_done_beside_its_name(language: str) -> None:
    heads, row = _cells("馆员", language=language)
    assert len(heads) == len(row) == len(COLUMNS) + 1
    assert row[:4] == ["1", "2026-01-05 08:00:00", "馆员", "add-document"]
    assert row[4] == {"zh": "收入文献", "en": "added a document"}[language]
    assert row[5:7] == ["document", "3"]


def test_excel_takes_it_for_utf_8() -> None:
    assert "".join(csv_of([], {}, wording("zh"))).encode().startswith(b"\xef\xbb\xbf")


def test_an_action_of_a_newer_zhiku_stands_as_it_is() -> None:
    text = "".join(csv_of([_entry("fold-paper")], {}, wording("zh")))
    assert text.count("fold-paper") == 2


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "+1",
        "-1",
        "@sum",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\x00=1",
    ],
)
def test_no_cell_is_a_formula(name: str) -> None:
    _, row = _cells(name)
    assert row[_PERSON].startswith("'")


@given(st.text(max_size=12))
def test_every_name_comes_back_but_for_the_mark(name: str) -> None:
    text = "".join(csv_of([_entry()], {7: name}, wording("zh")))
    if "\x00" in name:
        return
    _, row = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert row[_PERSON].removeprefix("'") == name.removeprefix("'")
    assert not row[_PERSON].lstrip().startswith(("=", "+", "-", "@"))


_NAMES = Names({7: "甲", 8: "乙"}.get, {2: "东桥分馆"}.get)
_DETAILS: dict[str, str | int | bool | None] = {
    "roles": "librarian reviewer",
    "access": "staff",
    "recipients": "7 8 99",
    "branch": 2,
    "format": "docx",
    "renamed": True,
    "passed": False,
    "level": None,
    "fold": "x",
}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "zh",
            [
                "角色 馆员、审校",
                "可见范围 本馆馆员",
                "指定的人 甲、乙、99",
                "所属馆 东桥分馆",
                "格式 Word 文档（DOCX）",
                "改了姓名",
                "通过 否",
                "fold x",
            ],
        ),
        (
            "en",
            [
                "roles: librarian, reviewer",
                "access: Staff of its branch",
                "recipients: 甲, 乙, 99",
                "branch: 东桥分馆",
                "format: Word document (DOCX)",
                "renamed",
                "passed: no",
                "fold: x",
            ],
        ),
    ],
)
def test_details_are_said_in_words(language: str, expected: list[str]) -> None:
    deed = Deed(action="change-account", person_id=7, details=_DETAILS)
    entry = Entry(1, AT, deed, "d" * 64)
    assert list(details_in_words(wording(language), entry, _NAMES)) == expected


def test_a_verb_that_names_the_thing_is_enough() -> None:
    english = wording("en")
    assert is_named(english, "withdraw-edition-ask", "edition")
    assert is_named(english, "close-account", "account")
    assert not is_named(english, "delete-brief", "brief")
    assert is_named(wording("zh"), "add-document", "document")
