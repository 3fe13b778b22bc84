"""Judged sets in BEIR layout, and the measures."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import BadDatasetError
from knowledge.evaluation import scores
from knowledge.judged import (
    CorpusPassage,
    Half,
    half_of,
    load_judged,
    measure,
    ndcg_at,
    recall_at,
    reciprocal_rank_at,
)

CORPUS = '{"_id": "p1", "title": "借阅", "text": "可以借书"}\n\n{"_id": "p2", "text": "每天开放"}\n'
QUERIES = '{"_id": "q2", "text": "几点开门"}\n{"_id": "q1", "text": "怎么借"}\n{"_id": "q3", "text": "无人判"}\n'
QRELS = "query-id\tcorpus-id\tscore\nq1\tp1\t2\nq1\tp2\t0\nq2\tp2\t1\n"


def written(
    folder: Path, *, corpus: str = CORPUS, queries: str = QUERIES, qrels: str = QRELS
) -> Path:
    (folder / "corpus.jsonl").write_text(corpus, "utf-8")
    (folder / "queries.jsonl").write_text(queries, "utf-8")
    (folder / "qrels.tsv").write_text(qrels, "utf-8")
    return folder


def test_reads_a_folder(tmp_path: Path) -> None:
    judged = load_judged(written(tmp_path))
    assert judged.name == tmp_path.name
    assert judged.corpus == (
        CorpusPassage("p1", "借阅", "可以借书"),
        CorpusPassage("p2", "", "每天开放"),
    )
    assert list(judged.queries.items()) == [("q2", "几点开门"), ("q1", "怎么借")]
    assert judged.qrels == {"q2": {"p2": 1}, "q1": {"p1": 2}}


def test_the_header_may_be_missing(tmp_path: Path) -> None:
    qrels = QRELS.split("\n", 1)[1]
    assert load_judged(written(tmp_path, qrels=qrels)).qrels["q1"] == {"p1": 2}


def test_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    folder = written(tmp_path, qrels=QRELS.replace("\n", "\r\n"), corpus="\ufeff" + CORPUS)
    assert len(load_judged(folder).qrels) == 2


def test_qrels_may_stand_in_a_folder_as_beir_has_them(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels.tsv").rename(tmp_path / "qrels" / "test.tsv")
    assert len(load_judged(tmp_path).qrels) == 2


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    (written(tmp_path) / name).unlink()
    with pytest.raises(BadDatasetError, match=f"{name} is missing"):
        load_judged(tmp_path)


@pytest.mark.parametrize(
    ("corpus", "reason"),
    [
        (CORPUS + "{", "corpus.jsonl, line 4: not JSON"),
        ("[]\n", "corpus.jsonl, line 1: not a JSON object"),
        ('{"_id": 1, "text": ""}', "line 1: _id is missing or no string"),
        ('{"_id": "p1"}', "line 1: text is missing"),
        ('{"_id": "p1", "text": "", "title": 5}', "line 1: title is no string"),
        (CORPUS + CORPUS, "line 4: the id p1 stands twice"),
    ],
)
def test_a_malformed_corpus_line_is_named(tmp_path: Path, corpus: str, reason: str) -> None:
    with pytest.raises(BadDatasetError, match=reason):
        load_judged(written(tmp_path, corpus=corpus))


@pytest.mark.parametrize(
    ("qrels", "reason"),
    [
        (QRELS + "q1 p1 1\n", "qrels.tsv, line 5: not three columns"),
        (QRELS + "q1\tp1\tyes\n", "line 5: not three columns"),
        (QRELS + "q9\tp1\t1\n", "line 5: queries.jsonl has no q9"),
        (QRELS + "q1\tp9\t1\n", "line 5: corpus.jsonl has no p9"),
        ("q1\tp1\t0\n", "no query has a relevant passage"),
    ],
)
def test_a_malformed_judgement_is_named(tmp_path: Path, qrels: str, reason: str) -> None:
    with pytest.raises(BadDatasetError, match=reason):
        load_judged(written(tmp_path, qrels=qrels))


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (written(tmp_path) / "queries.jsonl").write_bytes(QUERIES.encode("gb18030"))
    with pytest.raises(BadDatasetError, match=r"queries.jsonl is not UTF-8"):
        load_judged(tmp_path)


def test_ndcg_by_hand() -> None:
    gains = {"a": 2, "b": 1}
    ideal = 3 + 1 / math.log2(3)
    assert ndcg_at(["a", "b"], gains, 10) == pytest.approx(1)
    assert ndcg_at(["a"], gains, 10) == pytest.approx(3 / ideal)
    assert ndcg_at(["x", "b", "a"], gains, 10) == pytest.approx((1 / math.log2(3) + 1.5) / ideal)
    assert ndcg_at(["x", "b", "a"], gains, 1) == 0
    assert ndcg_at(["b"], gains, 1) == pytest.approx(1 / 3)


def test_recall_and_reciprocal_rank_by_hand() -> None:
    gains = {"a": 2, "b": 1}
    assert recall_at(["x", "b"], gains, 2) == 0.5
    assert recall_at(["x", "b"], gains, 1) == 0
    assert reciprocal_rank_at(["x", "b", "a"], gains, 3) == 0.5
    assert reciprocal_rank_at(["x", "b", "a"], gains, 1) == 0


def test_an_id_that_stands_twice_counts_once() -> None:
    gains = {"a": 1, "b": 1}
    assert ndcg_at(["a", "a"], gains, 2) == ndcg_at(["a"], gains, 2) < 1
    assert recall_at(["a", "a", "b"], gains, 2) == 1


def test_queries_that_found_nothing_lower_the_average() -> None:
    qrels = {"q1": {"a": 1}, "q2": {"b": 1}, "q3": {"c": 1}, "q4": {"d": 1}}
    measures = measure({"q1": ["a"], "q2": []}, qrels, k=10)
    assert measures.queries == 4
    assert (measures.ndcg, measures.recall, measures.reciprocal_rank) == (0.25, 0.25, 0.25)


letters = st.sampled_from("abcdefgh")


@given(
    st.lists(letters), st.dictionaries(letters, st.integers(0, 3), min_size=1), st.integers(1, 9)
)
def test_bounds(ranked: list[str], gains: dict[str, int], k: int) -> None:
    for value in (
        ndcg_at(ranked, gains, k),
        recall_at(ranked, gains, k),
        reciprocal_rank_at(ranked, gains, k),
    ):
        assert 0 <= value <= 1 + 1e-9


def test_reads_a_real_set(shared: Path) -> None:
    judged = load_judged(shared / "data" / "retrieval" / "xquad-zh-en")
    assert len(judged.corpus) == 480
    assert len(judged.queries) == len(judged.qrels) > 1000
    assert {grade for gains in judged.qrels.values() for grade in gains.values()} == {1, 2}


def test_a_query_belongs_to_one_half_for_all_times() -> None:
    halves = {name: half_of(name) for name in ("q1", "q2", "leco-q0000", "leco-q0003")}
    assert halves == {
        "q1": Half.HELD_BACK,
        "q2": Half.TUNING,
        "leco-q0000": Half.HELD_BACK,
        "leco-q0003": Half.HELD_BACK,
    }
    tuning = sum(half_of(f"q{number}") is Half.TUNING for number in range(1000))
    assert 450 < tuning < 550


def test_both_halves_are_measured_beside_the_whole(tmp_path: Path) -> None:
    names = [f"q{number}" for number in range(8)]
    rows = "".join(f'{{"_id": "{name}", "text": "几点开门"}}\n' for name in names)
    folder = written(tmp_path, queries=rows, qrels="".join(f"{name}\tp2\t1\n" for name in names))
    judged = load_judged(folder)
    found = {name: ["p2"] if half_of(name) is Half.TUNING else ["p1"] for name in names}
    times = [1.0] * len(names)
    whole = scores(judged, found, milliseconds=times, passages=2, index_seconds=0.0)
    tuning, held_back = (whole.halves[half] for half in Half)
    assert tuning.queries + held_back.queries == whole.queries == len(names)
    assert (tuning.ndcg, held_back.ndcg) == (1.0, 0.0)
    assert whole.ndcg_at_10 == pytest.approx(tuning.queries / len(names))
    one = {name: ids for name, ids in found.items() if half_of(name) is Half.TUNING}
    part = scores(judged, one, milliseconds=times, passages=2, index_seconds=0.0)
    assert list(part.halves) == [Half.TUNING], "of a half without queries nothing can be said"
