"""Drafts by outline: quoted, bound, diverse."""

from pathlib import Path

import pytest

from briefs.drafting.outline import SENTENCES_A_HEADING, SENTENCES_A_SOURCE, Drafting, quotable
from briefs.errors import NothingFoundError
from briefs.model import StatementKind
from briefs.workbench.bootstrap import Workbench
from tests.homes import fill


def test_every_sentence_is_bound_to_words_that_stand_in_a_source(filled: Workbench) -> None:
    lines = filled.drafting.draft("县情简报", ["电梯补助", "图书馆咨询服务"]).lines
    assert [line.text for line in lines if line.kind is StatementKind.HEADING] == [
        "电梯补助",
        "图书馆咨询服务",
    ]
    quotes = [line for line in lines if line.kind is StatementKind.QUOTE]
    assert quotes
    for line in quotes:
        (evidence,) = line.evidence
        pages = {p.index: p.text for p in filled.documents.pages(evidence.version_id)}
        words = "".join(pages[s.page][s.start : s.end] for s in evidence.spans)
        assert words.strip() == line.text


def test_a_sentence_is_taken_once_and_no_source_fills_a_heading(
    filled: Workbench, tmp_path: Path
) -> None:
    same = "加装电梯每台财政补助不超过20万元，由县财政承担。"
    more = {f"{n}.txt": f"第{n}号材料。{same}另有说明第{n}条，供各单位参考执行。" for n in range(4)}
    fill(filled, tmp_path, more)
    lines = filled.drafting.draft("电梯", ["加装电梯财政补助", "加装电梯每台补助"]).lines
    texts = [line.text for line in lines if line.kind is StatementKind.QUOTE]
    assert len(texts) == len(set(texts))
    assert sum("20万元" in words for words in texts) == 1
    sources: dict[int, int] = {}
    for line in lines:
        if line.kind is StatementKind.HEADING:
            sources = {}
            continue
        source = line.evidence[0].document_id
        sources[source] = sources.get(source, 0) + 1
        assert sources[source] <= SENTENCES_A_SOURCE
        assert sum(sources.values()) <= SENTENCES_A_HEADING


def test_the_same_outline_gives_the_same_draft(filled: Workbench) -> None:
    first = filled.drafting.draft("县情", ["电梯", "养老"])
    assert filled.drafting.draft("县情", ["电梯", "养老"]) == first


def test_an_empty_collection_says_so(workbench: Workbench) -> None:
    with pytest.raises(NothingFoundError):
        workbench.drafting.draft("题", ["标题"])


def test_it_drafts_without_an_encoder(filled: Workbench) -> None:
    drafting = Drafting(filled.lexical_retriever, filled.editing, encoder=None)
    lines = drafting.draft("县情", ["高龄老人送餐"]).lines
    assert any("送餐上门" in line.text for line in lines)


def test_only_whole_sentences_of_a_readable_length_are_quotable() -> None:
    text = (
        "第三条 公共图书馆应当向社会公众免费开放馆舍。短句。"
        + "很长" * 100
        + "。没有句号的残句一二三四五六"
    )
    assert quotable(text) == ["公共图书馆应当向社会公众免费开放馆舍。"]


def test_one_work_in_three_files_is_one_source(workbench: Workbench, tmp_path: Path) -> None:
    rules = "".join(
        f"第{n}项，加装电梯的{what}由县财政补助，{how}后三十日内拨付到位。\n"
        for n, what, how in (
            ("一", "土建工程费用", "工程竣工验收"), ("二", "设备购置费用", "设备到货查验"),
            ("三", "管线迁改费用", "迁改方案备案"), ("四", "日常维护费用", "年度检验合格"),
        )
    )  # fmt: skip
    fill(workbench, tmp_path, {f"{n}.txt": f"{rules}{'一二三'[n]}号文本\n" for n in range(3)})
    assert len({document.group for document in workbench.documents.find()}) == 1
    lines = workbench.drafting.draft("加装电梯", ["加装电梯费用由县财政补助"]).lines
    quotes = [line for line in lines if line.kind is StatementKind.QUOTE]
    assert len(quotes) == SENTENCES_A_SOURCE


def test_a_sentence_of_several_sources_is_one_statement_with_all_of_them(
    workbench: Workbench, tmp_path: Path
) -> None:
    same = "加装电梯每台财政补助不超过20万元，由县财政承担。"
    texts = {
        "办法.txt": f"河湾县加装电梯办法\n\n{same}申请人应当先行垫付，验收合格后由县财政拨付。\n",
        "问答.txt": f"电梯问答集\n\n问：补助多少？答：见下。\n{same}居民可以到社区窗口咨询办理。\n",
    }
    fill(workbench, tmp_path, texts)
    lines = workbench.drafting.draft("加装电梯", ["加装电梯财政补助"]).lines
    (line,) = [each for each in lines if "20万元" in each.text]
    assert len({item.document_id for item in line.evidence}) == 2
    assert len(workbench.editing.create("题", lines, actor=workbench.actor).statements) == len(
        lines
    )


def test_what_another_source_says_otherwise_is_no_evidence(
    workbench: Workbench, tmp_path: Path
) -> None:
    texts = {
        f"{n}.txt": f"第{n}号说明\n\n加装电梯每台财政补助不超过{n}万元，由县财政承担。材料{n}另附。\n"
        for n in (18, 20)
    }
    fill(workbench, tmp_path, texts)
    lines = workbench.drafting.draft("加装电梯", ["加装电梯财政补助"]).lines
    for line in lines:
        assert len(line.evidence) <= 1


def test_the_most_authoritative_comes_first_and_the_outdated_last(
    workbench: Workbench, tmp_path: Path
) -> None:
    texts = {
        "网页.txt": "食堂补助问答\n\n社区食堂由街道提供场地，补助资金按季度拨付到位。\n",
        "县.txt": "云岭县人民政府关于社区食堂补助的通知\n云政发〔2022〕3号\n\n社区食堂由企业经营，补助资金按就餐人次核算发放。\n",
        "（已废止）省.txt": "（已废止）某省人民政府关于社区食堂补助的通知\n某政发〔2012〕3号\n\n社区食堂由街道自办，补助资金列入年度财政预算。\n",
    }
    fill(workbench, tmp_path, texts)
    draft = workbench.drafting.draft("社区食堂", ["社区食堂补助资金"])
    quotes = [line.text for line in draft.lines if line.kind is StatementKind.QUOTE]
    assert [words[:9] for words in quotes] == [
        "社区食堂由企业经营",
        "社区食堂由街道提供",
        "社区食堂由街道自办",
    ]
    assert ["废止" in each.why for each in draft.outdated] == [True]
