"""Three lengths from one set of statements, and the proof that the short one adds nothing."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.errors import EmptyFormError
from briefs.exporters import export
from briefs.frozen import text_of
from briefs.lengths.forms import (
    FlawKind,
    at_length,
    forms,
    in_form,
    length_doubts,
    length_faults,
    proof,
)
from briefs.lengths.paging import pages_of
from briefs.lengths.printed import proof_of_print
from briefs.lengths.ties import Bond, bond_of, tied
from briefs.model import EditionState, Length, Line, Publication, StatementKind
from tests.unit.briefs.sample import PUBLICATION, K, cite, heading, line

LENGTHS = st.sampled_from(Length)
KINDS = st.sampled_from([K.QUOTE, K.PARAPHRASE, K.COMPUTED, K.JUDGEMENT, K.BACKGROUND])
WORDS = st.sampled_from(
    [
        "约三成受访者表示满意。",
        "但样本只有62份。",
        "其中独居老人占12%。",
        "预计2027年建成。",
        "补贴不超过20万元。",
        "据初步统计，缺口可能超过三成。",
        "建议先行试点。",
        "However, the sample is small.",
    ]
)


@st.composite
def publications(draw: st.DrawFn) -> Publication:
    """Publications of any shape: headings of all levels, statements of all lengths and sources."""
    lines: list[Line] = []
    for _ in range(draw(st.integers(1, 14))):
        if draw(st.booleans()) and draw(st.booleans()):
            text = draw(st.sampled_from(["背景", "问题", "建议"]))
            lines.append(heading(text, draw(st.integers(1, 3))))
            continue
        cited = draw(st.lists(st.integers(1, 6), max_size=3, unique=True))
        made = line(draw(KINDS), draw(WORDS), *(cite(n, n, f"第{n}处") for n in cited))
        lines.append(replace(made, length=draw(LENGTHS)))
    used = list(dict.fromkeys(c.reference for each in lines for c in each.citations))
    numbers = {old: new for new, old in enumerate(used, start=1)}
    return replace(
        PUBLICATION,
        lines=tuple(
            replace(
                each,
                citations=tuple(replace(c, reference=numbers[c.reference]) for c in each.citations),
            )
            for each in lines
        ),
        references=tuple(
            replace(PUBLICATION.references[old - 1], number=new) for old, new in numbers.items()
        ),
    )


def _marked(marks: dict[int, Length]) -> Publication:
    """The sample, its lines (from 1) given these lengths."""
    lines = (
        replace(each, length=marks.get(number, Length.STANDARD))
        for number, each in enumerate(PUBLICATION.lines, start=1)
    )
    return replace(PUBLICATION, lines=tuple(lines))


SAMPLE = _marked({4: Length.ONE_PAGE, 9: Length.ONE_PAGE, 17: Length.ONE_PAGE, 12: Length.DEEP})
SHORT = at_length(SAMPLE, Length.ONE_PAGE)


@settings(max_examples=150, deadline=None)
@given(publications(), LENGTHS)
def test_every_form_is_proved_against_the_whole(whole: Publication, length: Length) -> None:
    short = at_length(whole, length)
    found = proof(short, whole)
    parted = {each.kind for each in found.flaws}
    # Whatever its lines are, a form departs from the whole by parting pairs at most.
    assert parted <= {FlawKind.PARTED}
    if not length_faults(whole.lines):
        assert found.holds
    assert (
        at_length(
            at_length(whole, Length.STANDARD),
            length if length is not Length.DEEP else Length.STANDARD,
        ).lines
        == at_length(whole, length if length is not Length.DEEP else Length.STANDARD).lines
    )


@settings(max_examples=150, deadline=None)
@given(publications(), LENGTHS)
def test_citations_open_the_same_pages_under_numbers_by_first_appearance(
    whole: Publication, length: Length
) -> None:
    short = at_length(whole, length)
    cited = [each.reference for one in short.lines for each in one.citations]
    assert list(dict.fromkeys(cited)) == list(range(1, len(set(cited)) + 1))
    assert [each.number for each in short.references] == list(range(1, len(set(cited)) + 1))
    for place, one in enumerate(short.lines):
        origin = whole.lines[(one.number or place + 1) - 1]
        assert [c.href for c in one.citations] == [c.href for c in origin.citations]
        for new, old in zip(one.citations, origin.citations, strict=True):
            before = whole.references[old.reference - 1]
            assert replace(short.references[new.reference - 1], number=0) == replace(
                before, number=0
            )


@settings(max_examples=150, deadline=None)
@given(publications(), LENGTHS)
def test_a_heading_stands_exactly_where_something_under_it_does(
    whole: Publication, length: Length
) -> None:
    short = at_length(whole, length)
    if short is whole:
        return
    for place, one in enumerate(short.lines):
        if one.kind is StatementKind.HEADING:
            level = one.level or 1
            under = []
            for each in short.lines[place + 1 :]:
                if each.kind is StatementKind.HEADING and (each.level or 1) <= level:
                    break
                under.append(each.kind)
            assert any(kind is not StatementKind.HEADING for kind in under)


@settings(max_examples=200, deadline=None)
@given(publications(), LENGTHS, st.data())
def test_whatever_is_changed_in_a_form_is_caught(
    whole: Publication, length: Length, data: st.DataObject
) -> None:
    short = at_length(whole, length)
    if not short.lines or length_faults(whole.lines):
        return
    place = data.draw(st.integers(0, len(short.lines) - 1))
    one = short.lines[place]
    changed = data.draw(
        st.sampled_from(
            [
                replace(one, text=f"{one.text}全部"),
                replace(one, text="凭空多出来的一句。"),
                replace(one, formula="1 + 1"),
                replace(one, citations=(*one.citations, cite(1, 99, "别处"))),
                replace(one, kind=K.QUOTE if one.kind is not K.QUOTE else K.JUDGEMENT),
            ]
        )
    )
    lines = (*short.lines[:place], changed, *short.lines[place + 1 :])
    assert not proof(replace(short, lines=lines), whole).holds


def test_a_form_leaves_out_and_adds_nothing() -> None:
    assert [each.number for each in SHORT.lines] == [1, 4, 6, 7, 9, 16, 17]
    assert [each.number for each in SHORT.references] == [1, 2, 3]
    assert SHORT.length is Length.ONE_PAGE
    assert at_length(SAMPLE, Length.DEEP) is SAMPLE
    assert forms(SAMPLE.lines) == (Length.ONE_PAGE, Length.STANDARD, Length.DEEP)
    found = proof(SHORT, SAMPLE)
    assert found.holds
    assert found.lines == 7


def test_an_edition_from_before_has_one_form() -> None:
    assert forms(PUBLICATION.lines) == (Length.STANDARD,)
    assert at_length(PUBLICATION, Length.STANDARD) is PUBLICATION
    assert in_form(PUBLICATION, Length.DEEP) is PUBLICATION
    with pytest.raises(EmptyFormError):
        in_form(PUBLICATION, Length.ONE_PAGE)


def test_names_and_years_stay_as_they_are() -> None:
    named = replace(
        SAMPLE,
        references=tuple(
            replace(each, label=f"某，2023{'abcdef'[each.number - 1]}")
            for each in SAMPLE.references
        ),
    )
    short = at_length(named, Length.ONE_PAGE)
    assert [(each.number, each.label) for each in short.references] == [
        (2, "某，2023b"),
        (3, "某，2023c"),
        (4, "某，2023d"),
    ]
    assert proof(short, named).holds


def test_what_is_frozen_knows_of_no_form() -> None:
    text, sha256 = text_of(PUBLICATION, edition=1)
    assert '"number": null' not in text
    again = replace(PUBLICATION, state=EditionState.SUPERSEDED)
    assert text_of(again, edition=1) == (text, sha256)


def _line(number: int, change: Callable[[Line], Line]) -> Publication:
    lines = list(SHORT.lines)
    lines[number - 1] = change(lines[number - 1])
    return replace(SHORT, lines=tuple(lines))


HEDGED = replace(SAMPLE.lines[3], text="全区常住人口约41.6万人。", length=Length.ONE_PAGE)


@pytest.mark.parametrize(
    ("tampered", "kind"),
    [
        (_line(2, lambda x: replace(x, text=x.text.replace("41.6", "46.1"))), FlawKind.NUMBER),
        (_line(2, lambda x: replace(x, text=x.text.replace("常住", "户籍"))), FlawKind.WORDS),
        (_line(2, lambda x: replace(x, text="本区财政连年有余。")), FlawKind.FOREIGN),
        (_line(2, lambda x: replace(x, kind=K.JUDGEMENT)), FlawKind.KIND),
        (_line(2, lambda x: replace(x, citations=())), FlawKind.EVIDENCE),
        (_line(5, lambda x: replace(x, citations=x.citations[:1])), FlawKind.EVIDENCE),
        (replace(SHORT, lines=(*SHORT.lines[4:], *SHORT.lines[:4])), FlawKind.ORDER),
        (replace(SHORT, lines=(*SHORT.lines, SHORT.lines[-1])), FlawKind.ORDER),
        (replace(SHORT, lines=SHORT.lines[:2] + SHORT.lines[4:]), FlawKind.HEADING),
        (replace(SHORT, title="另一题目"), FlawKind.EDITION),
        (replace(SHORT, notice=None), FlawKind.EDITION),
        (replace(SHORT, references=SHORT.references[:1]), FlawKind.REFERENCE),
        (replace(SHORT, references=PUBLICATION.references), FlawKind.REFERENCE),
    ],
)
def test_a_tampered_form_is_caught(tampered: Publication, kind: FlawKind) -> None:
    found = proof(tampered, SAMPLE)
    assert not found.holds
    assert kind in {flaw.kind for flaw in found.flaws}


@pytest.mark.parametrize("hedge", ["约", "可能", "预计", "据初步统计，", "左右", "不超过", "有望"])
def test_a_hedge_that_is_gone_is_named(hedge: str) -> None:
    said = f"缺口{hedge}三成" if hedge != "左右" else "缺口三成左右"
    long = replace(
        SAMPLE, lines=(replace(SAMPLE.lines[3], text=f"全区食堂经费{said}，需要补足。"),)
    )
    bare = replace(long.lines[0], text=long.lines[0].text.replace(hedge, ""))
    found = proof(replace(long, lines=(bare,)), long)
    assert FlawKind.HEDGE in {flaw.kind for flaw in found.flaws}
    assert proof(long, long).hedges >= 1


@pytest.mark.parametrize("base_url", ["", "https://zhiku.example.org"])
def test_the_proof_reads_exported_files_too(base_url: str) -> None:
    def printed(publication: Publication) -> str:
        return export(publication, "md", base_url=base_url).decode()

    short, long = printed(SHORT), printed(SAMPLE)
    assert proof_of_print(short, long).holds
    cases = {
        short.replace("41.6", "46.1"): FlawKind.NUMBER,
        short.replace("〔判断〕", ""): FlawKind.KIND,
        short.replace("第 A-7 页", "第 A-8 页").replace("A-7", "A-8"): FlawKind.EVIDENCE,
        short.replace("均为虚构，", ""): FlawKind.WORDS,
        short.replace("# 澄江区社区食堂怎样", "# 澄江区食堂怎样", 1): FlawKind.EDITION,
        short.replace("## 二、社区食堂运行中的问题\n\n", ""): FlawKind.HEADING,
    }
    for tampered, kind in cases.items():
        assert tampered != short
        found = proof_of_print(tampered, long)
        assert kind in {flaw.kind for flaw in found.flaws}, kind
    # Another source under the same mark.
    entries = short.split("## 参考文献")
    swapped = entries[0] + "## 参考文献" + entries[1].replace("[1] ", "[9] ", 1)
    assert not proof_of_print(swapped, long).holds


def _pair(second: str, *lengths: Length) -> tuple[Line, Line]:
    claim = line(K.PARAPHRASE, "全区食堂就餐人次增长8%。", cite(1, 1, "8%"))
    limit = line(K.PARAPHRASE, second, cite(1, 1, "8%"))
    first, then = lengths or (Length.STANDARD, Length.STANDARD)
    return replace(claim, length=first), replace(limit, length=then)


LIMITS = (
    "但北苑街道下降。", "但是，样本很小。", "然而数据不全。", "不过口径已变。", "前提是补贴不减。",
    "其中三成是外卖。", "除北苑街道外，均有增长。", "除北苑和柳堤两个街道以外均有增长。",
    "上述数据为初步统计。", "该数据不含外卖。", "（2）但北苑街道下降。", "“但北苑街道下降。”",
    "該數據不含外賣。", "需要说明的是，口径已变。", "However, two districts fell.",
    "But not in the north.", "Provided that subsidies last.", "Except in the north.",
    "不含外卖。", "不包括流动人口。", "仅指城区。", "仅为试点数据。", "样本仅20份。", "注：数据未经审计。",
    "（未经审计）", "未计入退款。", "数据尚未核实。", "若按户籍人口计算，则下降。", "如果补贴取消，就会下降。",
    "倘若资金不到位则无法实施。", "除非资金到位。", "前提：资金到位。", "在资金到位的前提下。", "与此相反，北苑下降。",
    "反观北苑，人次下降。", "另一方面，成本上升。", "当然，样本只有20人。", "唯样本过小。", "惟樣本過小。",
    "实际上并未落实。", "这一数据存疑。", "它仅适用于城区。", "口径为全年。", "由于样本小，结论存疑。", "僅指城區。",
    "Only in two districts.", "If subsidies last.", "This does not include takeaways.",
)  # fmt: skip
FREE = (
    "但丁是诗人。", "除夕照常供餐。", "不过分追求数量。", "其他街道没有变化。", "全区有食堂23家。",
    "Butter is dear.", "Provider costs rose.", "该不该收费，各方看法不一。", "未来三年再建五家。",
    "不仅城区有食堂，乡镇也有。", "各馆注重服务老人。", "若干街道已有食堂。", "唯一的食堂在北苑。", "注册人数为3万人。",
    "只有持续补贴，食堂才能办下去。", "未成年人用餐减半。", "人次仅次于柳堤街道。", "政府注资300万元。", "工期提前提升了收益。",
)  # fmt: skip


@pytest.mark.parametrize("second", LIMITS)
def test_a_claim_and_its_limit_are_never_parted(second: str) -> None:
    short, long = Length.ONE_PAGE, Length.STANDARD
    assert length_faults(_pair(second)) == ()
    for lengths in ((short, long), (long, short)):
        (fault,) = length_faults(_pair(second, *lengths))
        assert fault.numbers == (1, 2)
        assert fault.form is Length.ONE_PAGE
        lines = _pair(second, *lengths)
        whole = replace(SAMPLE, lines=lines, references=SAMPLE.references[:1])
        found = proof(at_length(whole, short), whole)
        assert [flaw.kind for flaw in found.flaws] == [FlawKind.PARTED]


@pytest.mark.parametrize("second", FREE)
def test_what_only_looks_like_a_limit_is_free(second: str) -> None:
    assert bond_of(second) is None
    assert tied(_pair(second)) == ()


@pytest.mark.parametrize(
    ("second", "word"),
    [
        ("有专家持相反意见。", "相反"),
        ("上年同期则下降。", "则"),
        ("北苑街道的食堂没有列入统计。", "没有"),
        ("能否持续取决于补贴。", "取决于"),
        ("The northern districts were not counted.", "not"),
    ],
)
def test_a_neighbour_that_says_no_is_shown_to_a_person(second: str, word: str) -> None:
    apart = _pair(second, Length.ONE_PAGE, Length.DEEP)
    assert length_faults(apart) == ()
    (doubt,) = length_doubts(apart)
    assert (doubt.numbers, doubt.form, doubt.word) == ((1, 2), Length.ONE_PAGE, word)
    assert length_doubts(_pair(second)) == ()
    assert length_doubts((apart[0], heading("二、问题"), apart[1])) == ()


def test_what_is_refused_or_says_nothing_of_the_kind_is_not_shown() -> None:
    assert length_doubts(_pair("不含外卖。", Length.ONE_PAGE, Length.DEEP)) == ()
    for second in ("不仅城区有食堂，乡镇也有。", "全区坚持自愿原则。", "服务未来三年的老人。"):
        assert length_doubts(_pair(second, Length.ONE_PAGE, Length.DEEP)) == ()


def test_what_points_back_needs_what_it_points_to_and_not_the_other_way_round() -> None:
    short, long = Length.ONE_PAGE, Length.STANDARD
    second = "据此计算，六十岁以上人口占22.1%。"
    assert length_faults(_pair(second, short, long)) == ()
    (fault,) = length_faults(_pair(second, long, short))
    assert fault.word == "据此"


@pytest.mark.parametrize("free", [0, 2])
def test_a_line_that_stands_twice_is_found_where_it_is_not_tied(free: int) -> None:
    claim, limit = _pair("但北苑街道下降。")
    lines = [claim, limit]
    lines.insert(free, replace(claim, length=Length.ONE_PAGE))
    whole = replace(SAMPLE, lines=tuple(lines), references=SAMPLE.references[:1])
    short = at_length(whole, Length.ONE_PAGE)
    assert len(short.lines) == 1
    bare = replace(short, lines=(replace(short.lines[0], number=None),))
    if free == 2:
        assert length_faults(whole.lines) == ()
    assert proof(short, whole).holds
    # Without its number the line says that it is the first one of the whole.
    assert proof(bare, whole).holds == (free == 0)
    wrong = replace(short, lines=(replace(short.lines[0], number=99),))
    assert [flaw.kind for flaw in proof(wrong, whole).flaws] == [FlawKind.PLACE]


def test_a_heading_ends_a_tie_and_a_table_is_passed_over() -> None:
    claim, limit = _pair("但北苑街道下降。")
    table = Line(K.TABLE, "表1\n街道\t人次\n北苑\t12", None, ())
    assert tied((claim, heading("二、问题"), limit)) == ()
    (tie,) = tied((claim, table, limit))
    assert (tie.first, tie.second, tie.bond) == (0, 2, Bond.LIMIT)
    (tie,) = tied((heading("一"), table, limit))
    assert (tie.first, tie.second) == (1, 2)


def test_pages_are_counted_on_the_pdf() -> None:
    assert pages_of(SHORT) == 1
    assert pages_of(SAMPLE) == 2
    assert pages_of(replace(SAMPLE, lines=SAMPLE.lines * 6)) > 5
