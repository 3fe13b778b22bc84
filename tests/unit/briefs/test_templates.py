"""Templates: those that come with Zhiku, the library's own, and how far a brief fulfils one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from briefs.model import Brief, BriefState, Length, Statement, StatementKind
from briefs.templates import PAGE, Gap, Need, Templates, characters, in_sections, read_template
from briefs.templates.errors import (
    ForbiddenTitleError,
    MalformedTemplateError,
    RepeatedHeadingError,
    StaleTemplateError,
    TemplateError,
    TemplateNameError,
    TemplateValueError,
    UnknownTemplateError,
    UnknownTemplateWordError,
)
from briefs.templates.fulfilment import same_heading
from knowledge.accounts.errors import NotPermittedError
from knowledge.accounts.roles import EVERYTHING
from knowledge.model import Access, Actor, Stamp

EIGHT = (
    *("决策参考", "专题简报", "信息摘编", "对标分析", "环境扫描", "评估报告", "调研报告"),
    "意见征集汇总",
)
OWN = """title = "街道快讯"
readers.zh = "各街道"
readers.en = "The streets"

[characters]
one-page = [10, 40]

[[sections]]
heading = "要点"
also = ["摘要"]
guidance = "写什么"
length = "one-page"
most = 2

[[sections]]
heading = "数据"
guidance = "列表"
needs = ["table"]
kinds = ["table", "paraphrase"]
required = false

[[sections]]
heading = "{title}的建议"
guidance = "谁来做"
level = 2
"""
ACTOR = Actor(1, "馆员", 1, permissions=EVERYTHING)
STAMP = Stamp(1, Access.STAFF, 1, datetime(2026, 1, 5, tzinfo=UTC))


@pytest.fixture
def shelf(tmp_path: Path) -> Templates:
    return Templates(tmp_path / "templates", lock=tmp_path / "lock")


def _heading(text: str, level: int = 1) -> Statement:
    return Statement(StatementKind.HEADING, text, level=level)


def _said(
    text: str,
    kind: StatementKind = StatementKind.PARAPHRASE,
    length: Length = Length.STANDARD,
) -> Statement:
    return Statement(kind, text, length=length)


def _brief(*lines: Statement, template: str | None = "快讯", title: str = "食堂") -> Brief:
    return Brief(1, title, BriefState.DRAFT, 1, lines, STAMP, STAMP.made_at, template)


def test_the_eight_come_with_zhiku_and_are_fit_for_a_page(shelf: Templates) -> None:
    every = shelf.all()
    assert tuple(each.title.zh for each in every) == EIGHT
    for each in every:
        budgets = [(b.length, b.least, b.most) for b in each.budgets]
        assert [length for length, _, _ in budgets] == list(Length)
        # One page, less the lines that the title, the addressee and the date take.
        assert budgets[0][2] <= PAGE - 4 * 28
        assert all(low < high for _, low, high in budgets)
        assert [b[2] for b in budgets] == sorted(b[2] for b in budgets)
        headings = [section.heading for section in each.sections]
        assert headings[-1] == "检索范围"
        assert all(s.guidance.zh and s.guidance.en != s.guidance.zh for s in each.sections)
        assert each.title.en != each.title.zh
        assert any(section.length is Length.ONE_PAGE for section in each.sections)
        advised = [s for s in each.sections if Need.JUDGEMENT in s.needs]
        assert advised or each.name == "digest"
    assert shelf.get("决策参考").is_submitted
    assert shelf.problems == ()


def test_a_template_is_found_by_name_and_by_title(shelf: Templates) -> None:
    names = {shelf.get(each).name for each in ("survey", "调研报告", "Survey report", "調研報告")}
    assert names == {"survey"}
    with pytest.raises(UnknownTemplateError):
        shelf.get("月刊")


def test_a_brief_begins_with_the_headings_of_its_template(shelf: Templates) -> None:
    shelf.write("快讯", OWN, before="", actor=ACTOR)
    begun = shelf.begin("快讯", "食堂")
    assert [(line.text, line.level) for line in begun] == [
        ("要点", 1),
        ("数据", 1),
        ("食堂的建议", 2),
    ]
    assert {line.kind for line in begun} == {StatementKind.HEADING}
    for each in shelf.all():
        found = shelf.progress(
            _brief(*shelf.begin(each.name, "题"), template=each.name, title="题")
        )
        assert found is not None
        assert all(standing.number is not None for standing in found.sections)
        assert {gap for standing in found.sections for gap in standing.gaps} == {Gap.EMPTY}


@pytest.mark.parametrize(
    "heading",
    [
        "一、要点",
        "（一）要点",
        "1. 要点",
        "1.2 要点",
        "第一部分　要点",
        "要 點",
        "要点：",
        "一 要点",
    ],
)
def test_a_heading_is_known_whatever_its_number(heading: str) -> None:
    assert same_heading(heading, "要点")


@pytest.mark.parametrize("heading", ["要点与建议", "三农问题", "十四五规划", "一"])
def test_another_heading_is_another(heading: str) -> None:
    assert not same_heading(heading, "要点")
    assert same_heading(heading, heading)


def test_progress_says_what_is_missing_and_what_is_too_long(shelf: Templates) -> None:
    shelf.write("快讯", OWN, before="", actor=ACTOR)
    found = shelf.progress(_brief(_said("开头的一句。")))
    assert found is not None
    assert [each.gaps for each in found.sections] == [(Gap.MISSING,), (), (Gap.MISSING,)]
    assert (found.done, found.due, found.is_complete) == (0, 2, False)
    one_page, standard, deep = found.forms
    assert not one_page.is_made
    assert one_page.is_fit
    assert [each.heading for each in standard.missing] == ["要点", "{title}的建议"]
    assert not deep.is_made

    short = Length.ONE_PAGE
    found = shelf.progress(
        _brief(
            _heading("一、摘要"),
            _said("甲" * 30, length=short),
            _said("乙" * 30, length=short),
            _said("丙"),
            _heading("二、数据"),
            _said("我们认为", StatementKind.JUDGEMENT),
            _heading("（一）食堂的建议", 2),
        )
    )
    assert found is not None
    assert [each.number for each in found.sections] == [1, 5, 7]
    assert [each.statements for each in found.sections] == [3, 1, 0]
    assert [each.gaps for each in found.sections] == [
        (Gap.MANY,),
        (Gap.KIND, Gap.NO_TABLE),
        (Gap.EMPTY,),
    ]
    one_page = found.forms[0]
    # The heading “一、摘要” takes four.
    assert one_page.characters == 64
    assert one_page.is_over
    assert one_page.missing == ()
    assert not found.is_complete


def test_a_brief_that_has_everything_is_complete(shelf: Templates) -> None:
    shelf.write("快讯", OWN, before="", actor=ACTOR)
    found = shelf.progress(
        _brief(
            _heading("要点"),
            _said("全区现有食堂23家。", length=Length.ONE_PAGE),
            _heading("数据"),
            _said("表1\n街道\t家数\n北苑\t3", StatementKind.TABLE),
            _heading("食堂的建议", 2),
            _said("先行试点。", StatementKind.JUDGEMENT),
        )
    )
    assert found is not None
    assert found.is_complete
    assert shelf.progress(_brief(template=None)) is None
    assert shelf.progress(_brief(template="不再有")) is None


def test_what_is_put_in_a_section_begins_with_its_length(shelf: Templates) -> None:
    template = shelf.write("快讯", OWN, before="", actor=ACTOR)
    lines = (_heading("要点"), _said("甲"), _heading("数据"), _said("乙"))
    brief = _brief(*lines)
    assert [shelf.length_at(brief, place) for place in range(5)] == [
        Length.STANDARD,
        Length.ONE_PAGE,
        Length.ONE_PAGE,
        Length.STANDARD,
        Length.STANDARD,
    ]
    made = in_sections(lines, template=template, title="食堂")
    assert [line.length for line in made if line.kind is StatementKind.PARAPHRASE] == [
        Length.ONE_PAGE,
        Length.STANDARD,
    ]


def test_two_latin_letters_take_the_room_of_one_character() -> None:
    assert characters([_said("增长8%。")]) == 4
    assert characters([_said("ab cd")]) == 2


@pytest.mark.parametrize(
    ("wrong", "error", "line"),
    [
        (OWN.replace("most = 2", "most = "), MalformedTemplateError, 13),
        (OWN.replace("most = 2", "mots = 2"), UnknownTemplateWordError, 13),
        (OWN.replace("most = 2", "most = 0"), TemplateValueError, 13),
        (OWN.replace('"table", "para', '"tables", "para'), TemplateValueError, 19),
        (OWN.replace("needs = [", "needs = ["). replace('["table"]\n', '["map"]\n', 1),
         TemplateValueError, 18),
        (OWN.replace("level = 2", "level = 9"), TemplateValueError, 25),
        (OWN.replace("[10, 40]", "[10, 700]"), TemplateValueError, 6),
        (OWN.replace("[10, 40]", "[40, 10]"), TemplateValueError, 6),
        (OWN.replace("one-page = [", "half-page = ["), UnknownTemplateWordError, 6),
        (OWN.replace('"数据"', '"要点"'), RepeatedHeadingError, 16),
        (OWN.replace('"街道快讯"', '"街道月刊"'), ForbiddenTitleError, 1),
        (OWN.replace('"街道快讯"', '"街道报"'), ForbiddenTitleError, 1),
        (OWN.replace('guidance = "谁来做"\n', ""), TemplateValueError, 22),
        ('title = "甲"\nreaders = "乙"\n', TemplateValueError, 1),
        ("", TemplateValueError, 1),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_file_and_line(
    wrong: str, error: type[TemplateError], line: int
) -> None:
    with pytest.raises(error) as found:
        read_template(wrong, name="x", path="x.toml")
    assert found.value.details["line"] == line
    assert str(found.value).startswith(f"x.toml, line {line}: ")


def test_a_series_may_be_called_a_brief() -> None:
    found = read_template(OWN.replace("街道快讯", "街道简报"), name="x", path="x")
    assert found.title.zh == "街道简报"


def test_the_librarys_own_goes_before_and_can_be_taken_back(shelf: Templates) -> None:
    before = shelf.text("survey")
    changed = before.replace("调研报告", "调查报告")
    shelf.write("survey", changed, before=before, actor=ACTOR)
    assert shelf.get("survey").title.zh == "调查报告"
    assert shelf.is_own("survey")
    assert [each.name for each in shelf.all()].index("survey") == 6
    with pytest.raises(StaleTemplateError):
        shelf.write("survey", before, before=before, actor=ACTOR)
    shelf.reset("survey", actor=ACTOR)
    assert shelf.get("survey").title.zh == "调研报告"
    with pytest.raises(UnknownTemplateError):
        shelf.reset("survey", actor=ACTOR)


def test_a_broken_file_is_named_and_what_comes_with_zhiku_counts(shelf: Templates) -> None:
    shelf.folder.mkdir()
    (shelf.folder / "survey.toml").write_text("title = \n", "utf-8")
    (shelf.folder / "外文.toml").write_bytes("题".encode("gb18030"))
    assert tuple(each.title.zh for each in shelf.all()) == EIGHT
    assert [type(each) for each in shelf.problems] == [MalformedTemplateError, TemplateError]
    assert shelf.text("survey") == "title = \n"


@pytest.mark.parametrize("name", ["../x", "", ".x", "a/b", "a b", "x" * 61, "甲.乙"])
def test_nothing_is_written_outside_the_folder(shelf: Templates, name: str) -> None:
    with pytest.raises(TemplateNameError):
        shelf.write(name, OWN, before="", actor=ACTOR)
    assert not shelf.folder.exists()


def test_who_may_not_changes_nothing_and_a_change_is_told_of_first(tmp_path: Path) -> None:
    told: list[str] = []
    shelf = Templates(
        tmp_path / "templates", lock=tmp_path / "lock", note=lambda _, name: told.append(name)
    )
    nobody = Actor(2, "读者", 1)
    with pytest.raises(NotPermittedError):
        shelf.write("快讯", OWN, before="", actor=nobody)
    with pytest.raises(NotPermittedError):
        shelf.reset("survey", actor=nobody)
    with pytest.raises(TemplateError):
        shelf.write("快讯", "title = 1", before="", actor=ACTOR)
    assert told == []
    shelf.write("快讯", OWN, before="", actor=ACTOR)
    shelf.reset("快讯", actor=ACTOR)
    assert told == ["快讯", "快讯"]
