"""Searching the collection, and the indexes that it rests on."""

from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.settings import Settings
from embeddings.errors import EncoderBrokenError
from knowledge.accounts.audit import Deed
from knowledge.filter import Filter
from knowledge.fusion import FusedList, fuse
from knowledge.model import (
    Confirmation,
    DocumentType,
    Metadata,
    Mode,
)
from knowledge.protocols import LexicalHit
from tests.homes import Clock, fill, open_home, remove


def test_a_question_finds_its_passage_with_its_place(filled: Workbench) -> None:
    hit = filled.retriever.search("加装电梯补助多少钱")[0]
    assert "20万元" in hit.passage.text
    assert hit.document.metadata.number == "河政办发〔2023〕12号"
    assert hit.rank == 1
    assert hit.page is None, "a text file has no pages to turn to"
    assert hit.lexical_rank is not None


@pytest.mark.parametrize(
    "query", ["河湾县公共图书馆条例第三条", "根据公共图书馆条例第3条", "公共图书馆条例 第三条"]
)
def test_an_article_is_found_by_its_number_in_either_numeral(filled: Workbench, query: str) -> None:
    assert filled.retriever.search(query)[0].passage.heading[-1] == "第三条"


def test_a_document_number_is_found_in_any_brackets(filled: Workbench) -> None:
    for query in ("河政办发[2023]12号", "河政办发（2023）12号", "河政办发〔2023〕12号"):
        assert filled.retriever.search(query)[0].document.metadata.type is DocumentType.OFFICIAL


def test_filters_apply_inside_both_lists(filled: Workbench) -> None:
    for mode in Mode:
        selection = Filter(types=frozenset({DocumentType.LAW}))
        results = filled.retriever.search("电梯补助", selection=selection, mode=mode)
        assert all(r.document.metadata.type is DocumentType.LAW for r in results)
    nothing = Filter(issuers=frozenset({"没有这个机构"}))
    assert filled.retriever.search("电梯", selection=nothing) == []


def test_dates_filter_by_the_precision_known(filled: Workbench) -> None:
    document = filled.documents.find(title="养老")[0]
    filled.library.describe(
        document.id, Metadata(title="养老服务情况", issued_on="2022-05"), actor=filled.actor
    )
    between = Filter(issued_from="2022", issued_to="2022")
    assert [each.id for each in filled.documents.find(between)] == [document.id]
    assert filled.documents.find(Filter(issued_from="2022-06", issued_to="2022")) == []


def test_blank_finds_nothing(filled: Workbench) -> None:
    assert filled.retriever.search("  ") == []


def test_copies_that_fill_the_lists_do_not_hide_what_stands_behind_them(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = (
        "湿地公园候鸟观测登记表。观测人须写明湿地公园名称、候鸟种类、数量、日期并签字。"
        "一式两份，一份交林业部门存档，一份由观测站自行保存，保存期限不少于十年。"
    )
    texts = {f"登记表{number}.txt": f"{form}（{number}）" for number in range(12)}
    texts |= {
        f"巡护{number}.txt": f"{name}湿地在第{number}次巡护中未见候鸟，{weather}。"
        for number, (name, weather) in enumerate(
            (("东河", "风大"), ("西河", "多云"), ("南河", "雨"))
        )
    }
    fill(workbench, tmp_path, texts)
    for mode in Mode:
        with monkeypatch.context() as changed:
            changed.setattr("knowledge.retrieval.CANDIDATES", 4)
            found = workbench.retriever.search("湿地公园候鸟观测", 4, mode=mode)
        assert len(found) == 4, mode
        assert len({result.passage.text for result in found}) == 4
        assert len(found[0].alike) == 11
    assert len(workbench.retriever.search("湿地公园候鸟观测", 9)) == 4, "then there are no more"


def test_fusion_is_given_the_dense_scores_and_the_scripts_of_candidates(
    workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    english = "The wetland park covers three hundred acres and is open every day of the year."
    texts = {f"{n}.txt": f"第{n}号湿地公园占地三百亩，全年开放。" for n in range(6)}
    fill(workbench, tmp_path, {**texts, "park.txt": english})
    given: list[dict[str, object]] = []

    def spied(
        lexical: list[LexicalHit], dense: list[tuple[int, float]], **named: object
    ) -> FusedList:
        given.append({"lexical": {h.passage_id for h in lexical}, "dense": dict(dense), **named})
        return fuse([], [], weight=0.5)

    monkeypatch.setattr("knowledge.retrieval.fuse", spied)
    monkeypatch.setattr("knowledge.retrieval.CANDIDATES", 3)
    ids = workbench.passages.ids()
    (foreign,) = workbench.passages.scripts.narrow(ids).tolist()
    assert workbench.passages.many([foreign])[foreign].text == english
    retriever = workbench.retriever
    for query, apart in (
        ("湿地公园 open", {foreign}),
        ("wetland park", {*ids.tolist()} - {foreign}),
    ):
        given.clear()
        retriever.search(query, 2)
        (call, *_) = given
        lexical, dense, others = call["lexical"], call["dense"], call["others"]
        assert isinstance(lexical, set)
        assert isinstance(dense, dict)
        assert isinstance(others, dict)
        assert others.keys() == lexical - dense.keys()
        assert call["foreign"] == (lexical | dense.keys()) & apart
        vectors = workbench.passages.vectors(workbench.passages.encoder_id(workbench.encoder), ids)
        scores = dict(
            zip(ids.tolist(), vectors @ workbench.encoder.encode_queries([query])[0], strict=True)
        )
        assert others == pytest.approx({id_: scores[id_] for id_ in others}, abs=1e-3)


def test_passages_added_later_are_known_by_their_script(filled: Workbench, tmp_path: Path) -> None:
    scripts = filled.passages.scripts
    assert not len(scripts.narrow(filled.passages.ids()))
    fill(filled, tmp_path, {"park.txt": "The wetland park – “open” every day, it says – is free."})
    ids = filled.passages.ids()
    assert scripts.narrow(ids).tolist() == ids[-1:].tolist()
    assert not len(scripts.narrow(ids[:0]))


def test_a_removed_document_is_gone_at_once_and_after_a_restart(
    filled: Workbench, tmp_path: Path
) -> None:
    document = filled.documents.find(title="电梯")[0]
    remove(filled, document.id)
    for mode in Mode:
        found = filled.retriever.search("加装电梯", mode=mode)
        assert document.id not in {result.document.id for result in found}
    again = open_home(tmp_path)
    assert document.id not in {r.document.id for r in again.retriever.search("加装电梯")}
    assert again.documents.pages(document.current_version), "old citations still open its pages"
    again.close()


def test_another_process_sees_new_passages(filled: Workbench, tmp_path: Path) -> None:
    other = open_home(tmp_path)
    assert other.retriever.search("湿地公园")
    fill(filled, tmp_path, {"湿地.txt": "河湾湿地公园占地三百亩，春季有大量候鸟停留。"})
    assert "湿地公园" in other.retriever.search("湿地公园")[0].passage.text
    other.close()


def test_a_corrected_title_is_found_at_once(filled: Workbench) -> None:
    document = filled.documents.find(title="养老")[0]
    filled.library.describe(document.id, Metadata(title="银龄行动年度回顾"), actor=filled.actor)
    assert filled.retriever.search("银龄行动年度回顾")[0].document.id == document.id


def test_an_interrupted_encoding_continues(workbench: Workbench, tmp_path: Path) -> None:
    fill_only = [
        workbench.ingest.add_file(path, actor=workbench.actor) for path in _texts(tmp_path, count=3)
    ]
    assert len(fill_only) == 3
    dense = workbench.dense
    assert dense is not None
    waiting = dense.pending()
    assert waiting == len(workbench.passages.ids())

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        workbench.index(stop)
    assert dense.pending() == max(0, waiting - 256)
    workbench.index()
    assert dense.pending() == 0
    assert np.array_equal(dense.ids(), workbench.passages.ids())


def test_vectors_survive_rounding_as_unit_vectors(filled: Workbench) -> None:
    encoder_id = filled.passages.encoder_id(filled.encoder)
    ids = filled.passages.with_vector(encoder_id)
    vectors = filled.passages.vectors(encoder_id, ids)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    with pytest.raises(KeyError):
        filled.passages.vectors(encoder_id, np.array([10**9]))


def test_without_an_encoder_search_goes_by_words(filled: Workbench) -> None:
    results = filled.lexical_retriever.search("高龄老人送餐")
    assert "送餐上门" in results[0].passage.text
    assert results[0].dense_rank is None


def test_an_encoder_that_cannot_be_loaded_leaves_search_by_words(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home", encoder=str(tmp_path / "no-model"))
    workbench = Workbench(settings, clock=Clock())
    fill(workbench, tmp_path)
    assert isinstance(workbench.encoder_problem, EncoderBrokenError)
    assert "送餐上门" in workbench.retriever.search("高龄老人送餐")[0].passage.text
    assert all(finding.is_sound for finding in workbench.doctor.examine())
    workbench.close()


def _texts(folder: Path, *, count: int) -> list[Path]:
    paths = [folder / f"{n}.txt" for n in range(count)]
    for n, path in enumerate(paths):
        lines = (
            f"第{n}份材料的第{i}段讲的是事项{n}-{i}的办理情况，内容各不相同。" for i in range(900)
        )
        path.write_text("\n".join(lines), encoding="utf-8")
    return paths


def test_a_search_while_another_process_writes_looks_again_afterwards(
    filled: Workbench, tmp_path: Path
) -> None:
    other = open_home(tmp_path)
    path = tmp_path / "湿地.txt"
    path.write_text("河湾湿地公园占地三百亩，春季有大量候鸟停留。", encoding="utf-8")
    other.ingest.add_file(path, actor=other.actor)
    with FileLock(tmp_path / "home" / "locks" / "lexical.lock"):
        filled.retriever.search("湿地公园")
    other.lexical_indexing.catch_up()
    found = filled.retriever.search("湿地公园", mode=Mode.LEXICAL)
    assert "湿地公园" in found[0].passage.text
    other.close()


def test_a_title_corrected_while_another_process_catches_up_is_found(
    filled: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = open_home(tmp_path)
    describe = filled.documents.describe

    def after_the_other(
        document_id: int,
        metadata: Metadata,
        *,
        by: Confirmation,
        seen: Metadata | None,
        deed: Deed | None,
    ) -> None:
        other.lexical_indexing.catch_up()
        describe(document_id, metadata, by=by, seen=seen, deed=deed)

    monkeypatch.setattr(filled.documents, "describe", after_the_other)
    document = filled.documents.find(title="养老")[0]
    filled.library.describe(document.id, Metadata(title="独特新题名甲乙丙"), actor=filled.actor)
    assert filled.retriever.search("独特新题名甲乙丙")[0].document.id == document.id
    other.close()
