"""Tables: their text, what is refused, and their figures before the gate."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.errors import NoTableError, RaggedTableError
from briefs.gate import Claim, Outcome, Verdict, Witness, check, marks
from briefs.model import StatementKind
from briefs.tables import Cell, Table, grid_of, table_of, text_of
from tests.gate_hard import FOLDER

TEXT = "两馆服务情况\n馆名\t到馆人次（万）\t外借册次（万）\n柳堤馆\t12\t8\n松坪馆\t9.5\t5.2"
PROSE = "2023年，柳堤馆到馆12万人次，外借图书8万册；松坪馆到馆9.5万人次，外借图书5.2万册。"
K = StatementKind


def gated(text: str, *evidence: str, kind: StatementKind = K.TABLE) -> Verdict:
    return check(Claim(kind, text), [Witness(each) for each in evidence or (PROSE,)])


def faults(verdict: Verdict) -> list[tuple[str, str, list[str]]]:
    return [
        (f.type.value, f.statement.words, [p.words for p in f.evidence]) for f in verdict.faults
    ]


# The text of a table


def test_a_table_is_a_caption_and_rows_of_cells() -> None:
    table = table_of(TEXT)
    assert table.caption == "两馆服务情况"
    assert table.header == ("馆名", "到馆人次（万）", "外借册次（万）")
    assert table.rows == (("柳堤馆", "12", "8"), ("松坪馆", "9.5", "5.2"))
    assert table.figures == (False, True, True)
    assert text_of(table) == TEXT


@pytest.mark.parametrize(
    "pasted",
    [
        "两馆服务情况\n\n| 馆名 | 到馆人次（万） | 外借册次（万） |\n|:---|---:|:-:|\n"
        "| 柳堤馆 | 12 | 8 |\n| 松坪馆 | 9.5 | 5.2 |\n",
        "两馆服务情况\r\n馆名\t 到馆人次（万） \t外借册次（万）\r\n柳堤馆\t12\t8\r\n松坪馆\t9.5\t5.2\r\n",
        "两馆服务情况\n| 馆名 | 到馆人次（万） | 外借册次（万）\n| 柳堤馆 | 12 | 8\n| 松坪馆 | 9.5 | 5.2",
    ],
    ids=["markdown", "spreadsheet", "open bars"],
)
def test_what_is_pasted_is_the_same_table(pasted: str) -> None:
    assert text_of(table_of(pasted)) == TEXT


def test_a_caption_may_be_missing_and_bars_may_be_escaped() -> None:
    assert table_of("甲\t乙\n1\t2").caption == ""
    table = table_of("| 甲\\|丙 | 乙 |\n| --- | --- |\n| 1 | |")
    assert table == Table("", ("甲|丙", "乙"), (("1", ""),))
    assert table_of(text_of(table)) == table


_WORDS = st.text(alphabet="甲乙12.%｜（）- ", max_size=6).map(lambda text: " ".join(text.split()))


@settings(max_examples=60)
@given(_WORDS, st.integers(2, 4), st.lists(st.lists(_WORDS, min_size=4, max_size=4), min_size=2))
def test_a_table_survives_its_text(caption: str, wide: int, rows: list[list[str]]) -> None:
    header, *body = (tuple(row[:wide]) for row in rows)
    table = Table(caption, header, tuple(body))
    assert table_of(text_of(table)) == table


@pytest.mark.parametrize("text", ["", "标题", "标题\n一列\n1", "标题\n甲\t乙", "甲\t乙"])
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(NoTableError):
        table_of(text)


def test_a_row_that_is_too_short_is_named() -> None:
    with pytest.raises(RaggedTableError, match=r"Row 2 .* has 2 cells, but there are 3 columns"):
        table_of(TEXT.replace("\t5.2", ""))
    with pytest.raises(RaggedTableError):
        text_of(Table("", ("甲", "乙"), (("1",),)))


@pytest.mark.parametrize(
    ("text", "is_figure"),
    [("12", True), ("1,234.5", True), ("−3.2%", True), ("约12万人次", True), ("3—5%", True),
     ("¥20", True), ("2023年", False), ("2023", False), ("3月", False), ("甲12", False),
     ("—", False), ("", False), ("12（含分馆）", False)],
)  # fmt: skip
def test_a_figure_is_known_and_a_date_is_none(text: str, is_figure: bool) -> None:
    assert Cell(text, 0, len(text)).is_figure == is_figure


def test_cells_know_where_they_stand() -> None:
    text = "题\n| 甲 |  乙|\n|---|---|\n| 12  | 3 |"
    grid = grid_of(text)
    for cell in (grid.caption, *grid.header, *grid.rows[0]):
        assert text[cell.start : cell.end] == cell.text


# Before the gate


def test_a_fault_names_both_readings_and_where_they_stand() -> None:
    wrong = TEXT.replace("12\t8", "9.5\t8").replace("馆\t9.5\t5", "馆\t12\t5")
    verdict = gated(wrong)
    assert faults(verdict) == [("number", "9.5", ["12万人次"]), ("number", "12", ["9.5万人次"])]
    for fault in verdict.faults:
        place = fault.statement
        assert wrong[place.start : place.end] == place.words
        found = fault.evidence[0]
        assert PROSE[found.start : found.end] == found.words
    assert [mark.statement.words for mark in marks(Claim(K.TABLE, wrong), [Witness(PROSE)])] == [
        "9.5",
        "12",
    ]


def test_a_row_that_the_table_leaves_out_owns_its_figure_still() -> None:
    text = "到馆\n馆名\t到馆人次（万）\n松坪馆\t12"
    assert faults(gated(text)) == [("number", "12", ["9.5万人次"])]


def test_a_total_is_cited_or_the_sum() -> None:
    assert gated(f"{TEXT}\n合计\t21.5\t13.2").outcome is Outcome.SUPPORTED
    verdict = gated(f"{TEXT}\n合计\t21.5\t13.4")
    assert faults(verdict) == [("computed", "13.4", [])]
    assert verdict.faults[0].value == "13.2"
    assert gated(f"{TEXT}\n平均\t10.75\t6.6").outcome is Outcome.SUPPORTED
    assert gated(f"{TEXT}\n平均\t10.8\t6.6").outcome is Outcome.SUPPORTED
    assert faults(gated(f"{TEXT}\n平均\t10.6\t6.6")) == [("computed", "10.6", [])]


def test_units_that_the_evidence_does_not_tell_are_left_to_a_person() -> None:
    row = "馆名：柳堤馆；到馆人次：12"
    text = "到馆\n馆名\t到馆人次（万）\n柳堤馆\t12"
    verdict = gated(text, row)
    assert verdict.outcome is Outcome.NEEDS_PERSON
    assert verdict.doubts[0].statement.words == "12"
    assert gated(text, row.replace("人次：", "人次（万）：")).outcome is Outcome.SUPPORTED
    assert gated(text, f"单位：万人次\n{row}").outcome is Outcome.SUPPORTED


def test_the_names_of_columns_may_be_evidence_of_their_own() -> None:
    header, *rows = TEXT.split("\n")[1:]
    assert gated(TEXT, header, *rows).outcome is Outcome.SUPPORTED
    moved = TEXT.replace("12\t8", "8\t12")
    assert [f[:2] for f in faults(gated(moved, header, *rows))] == [
        ("number", "8"),
        ("number", "12"),
    ]
    wrong = gated(TEXT.replace("（万）", "（亿）"), header, *rows)
    assert {f[0] for f in faults(wrong)} == {"unit"}
    assert gated(moved, *rows).outcome is Outcome.SUPPORTED  # nothing tells the columns


def test_a_number_or_a_rank_may_stand_before_the_names() -> None:
    text = "到馆\n序号\t馆名\t到馆人次（万）\n1\t柳堤馆\t12\n2\t松坪馆\t9.5"
    assert gated(text).outcome is Outcome.SUPPORTED
    moved = text.replace("12", "0").replace("9.5", "12").replace("\t0", "\t9.5")
    assert [f[:2] for f in faults(gated(moved))] == [("number", "9.5"), ("number", "12")]
    ranked = "到馆\n排名\t馆名\n1\t柳堤馆\n2\t松坪馆"
    evidence = "柳堤馆到馆人次居第一位，松坪馆居第二位。"
    assert gated(ranked, evidence).outcome is Outcome.SUPPORTED
    wrong = ranked.replace("1\t柳", "2\t柳").replace("2\t松", "1\t松")
    assert {f[0] for f in faults(gated(wrong, evidence))} == {"number"}


def test_a_rounded_figure_is_left_to_a_person() -> None:
    verdict = gated(TEXT, PROSE.replace("9.5万", "95,321"))
    assert [(d.reason.value, d.statement.words) for d in verdict.doubts] == [("rounded", "9.5")]
    assert verdict.outcome is Outcome.NEEDS_PERSON


def test_a_caption_may_count_its_rows_and_names_its_year() -> None:
    assert gated(TEXT.replace("两馆", "2023年两馆")).outcome is Outcome.SUPPORTED
    assert faults(gated(TEXT.replace("两馆", "2024年两馆"))) == [("date", "2024年", ["2023年"])]
    assert faults(gated(TEXT.replace("两馆", "三家馆")))[0][:2] == ("number", "三家")


def test_a_name_by_another_name_is_left_to_a_person() -> None:
    text = "经费\n部门\t经费（万元）\n发改委\t30"
    verdict = gated(text, "发展和改革委员会经费30万元。")
    assert [(d.reason.value, d.statement.words) for d in verdict.doubts] == [("named", "发改委")]
    assert faults(gated(text, "财政局经费30万元。")) == [("name", "发改委", ["30万元"])]


@pytest.mark.parametrize("text", ["不成表格", "标题\n甲\t乙\n1", "|" * 300, "\t\n\t\n\t"])
def test_any_text_is_taken(text: str) -> None:
    assert gated(text).outcome in set(Outcome)


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="甲乙馆12.万%年\t\n|：；（）", max_size=60))
def test_no_text_breaks_the_gate(text: str) -> None:
    verdict = gated(text, PROSE, text)
    for fault in verdict.faults:
        assert 0 <= fault.statement.start <= fault.statement.end <= len(text)


def test_a_figure_that_moves_to_another_row_is_always_a_fault() -> None:
    rows = [f"第{name}街道\t{name_at * 7 + 3}" for name_at, name in enumerate("甲乙丙丁戊")]
    evidence = "街道\t食堂（家）\n" + "\n".join(rows)
    right = f"各街道食堂\n{evidence}"
    assert gated(right, evidence).outcome is Outcome.SUPPORTED
    for one in range(5):
        for two in range(one):
            moved = list(rows)
            left, right_ = (rows[at].split("\t") for at in (one, two))
            moved[one], moved[two] = f"{left[0]}\t{right_[1]}", f"{right_[0]}\t{left[1]}"
            text = "各街道食堂\n街道\t食堂（家）\n" + "\n".join(moved)
            assert [f[0] for f in faults(gated(text, evidence))] == ["number", "number"]


def test_the_caption_of_a_figure_is_checked_where_it_states_something() -> None:
    assert gated("柳堤馆到馆人次走势", kind=K.FIGURE).outcome is Outcome.SUPPORTED
    assert gated("2023年柳堤馆到馆12万人次", kind=K.FIGURE).outcome is Outcome.SUPPORTED
    wrong = gated("2024年柳堤馆到馆13万人次", kind=K.FIGURE)
    assert [f[0] for f in faults(wrong)] == ["date", "number"]
    assert check(Claim(K.FIGURE, "走势"), []).outcome is Outcome.NEEDS_PERSON


def test_a_row_of_ten_cells_takes_milliseconds() -> None:
    names = "\t".join(f"指标{c}（万）" for c in "甲乙丙丁戊己庚辛壬")
    rows = [
        f"第{r}号馆\t" + "\t".join(str(r * 13 + c * 7 + 0.5) for c in range(9))
        for r in range(11, 31)
    ]
    body = "\n".join([f"馆名\t{names}", *rows])
    gated(f"热身\n{body}", body)
    started = time.process_time()
    assert gated(f"各馆服务情况\n{body}", body).outcome is Outcome.SUPPORTED
    # Five milliseconds a row is the aim; a busy machine gets four times that.
    assert time.process_time() - started < 20 * len(rows) / 1000


def test_the_hard_pairs_are_tables() -> None:
    lines = (FOLDER / "tables.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    assert len(records) >= 60
    for record in records:
        assert record["kind"] == "table"
        table_of(record["statement"])
    assert {"number", "unit", "date", "name", "computed", "comparator", "trend"} <= {
        record.get("fault") for record in records
    }
