"""What every `LexicalIndex` promises: subclass `LexicalIndexContract` and say how to make one."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embeddings.protocols import Ids
from knowledge.access import KEEPER, PUBLIC, WHOLE, Facets, Held, Scope, Viewer
from knowledge.filter import Filter
from knowledge.model import Access
from knowledge.protocols import LexicalEntry, LexicalHit, LexicalIndex
from knowledge.synonyms import NONE, Synonyms

NOTHING: Ids = np.array([], dtype=np.int64)
LAW = "中华人民共和国图书借阅法"


def ids(*values: int) -> Ids:
    return np.array(values, dtype=np.int64)


def entry(
    passage_id: int,
    text: str,
    *,
    document: int = 1,
    title: str = "",
    heading: tuple[str, ...] = (),
    number: str | None = None,
) -> LexicalEntry:
    return LexicalEntry(passage_id, document, title, heading, text, number)


def of(*documents: int) -> Scope:
    return Scope(KEEPER, Filter(documents=frozenset(documents)))


def found(hits: Sequence[LexicalHit]) -> list[int]:
    return [hit.passage_id for hit in hits]


changes = st.lists(
    st.tuples(
        st.sets(st.integers(0, 12)),
        st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["猫", "狗", "猫狗", "鱼"]))),
    ),
    max_size=4,
)


persons = st.integers(1, 3)
helds = st.builds(
    Held,
    branch_id=st.integers(1, 2),
    access=st.sampled_from(Access),
    made_by=persons,
    shared=st.booleans(),
    recipients=st.frozensets(persons, max_size=2),
)
closer = helds.filter(lambda held: held.access is not Access.PUBLIC)
records = st.builds(
    lambda held, version: Facets(
        branch_id=held.branch_id,
        access=held.access,
        made_by=held.made_by,
        shared=held.shared,
        recipients=held.recipients,
        version=version,
    ),
    helds,
    st.none() | closer,
)
viewers = st.just(KEEPER) | st.builds(
    Viewer,
    person_id=st.none() | persons,
    branches=st.none() | st.frozensets(st.integers(1, 2), max_size=2),
)


OPEN = Facets(access=Access.PUBLIC)
BEASTS = "猫狗鱼鸟"
fours = st.text(alphabet=BEASTS, min_size=4, max_size=4)


def open_to_all(held: LexicalEntry) -> LexicalEntry:
    return replace(held, facets=OPEN)


def scored(index: LexicalIndex, query: str, scope: Scope) -> dict[int, float]:
    """Scores by passage, best first."""
    return {hit.passage_id: hit.score for hit in index.search(query, 20, scope=scope)}


OFFICE = "读者工作和阅览服务局"
"""The long form of 读工局."""


class TableInHand:
    """A table of synonyms that a test changes."""

    def __init__(self) -> None:
        self.synonyms = NONE

    def __call__(self) -> Synonyms:
        return self.synonyms


class LexicalIndexContract:
    """The suite; `make` gives a new empty index at each call, which asks `table` for synonyms."""

    @pytest.fixture
    def table(self) -> TableInHand:
        return TableInHand()

    @pytest.fixture
    def make(self) -> Callable[[], LexicalIndex]:
        raise NotImplementedError

    @pytest.fixture
    def index(self, make: Callable[[], LexicalIndex]) -> LexicalIndex:
        return make()

    def test_starts_empty(self, index: LexicalIndex) -> None:
        assert len(index) == 0
        assert index.ids().dtype == np.int64
        assert index.ids().tolist() == []
        assert index.search("读者", 5, scope=WHOLE) == []

    def test_finds_what_was_added_best_first(self, index: LexicalIndex) -> None:
        texts = ["读者可以借书", "读者服务 读者活动", "馆舍每天开放"]
        index.update(remove=NOTHING, add=[entry(i, text) for i, text in enumerate(texts)])
        hits = index.search("读者服务", 5, scope=WHOLE)
        assert found(hits) == [1, 0]
        assert hits[0].score > hits[1].score > 0

    def test_at_most_k(self, index: LexicalIndex) -> None:
        index.update(remove=NOTHING, add=[entry(i, "读者") for i in range(9)])
        assert len(index.search("读者", 4, scope=WHOLE)) == 4

    def test_equal_scores_fall_by_id_also_across_the_last_place(self, index: LexicalIndex) -> None:
        for first in (60, 30, 0):  # three commits, so that disk order is not id order
            add = [entry(i, "读者借书") for i in reversed(range(first, first + 30))]
            index.update(remove=NOTHING, add=add)
        assert found(index.search("读者", 7, scope=WHOLE)) == list(range(7))

    def test_searches_titles_and_headings(self, index: LexicalIndex) -> None:
        add = [
            entry(1, "每天开放", title="盲文阅览室守则"),
            entry(2, "每天开放", heading=("第二章 少儿阅览室",)),
            entry(3, "每天开放"),
        ]
        index.update(remove=NOTHING, add=add)
        assert found(index.search("盲文阅览", 1, scope=WHOLE)) == [1]
        assert found(index.search("少儿阅览", 1, scope=WHOLE)) == [2]

    def test_scripts_widths_and_capitals_meet(self, index: LexicalIndex) -> None:
        index.update(remove=NOTHING, add=[entry(1, "圖書館採用ＲＦＩＤ標籤"), entry(2, "无关")])
        assert found(index.search("图书馆 rfid 标签", 5, scope=WHOLE)) == [1]

    @pytest.mark.parametrize("query", ["", " ", "？？", "……", "《》"])
    def test_a_query_without_words_finds_nothing(self, index: LexicalIndex, query: str) -> None:
        index.update(remove=NOTHING, add=[entry(1, "读者")])
        assert index.search(query, 5, scope=WHOLE) == []

    def test_removes_and_adds_in_one_call(self, index: LexicalIndex) -> None:
        index.update(remove=NOTHING, add=[entry(1, "旧"), entry(2, "旧")])
        index.update(remove=ids(1, 99), add=[entry(3, "旧")])
        assert index.ids().tolist() == [2, 3]
        assert len(index) == 2
        assert found(index.search("旧", 5, scope=WHOLE)) == [2, 3]

    def test_an_id_added_again_replaces(self, index: LexicalIndex) -> None:
        index.update(remove=NOTHING, add=[entry(1, "旧词")])
        index.update(remove=NOTHING, add=[entry(1, "别的"), entry(1, "新词")])
        assert index.ids().tolist() == [1]
        assert index.search("旧", 5, scope=WHOLE) == []
        assert index.search("别", 5, scope=WHOLE) == []
        assert found(index.search("新词", 5, scope=WHOLE)) == [1]

    def test_the_same_update_twice_changes_nothing(self, index: LexicalIndex) -> None:
        add = [entry(i, f"第{i}阅览室") for i in range(5)]
        for _ in range(2):
            index.update(remove=ids(7), add=add)
        assert index.ids().tolist() == [0, 1, 2, 3, 4]
        assert sorted(found(index.search("阅览室", 9, scope=WHOLE))) == [0, 1, 2, 3, 4]

    def test_an_error_in_what_is_added_leaves_it_as_it_was(self, index: LexicalIndex) -> None:
        def broken() -> Iterator[LexicalEntry]:
            yield entry(2, "新")
            raise LookupError

        index.update(remove=NOTHING, add=[entry(1, "旧")])
        with pytest.raises(LookupError):
            index.update(remove=ids(1), add=broken())
        assert index.ids().tolist() == [1]
        index.update(remove=NOTHING, add=[entry(3, "新")])
        assert index.ids().tolist() == [1, 3]

    def test_only_passages_of_the_given_documents(self, index: LexicalIndex) -> None:
        add = [entry(i, "读者" * (i + 1), document=i % 3) for i in range(9)]
        index.update(remove=NOTHING, add=add)
        assert sorted(found(index.search("读者", 9, scope=of(0, 2, 77)))) == [0, 2, 3, 5, 6, 8]
        assert index.search("别的", 9, scope=of(1)) == []

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,
        ],
    )
    @given(held=st.lists(records, min_size=1, max_size=8), viewers=st.lists(viewers, max_size=6))
    def test_every_viewer_finds_what_they_may_see_and_nothing_else(
        self, make: Callable[[], LexicalIndex], held: list[Facets], viewers: list[Viewer]
    ) -> None:
        index = make()
        add = [replace(entry(i, "读者", document=i), facets=each) for i, each in enumerate(held)]
        index.update(remove=NOTHING, add=add)
        for viewer in viewers:
            scope = Scope(viewer)
            seen = [i for i, facets in enumerate(held) if scope.admits(i, facets)]
            assert sorted(found(index.search("读者", 9, scope=scope))) == seen
            assert index.frequencies(["读者", "鱼"], scope=scope) == [len(seen), 0]
            assert index.count(scope=scope) == len(seen)

    def test_whoever_may_no_longer_see_a_passage_no_longer_finds_it(
        self, index: LexicalIndex
    ) -> None:
        before = Facets(branch_id=1, access=Access.STAFF, made_by=1, shared=True)
        scope = Scope(Viewer(person_id=9, branches=frozenset({2})))
        for facets, sees in (
            (before, True),
            (replace(before, shared=False), False),
            (replace(before, access=Access.NAMED, recipients=frozenset({9})), True),
            (replace(before, access=Access.NAMED), False),
            (replace(before, access=Access.PUBLIC), True),
        ):
            index.update(remove=NOTHING, add=[replace(entry(1, "读者"), facets=facets)])
            assert bool(index.search("读者", 9, scope=scope)) is sees

    def test_a_filter_does_not_change_scores(self, index: LexicalIndex) -> None:
        index.update(remove=NOTHING, add=[entry(i, "读者" * i, document=i) for i in range(1, 5)])
        free = {hit.passage_id: hit.score for hit in index.search("读者", 9, scope=WHOLE)}
        bound = {hit.passage_id: hit.score for hit in index.search("读者", 9, scope=of(2, 3))}
        assert bound == {2: free[2], 3: free[3]}

    def test_a_filter_does_not_change_what_a_viewer_s_words_weigh(
        self, index: LexicalIndex
    ) -> None:
        add = [open_to_all(entry(i, "读者" * i, document=i)) for i in range(1, 5)]
        index.update(remove=NOTHING, add=[*add, *(entry(i, "读者") for i in range(5, 9))])
        only = Scope(PUBLIC, Filter(documents=frozenset({2, 3})))
        free, bound = (scored(index, "读者", scope) for scope in (Scope(PUBLIC), only))
        assert bound == {2: free[2], 3: free[3]}

    def test_equal_passages_stay_equal_whatever_is_hidden(self, index: LexicalIndex) -> None:
        texts = ["河东地块测绘", "选址工作测绘", "其他材料图书", "另外材料图书"]
        seen = [open_to_all(entry(i, text)) for i, text in enumerate(texts)]
        index.update(remove=NOTHING, add=seen)
        before = scored(index, "河东 选址", Scope(PUBLIC))
        assert before[0] == before[1]
        for count in range(1, 8):
            hidden = [entry(9 + i, "选址会议选址") for i in range(count)]
            index.update(remove=NOTHING, add=hidden)
            after = scored(index, "河东 选址", Scope(PUBLIC))
            assert after[0] == after[1]
            assert list(after) == list(before)

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.differing_executors,
        ],
    )
    @given(
        seen=st.lists(fours, min_size=1, max_size=6),
        hidden=st.lists(st.tuples(fours, closer), min_size=1, max_size=6),
        query=st.text(alphabet=BEASTS, min_size=1, max_size=5),
        removed=st.integers(0, 6),
    )
    def test_what_is_hidden_moves_neither_scores_nor_order(
        self,
        make: Callable[[], LexicalIndex],
        table: TableInHand,
        seen: list[str],
        hidden: list[tuple[str, Held]],
        query: str,
        removed: int,
    ) -> None:
        # All of one length: the average length is not the viewer's own.
        table.synonyms = Synonyms((("猫狗", "鱼鸟"),))
        alone, beside = make(), make()
        add = [open_to_all(entry(i, text)) for i, text in enumerate(seen)]
        kept = [
            replace(entry(10 + i, text), facets=replace(OPEN, version=held))
            for i, (text, held) in enumerate(hidden)
        ]
        alone.update(remove=NOTHING, add=add)
        beside.update(remove=NOTHING, add=[*kept[1:], *add, kept[0]])
        beside.update(remove=ids(*range(10, 10 + removed)), add=[])
        expected, hits = (scored(index, query, Scope(PUBLIC)) for index in (alone, beside))
        assert hits == pytest.approx(expected, abs=2e-4)
        # Only what differs by no more than the last digit kept may change places.
        falling = [expected[passage_id] for passage_id in hits]
        assert all(a >= b - 3e-4 for a, b in pairwise(falling))
        same = (pair for pair in pairwise(hits) if expected[pair[0]] == expected[pair[1]])
        assert all(hits[a] == hits[b] and a < b for a, b in same)

    @pytest.mark.parametrize(
        "query", ["图书借阅法第三十五条", "请问《图书借阅法》第 35 条是什么？", f"{LAW}第35条"]
    )
    def test_an_article_comes_first_and_is_exact(self, index: LexicalIndex, query: str) -> None:
        add = [
            entry(i, "图书借阅法规定如下", title=LAW, heading=("第二章", f"第{numeral}条"))
            for i, numeral in enumerate(["三十四", "三十五", "三十六"])
        ]
        add.append(entry(9, "图书借阅法第三十五条 " * 9, title="解读"))
        index.update(remove=NOTHING, add=add)
        hits = index.search(query, 9, scope=WHOLE)
        assert hits[0].passage_id == 1
        assert [hit.exact for hit in hits] == [True, False, False, False]

    def test_the_longest_law_name_that_exists_is_meant(self, index: LexicalIndex) -> None:
        add = [
            entry(1, "甲", title="阅读法", heading=("第三条",)),
            entry(2, "乙", title="少年阅读法", heading=("第三条",)),
        ]
        index.update(remove=NOTHING, add=add)
        assert [
            hit.passage_id for hit in index.search("少年阅读法第三条", 9, scope=WHOLE) if hit.exact
        ] == [2]
        assert [
            hit.passage_id for hit in index.search("按阅读法第三条", 9, scope=WHOLE) if hit.exact
        ] == [1]
        index.update(remove=ids(2), add=[])
        assert [
            hit.passage_id for hit in index.search("少年阅读法第三条", 9, scope=WHOLE) if hit.exact
        ] == [1]

    def test_a_document_number_in_any_bracket_is_exact(self, index: LexicalIndex) -> None:
        add = [
            entry(1, "关于延长开放时间的通知", number="馆发〔2023〕12号"),
            entry(2, "关于延长开放时间的通知，参见馆发〔2023〕12号", number="馆发〔2023〕13号"),
        ]
        index.update(remove=NOTHING, add=add)
        for query in ("馆发〔2023〕12号", "馆发[2023]12号", "找馆发（２０２３）第１２号"):
            hits = index.search(query, 2, scope=WHOLE)
            assert [(hit.passage_id, hit.exact) for hit in hits] == [(1, True), (2, False)]

    def test_exact_hits_obey_the_filter_and_k(self, index: LexicalIndex) -> None:
        add = [entry(i, "开放" * (9 - i), document=i % 2, title="开放办法") for i in range(6)]
        index.update(remove=NOTHING, add=[*add, entry(7, "开放 开放办法", document=1)])
        hits = index.search("开放办法", 2, scope=of(1))
        assert all(hit.exact for hit in hits)
        assert len(hits) == 2
        everything = index.search("开放办法", 9, scope=of(1))
        assert [hit.exact for hit in everything] == [True, True, True, False]
        assert set(found(everything)) == {1, 3, 5, 7}

    def test_a_long_query_works(self, index: LexicalIndex) -> None:
        index.update(remove=NOTHING, add=[entry(1, "读者"), entry(2, "馆舍")])
        strange = "".join(chr(0x4E00 + i) for i in range(900))
        assert found(index.search(strange + "，读者" * 50, 5, scope=WHOLE)) == [1]

    def test_threads_search_while_one_writes(self, index: LexicalIndex) -> None:
        index.update(remove=NOTHING, add=[entry(i, "读者借书") for i in range(50)])
        wrong: list[list[int]] = []

        def look() -> None:
            for _ in range(60):
                if (hits := found(index.search("借书", 5, scope=WHOLE))) != [0, 1, 2, 3, 4]:
                    wrong.append(hits)

        threads = [threading.Thread(target=look) for _ in range(3)]
        for thread in threads:
            thread.start()
        for i in range(50, 54):
            index.update(remove=NOTHING, add=[entry(i, "读者借书")])
        for thread in threads:
            thread.join()
        assert wrong == []
        assert len(index) == 54

    def test_tells_how_many_passages_hold_a_term(self, index: LexicalIndex) -> None:
        index.update(remove=NOTHING, add=[entry(1, "猫猫"), entry(2, "猫狗"), entry(3, "Covid-19")])
        assert index.frequencies(["猫", "猫狗", "covid", "鱼"], scope=WHOLE) == [2, 1, 1, 0]
        assert index.frequencies([], scope=WHOLE) == []

    def test_frequencies_count_what_the_scope_admits_and_nothing_removed(
        self, index: LexicalIndex
    ) -> None:
        texts = ["猫狗", "猫", "鱼"]
        index.update(remove=NOTHING, add=[entry(i, t, document=i) for i, t in enumerate(texts)])
        assert index.frequencies(["猫", "狗", "鱼"], scope=of(1, 2)) == [1, 0, 1]
        assert (index.count(scope=of(1, 2)), index.count(scope=WHOLE)) == (2, 3)
        index.update(remove=ids(0, 2), add=[])
        assert index.frequencies(["猫", "狗", "鱼"], scope=WHOLE) == [1, 0, 0]
        assert (index.count(scope=of(1, 2)), index.count(scope=WHOLE)) == (1, 1)

    def test_a_longer_name_outside_the_scope_pushes_no_exact_hit_out(
        self, index: LexicalIndex
    ) -> None:
        add = [
            entry(1, "甲", title="教育法", heading=("第三条",), document=1),
            entry(2, "甲", title="义务教育法", heading=("第三条",), document=2),
        ]
        index.update(remove=NOTHING, add=add)
        exact = {
            hit.passage_id for hit in index.search("义务教育法第三条", 5, scope=WHOLE) if hit.exact
        }
        assert exact == {2}
        assert [h.exact for h in index.search("义务教育法第三条", 5, scope=of(1))] == [True]

    def test_each_form_of_a_word_finds_the_other(
        self, index: LexicalIndex, table: TableInHand
    ) -> None:
        texts = ["市读工局的电话", f"市{OFFICE}的电话", "市图书馆的电话"]
        index.update(remove=NOTHING, add=[entry(i, text) for i, text in enumerate(texts)])
        before = found(index.search("读工局电话", 1, scope=WHOLE))
        table.synonyms = Synonyms((("读工局", OFFICE),))
        assert before == found(index.search("读工局电话", 1, scope=WHOLE)) == [0]
        assert found(index.search("读工局电话", 9, scope=WHOLE)) == [0, 1, 2]
        assert found(index.search(f"{OFFICE}电话", 9, scope=WHOLE)) == [1, 0, 2]
        assert index.search("ＲＦＩＤ", 9, scope=WHOLE) == []

    def test_a_passage_with_both_forms_is_no_better_than_with_one(
        self, index: LexicalIndex, table: TableInHand
    ) -> None:
        table.synonyms = Synonyms((("馆办", "总务科"),))
        add = [entry(1, "馆办，总务科"), entry(2, "馆办，阅览室"), entry(3, "总务科，阅览")]
        index.update(remove=NOTHING, add=add)
        scores = {hit.passage_id: hit.score for hit in index.search("馆办", 9, scope=WHOLE)}
        assert scores[1] == scores[2] > scores[3] > 0

    def test_a_part_of_a_form_that_nobody_typed_says_nothing(
        self, index: LexicalIndex, table: TableInHand
    ) -> None:
        index.update(remove=NOTHING, add=[entry(1, OFFICE), entry(2, OFFICE[:5]), entry(3, "无")])
        table.synonyms = Synonyms((("馆办", OFFICE),))
        assert found(index.search("馆办", 9, scope=WHOLE)) == [1]

    def test_other_forms_obey_the_filter(self, index: LexicalIndex, table: TableInHand) -> None:
        table.synonyms = Synonyms((("馆办", OFFICE), ("书证", "借阅证")))
        add = [entry(i, f"{OFFICE}的借阅证", document=i % 2) for i in range(6)]
        index.update(remove=NOTHING, add=add)
        assert found(index.search("馆办的书证", 2, scope=of(1))) == [1, 3]

    def test_a_law_goes_by_its_abbreviation(self, index: LexicalIndex, table: TableInHand) -> None:
        table.synonyms = Synonyms((("图借法", "图书借阅法"), ("馆发", "图书馆发")))
        add = [
            entry(i, "规定如下", title=LAW, heading=(f"第{n}条",)) for i, n in enumerate("二三四")
        ]
        add.append(entry(9, "图借法第三条的解读", title="解读", number="图书馆发〔2023〕3号"))
        index.update(remove=NOTHING, add=add)
        for query in ("图借法第三条", "按《图借法》第3条第一款", "圖借法３條"):
            hits = index.search(query, 9, scope=WHOLE)
            assert [hit.passage_id for hit in hits if hit.exact] == [1], query
        number = index.search("馆发[2023]3号", 9, scope=WHOLE)
        assert [hit.passage_id for hit in number if hit.exact] == [9]

    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,  # `make` gives a new index each time
            HealthCheck.differing_executors,  # one suite, several subclasses
        ],
    )
    @given(changes=changes)
    def test_holds_what_a_dictionary_holds(
        self,
        make: Callable[[], LexicalIndex],
        changes: list[tuple[set[int], list[tuple[int, str]]]],
    ) -> None:
        index, held = make(), dict[int, str]()
        for remove, add in changes:
            index.update(remove=ids(*sorted(remove)), add=[entry(id_, text) for id_, text in add])
            held = {id_: text for id_, text in held.items() if id_ not in remove} | dict(add)
            assert index.ids().tolist() == sorted(held)
            assert len(index) == len(held)
            for word in ("猫", "狗"):
                expected = {id_ for id_, text in held.items() if word in text}
                assert set(found(index.search(word, 20, scope=WHOLE))) == expected
