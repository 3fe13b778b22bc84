"""Copies of a passage shown once, and how sure recognition was of what is found."""

from briefs.workbench.bootstrap import Workbench
from knowledge.filter import Filter
from knowledge.model import (
    Access,
    Layer,
    Metadata,
    Mode,
    PageText,
    PassageDraft,
    Reading,
    Recognised,
    Span,
    Stamp,
)
from tests.homes import remove

_RULES = [
    f"第{number}条 河湾县湿地公园的{what}由县林业局负责，任何单位和个人不得擅自{act}。"
    for number, what, act in (
        ("一", "栈道与观鸟亭", "占用或者拆除"), ("二", "候鸟栖息水域", "捕捞或者排放污水"),
        ("三", "科普馆和讲解牌", "涂改或者挪作他用"), ("四", "救护站与隔离网", "关闭或者改建"),
        ("五", "芦苇荡和柳林带", "砍伐或者焚烧"),
    )
]  # fmt: skip


def _alike(bench: Workbench) -> list[int]:
    """The same rules three times, the newest issued in the middle, and a text that is not alike."""
    texts = (
        ("规定.md", "2021-03-01", _RULES),
        ("定稿.txt", "2023-05-30", [*_RULES, "本规定自公布之日起施行。"]),
        ("转载.txt", "2022", _RULES),
        ("随笔.txt", None, ["河湾县湿地公园的春天，候鸟在水域上空盘旋，游人在栈道上停下脚步。"]),
    )
    ids = []
    for name, day, parts in texts:
        data = "\n\n".join((name, *parts)).encode()
        known = Metadata(title="河湾县湿地规定", issued_on=day)
        added = bench.ingest.add(data, name, source=name, actor=bench.actor, metadata=known)
        assert added.document_id is not None
        ids.append(added.document_id)
    bench.index()
    return ids


def test_copies_collapse_and_the_hits_freed_are_filled_up(workbench: Workbench) -> None:
    ids = _alike(workbench)
    for mode in (Mode.LEXICAL, Mode.HYBRID):
        apart = workbench.retriever.search("湿地公园候鸟", 4, mode=mode, collapse=False)
        assert not any(result.alike for result in apart)
        found = workbench.retriever.search("湿地公园候鸟", 4, mode=mode)
        assert [result.rank for result in found] == [1, 2, 3, 4]
        texts = [result.passage.text for result in found]
        assert len(set(texts)) == 4 > len({result.passage.text for result in apart})
        assert [r.score for r in found] == sorted((r.score for r in found), reverse=True)
        for result in found:
            named = {document.id for document in result.alike}
            assert result.document.id not in named
            assert {result.document.id, *named} in ({*ids[:3]}, {ids[3]})


def test_of_copies_with_the_same_score_the_one_issued_last_is_kept(workbench: Workbench) -> None:
    ids = _alike(workbench)
    first, *_ = workbench.retriever.search("候鸟栖息水域 捕捞", 1, mode=Mode.LEXICAL)
    assert first.document.id == ids[1]
    assert {document.id for document in first.alike} == {ids[0], ids[2]}


def test_passages_that_differ_stay_though_their_documents_are_alike(workbench: Workbench) -> None:
    ids = _alike(workbench)
    found = workbench.retriever.search("本规定自公布之日起施行", 20, mode=Mode.LEXICAL)
    assert any("公布之日" in r.passage.text and r.document.id == ids[1] for r in found)
    everything = workbench.retriever.search("湿地", 100, mode=Mode.LEXICAL, collapse=False)
    found = workbench.retriever.search("湿地", 100, mode=Mode.LEXICAL)
    assert {r.passage.text for r in found} == {r.passage.text for r in everything}


def test_copies_outside_the_filter_are_not_named(workbench: Workbench) -> None:
    ids = _alike(workbench)
    selection = Filter(documents=frozenset(ids[:2]))
    found = workbench.retriever.search("候鸟栖息水域", 1, selection=selection)
    assert len(found[0].alike) == 1


def test_a_removed_copy_is_not_named(workbench: Workbench) -> None:
    ids = _alike(workbench)
    remove(workbench, ids[1])
    first, *_ = workbench.retriever.search("候鸟栖息水域 捕捞", 1, mode=Mode.LEXICAL)
    assert {first.document.id, *(each.id for each in first.alike)} == {ids[0], ids[2]}


def test_the_least_confidence_of_recognised_words_is_told(workbench: Workbench) -> None:
    text = "河湾县湿地公园占地三百亩。候鸟在此停留。"
    page = PageText(
        text, layer=Layer.RECOGNISED, recognised=(Recognised(0, 13, 0.98), Recognised(13, 20, 0.61))
    )
    reading = Reading("application/pdf", paged=True, pages=(page,), metadata=Metadata(title="扫描"))
    drafts = [PassageDraft(text[a:b], (Span(1, a, b),)) for a, b in ((0, 13), (13, 20))]
    stamp = Stamp(
        workbench.actor.branch_id, Access.PUBLIC, workbench.actor.person_id, workbench.clock()
    )
    workbench.documents.add_version(
        reading, drafts, document_id=None, source="s", file=("s", "s", 1), stamp=stamp
    )
    found = workbench.lexical_retriever.search("湿地公园 候鸟停留")
    assert {r.passage.text: r.confidence for r in found} == {text[:13]: 0.98, text[13:]: 0.61}


def test_words_that_were_not_recognised_have_no_confidence(filled: Workbench) -> None:
    assert filled.retriever.search("加装电梯")[0].confidence is None
