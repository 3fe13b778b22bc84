"""Drafts by outline: quoted, bound, diverse."""

from pathlib import Path

import pytest

from briefs.drafting import SENTENCES_A_HEADING, SENTENCES_A_SOURCE, Drafting, quotable
from briefs.errors import NothingFoundError
from briefs.model import StatementKind
from briefs.workbench.bootstrap import Workbench
from tests.homes import fill


def test_every_sentence_is_bound_to_words_that_stand_in_a_source(filled: Workbench) -> None:
    lines = filled.drafting.propose("县情简报", ["电梯补助", "图书馆咨询服务"])
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
    lines = filled.drafting.propose("电梯", ["加装电梯财政补助", "加装电梯每台补助"])
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
    first = filled.drafting.propose("县情", ["电梯", "养老"])
    assert filled.drafting.propose("县情", ["电梯", "养老"]) == first


def test_an_empty_collection_says_so(workbench: Workbench) -> None:
    with pytest.raises(NothingFoundError):
        workbench.drafting.propose("题", ["标题"])


def test_it_drafts_without_an_encoder(filled: Workbench) -> None:
    drafting = Drafting(filled.lexical_retriever, filled.editing, encoder=None)
    lines = drafting.propose("县情", ["高龄老人送餐"])
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
    lines = workbench.drafting.propose("加装电梯", ["加装电梯费用由县财政补助"])
    quotes = [line for line in lines if line.kind is StatementKind.QUOTE]
    assert len(quotes) == SENTENCES_A_SOURCE
