"""Figures that disagree: found where indicator, period and place are the same, and nowhere else."""

from dataclasses import replace
from pathlib import Path

import pytest

from briefs.drafting import comparing
from briefs.drafting.conflicts import conflicts, table_of_conflicts
from briefs.drafting.indicators import NATION, Figure, figures_in
from briefs.drafting.outline import CONFLICTS
from briefs.gate import Claim, Outcome, Witness, check
from briefs.model import Brief, Evidence, Statement, StatementKind
from briefs.tables import table_of
from briefs.trail.noted import Means
from briefs.workbench.bootstrap import Workbench
from knowledge.model import Document, DocumentType, Metadata, Span
from tests.homes import fill
from tests.unit.briefs.test_folder import somebody, withhold


@pytest.fixture
def document(filled: Workbench) -> Document:
    metadata = Metadata(title="云岭县2023年统计公报", issuer="云岭县统计局", issued_on="2024-03")
    return replace(filled.documents.get(1), metadata=metadata)


def read(document: Document, words: str, *heading: str) -> list[Figure]:
    evidence = Evidence(document.id, 1, (Span(1, 0, len(words)),), words, document.id)
    return figures_in(evidence, document, heading=heading)


def other(document: Document, title: str = "云岭县情况", issuer: str | None = None) -> Document:
    return replace(document, id=2, metadata=Metadata(title=title, issuer=issuer))


def test_what_a_figure_is_of_is_read_from_its_sentence(document: Document) -> None:
    words = "2023年末全县常住人口41.6万人，比上年增长0.8%；户籍人口43.2万人。"
    people, growth, registered = read(document, words)
    assert (people.indicator, people.words, people.period) == (
        "常住人口",
        "41.6万人",
        (2023, None, None),
    )
    assert (people.place, people.basis) == ("云岭县", ("常住人口",))
    assert growth.indicator == people.indicator
    assert growth.key != people.key
    assert registered.indicator == "户籍人口"


def test_the_year_stands_in_the_heading_or_the_title_of_a_bulletin(document: Document) -> None:
    (figure,) = read(document, "全年全县地区生产总值305.2亿元。")
    assert figure.period == (2023, None, None)
    (figure,) = read(document, "全年全县地区生产总值305.2亿元。", "一、2022年概况")
    assert figure.period == (2022, None, None)
    report = replace(document, metadata=Metadata(title="2023年云岭县政府工作报告"))
    assert read(report, "全县地区生产总值305.2亿元。") == []
    (figure,) = read(document, "2023年1—6月全县地区生产总值140亿元。")
    assert figure.period == (2023, 1, 6)


def test_whose_it_is_and_that_it_is_a_figure_at_all_must_be_certain(document: Document) -> None:
    nobody = replace(document, metadata=Metadata(title="2023年情况"))
    assert read(nobody, "2023年常住人口41.6万人。") == []
    (figure,) = read(nobody, "2023年全国常住人口41.6万人。")
    assert figure.place == NATION
    law = replace(document, metadata=replace(document.metadata, type=DocumentType.LAW))
    assert read(law, "2023年全县常住人口41.6万人。") == []
    for words in (
        "2023年全县计划建成服务站35个。",
        "到2025年全县建成服务站35个以上。",
        "2023年全县人均可支配收入不低于3.2万元。",
        "2023年全县每台补助20万元。",
        "去年全县常住人口41.6万人。",
        "第35条规定，2023年起施行。",
    ):
        assert read(document, words) == [], words


@pytest.mark.parametrize(
    ("one", "two", "disagree"),
    [
        ("2023年末全县常住人口41.6万人。", "2023年，全县常住人口42.1万人。", True),
        ("2023年全县常住人口增长0.8%。", "2023年全县常住人口增长1.8%。", True),
        ("2023年末全县常住人口41.6万人。", "2023年，全县常住人口416000人。", False),
        ("2023年末全县常住人口41.58万人。", "2023年，全县常住人口41.6万人。", False),
        ("2023年末全县常住人口41.6万人。", "2022年末全县常住人口42.1万人。", False),
        ("2023年末全县常住人口41.6万人。", "2023年末全县户籍人口42.1万人。", False),
        ("2023年末全县常住人口41.6万人。", "2023年末全国常住人口14.1亿人。", False),
        ("2023年末全县常住人口41.6万人。", "2023年末全县常住人口约42万人。", False),
        ("2023年全县到馆读者41.6万人次。", "2023年1—6月全县到馆读者20万人次。", False),
        ("2023年全县常住人口增长0.8%。", "2023年全县常住人口下降0.8%。", False),
    ],
)
def test_only_the_same_thing_disagrees(
    document: Document, one: str, two: str, disagree: bool
) -> None:
    figures = [*read(document, one), *read(other(document), two)]
    assert bool(conflicts(figures)) is disagree


def test_a_source_that_gives_several_values_says_nothing_certain(document: Document) -> None:
    mine = read(document, "2023年末全县常住人口41.6万人。")
    theirs = [
        *read(other(document), "2023年全县常住人口42.1万人。"),
        *read(other(document), "2023年全县常住人口12.1万人。"),
    ]
    assert conflicts([*mine, *theirs]) == []
    assert conflicts([]) == []
    assert table_of_conflicts([]) is None


def test_the_table_has_each_figure_as_its_source_prints_it(document: Document) -> None:
    figures = [
        *read(other(document), "2023年，全县规模以上工业增加值４２．１亿元（初步核算）。"),
        *read(document, "2023年全县规模以上工业增加值四十一亿元。"),
    ]
    (found,) = conflicts(figures)
    line = table_of_conflicts([found])
    assert line is not None
    assert line.kind is StatementKind.TABLE
    assert table_of(line.text).rows == (
        ("规模以上工业增加值", "四十一", "亿元", "2023年", "规模以上", "《云岭县2023年统计公报》"),
        (
            "规模以上工业增加值",
            "４２．１",
            "亿元",
            "2023年",
            "规模以上、初步核算",
            "《云岭县情况》",
        ),
    )
    assert [item.document_id for item in line.evidence] == [document.id, 2]


TEXTS = {
    "2023年云岭县统计公报.txt": "2023年云岭县统计公报\n云岭县统计局\n\n2023年末全县常住人口41.6万人，城镇化率61.2%。全县到馆读者30万人次。\n",
    "云岭县县情概况.txt": "云岭县县情概况\n\n2023年，全县常住人口42.1万人，分布在六个乡镇。县城位于云岭山下，四面环山。\n",
    "云岭县读者服务总结.txt": "云岭县读者服务总结\n\n2023年全县到馆读者30万人次，服务群众踊跃。馆舍全年开放三百天。\n",
}


def test_a_draft_ends_with_the_table_and_every_quote_passes_the_gate(
    workbench: Workbench, tmp_path: Path
) -> None:
    fill(workbench, tmp_path, TEXTS)
    draft = workbench.drafting.draft("云岭县人口与读者", ["常住人口", "到馆读者"])
    assert [each.indicator for each in draft.conflicts] == ["常住人口"]
    *_, heading, table = draft.lines
    assert heading.text == CONFLICTS
    rows = table_of(table.text).rows
    assert {row[1] for row in rows} == {"41.6", "42.1"}
    brief = workbench.editing.create("题", draft.lines, actor=workbench.actor)
    assert [line.kind for line in brief.statements] == [line.kind for line in draft.lines]
    for line in draft.lines:
        witnesses = [Witness(item.quote) for item in line.evidence]
        verdict = check(Claim(line.kind, line.text), witnesses)
        assert not verdict.faults, (line.text, verdict)
        assert line.kind is StatementKind.TABLE or verdict.outcome is Outcome.SUPPORTED
    (found,) = workbench.comparing.compare(brief).conflicts
    assert {figure.words for figure in found.figures} == {"41.6万人", "42.1万人"}


def quoted(bench: Workbench, words: str) -> Statement:
    """A quote of the passage that has these words."""
    passages = bench.passages.many([int(each) for each in bench.passages.ids()])
    (found,) = [each for each in passages.values() if words in each.text]
    return bench.editing.quote(found.id, words)


def of_many(bench: Workbench, count: int, *words: str) -> Brief:
    """A brief of so many statements on readers, and one for each of the words."""
    other = quoted(bench, "2023年全县到馆读者30万人次，服务群众踊跃。")
    lines = [other] * count + [quoted(bench, each) for each in words]
    return bench.editing.create("题", lines, actor=bench.actor)


MINE = "2023年末全县常住人口41.6万人，城镇化率61.2%。"
THEIRS = "2023年，全县常住人口42.1万人，分布在六个乡镇。"


def test_a_conflict_is_seen_however_many_statements_stand_before_it(
    workbench: Workbench, tmp_path: Path
) -> None:
    fill(workbench, tmp_path, TEXTS)
    compared = workbench.comparing.compare(of_many(workbench, 60, MINE))
    assert [each.indicator for each in compared.conflicts] == ["常住人口"]
    assert compared.statements == 61
    assert compared.searched == len(compared.indicators)
    assert "常住人口" in compared.indicators
    lines = [quoted(workbench, "馆舍全年开放三百天。")]
    nothing = workbench.editing.create("题", lines, actor=workbench.actor)
    assert workbench.comparing.compare(nothing).conflicts == ()


def test_each_indicator_is_searched_for_once_and_the_limit_is_told(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(workbench, tmp_path, TEXTS)
    monkeypatch.setattr(comparing, "INDICATORS", 1)
    compared = workbench.comparing.compare(of_many(workbench, 3, MINE))
    assert compared.searched == 1
    assert len(compared.indicators) > 1
    assert len(set(compared.indicators)) == len(compared.indicators)


def test_sources_that_a_brief_cites_are_compared_without_any_search(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(workbench, tmp_path, TEXTS)
    monkeypatch.setattr(comparing, "INDICATORS", 0)
    compared = workbench.comparing.compare(of_many(workbench, 50, MINE, THEIRS))
    (found,) = compared.conflicts
    assert {figure.words for figure in found.figures} == {"41.6万人", "42.1万人"}
    assert all(figure.evidence.spans for figure in found.figures)


def test_the_search_is_in_the_trail_but_no_words_of_what_somebody_may_not_see(
    workbench: Workbench, tmp_path: Path
) -> None:
    fill(workbench, tmp_path, TEXTS)
    brief = of_many(workbench, 1, MINE)
    workbench.editing.share(brief.id, shared=True, actor=workbench.actor)
    compared = workbench.comparing.compare(brief)
    workbench.trail.note_conflicts(brief.id, compared, actor=workbench.actor)
    (search,) = workbench.trail.of(brief.id)
    assert (search.asked.means, search.answered) == (Means.CONFLICTS, True)
    assert "常住人口" in search.asked.query
    assert search.found == len(compared.versions) == 3
    other = workbench.of(somebody(workbench))
    assert other.trail.of(brief.id)[0].asked.query == search.asked.query
    (hidden,) = [each.id for each in workbench.documents.find() if "公报" in each.title]
    withhold(workbench, hidden)
    (seen,) = other.trail.of(brief.id)
    assert (seen.asked.query, seen.is_partial) == ("", True)
    assert workbench.trail.of(brief.id)[0].asked.query == search.asked.query


def test_where_nothing_was_recognised_nothing_is_noted(
    workbench: Workbench, tmp_path: Path
) -> None:
    fill(workbench, tmp_path, TEXTS)
    line = quoted(workbench, "馆舍全年开放三百天。")
    brief = workbench.editing.create("题", [line], actor=workbench.actor)
    compared = replace(workbench.comparing.compare(brief), indicators=(), searched=0)
    noted = workbench.trail.note_conflicts(brief.id, compared, actor=workbench.actor)
    assert (noted, workbench.trail.of(brief.id)) == (None, ())
