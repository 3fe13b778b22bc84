"""What a search says of what it found: for whom, under which filter, and from which signs."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.reasons import sureness
from briefs.workbench.wording import wording
from knowledge.access import KEEPER, PUBLIC, WHOLE, Scope, Viewer
from knowledge.certainty import Findings, Judge, Searched
from knowledge.filter import Filter
from knowledge.lexical import TantivyIndex
from knowledge.lookups import Standing
from knowledge.model import (
    Access,
    Metadata,
    PageText,
    PassageDraft,
    Reading,
    Span,
    Stamp,
    Version,
)
from knowledge.protocols import LexicalHit
from knowledge.retrieval import Retriever
from knowledge.store.documents import Documents
from knowledge.store.engine import writing
from knowledge.store.passages import Passages
from knowledge.store.schema import versions
from knowledge.weighing import Signs
from tests.homes import START, take_out

HIDDEN = "备用水源在电梯井旁，由水务部门保管。"
ENGLISH = "Branch libraries lend bicycles and large-print books to older readers every week."


def _add(home: Workbench, text: str, access: Access = Access.PUBLIC) -> Version:
    reading = Reading(
        "text/plain", paged=False, pages=(PageText(text),), metadata=Metadata(title="说明")
    )
    version = Documents(home.engine, KEEPER).add_version(
        reading,
        [PassageDraft(text, (Span(1, 0, len(text)),))],
        document_id=None,
        source=f"test:{text}",
        file=("a.txt", "0" * 64, 1),
        stamp=Stamp(1, access, 1, START),
    )
    home.index()
    return version


def _retriever(home: Workbench, viewer: Viewer) -> Retriever:
    return Retriever(
        Documents(home.engine, viewer),
        Passages(home.engine, viewer),
        lexical=home.lexical,
        dense=None,
    )


def test_what_a_viewer_may_not_see_gives_no_word_away(filled: Workbench) -> None:
    public, query = _retriever(filled, PUBLIC), "水务部门保管的备用水源"
    before = public.ask(query)
    _add(filled, HIDDEN, Access.NAMED)
    after = public.ask(query)
    assert after.unknown == before.unknown != ()
    assert before.signs is not None
    assert after.signs == before.signs
    assert after.certainty == before.certainty
    assert _retriever(filled, KEEPER).ask(query).unknown == ()


def test_rarity_counts_only_what_a_viewer_may_see(filled: Workbench) -> None:
    public = Scope(PUBLIC)
    before = filled.lexical.frequencies(["电梯", "水务"], scope=public)
    _add(filled, HIDDEN, Access.NAMED)
    assert filled.lexical.frequencies(["电梯", "水务"], scope=public) == before
    assert filled.lexical.frequencies(["水务"], scope=WHOLE) == [1]


def test_a_removed_document_leaves_no_word_behind(filled: Workbench) -> None:
    version, query = _add(filled, HIDDEN), "备用水源"
    assert filled.lexical_retriever.ask(query).unknown == ()
    take_out(filled, version.document_id)
    filled.index()
    assert filled.lexical_retriever.ask(query).unknown == (query,)


def test_a_filter_leaves_out_the_words_of_others(filled: Workbench) -> None:
    (first, *_) = filled.lexical_retriever.search("养老服务站")
    only = Filter(documents=frozenset({first.document.id}))
    found = filled.lexical_retriever.ask("电梯", selection=only)
    assert found.is_filtered
    assert found.unknown == ("电梯",) or not found.every
    assert filled.lexical_retriever.ask("电梯").unknown == ()


def test_words_count_where_one_first_result_is_in_the_querys_script(filled: Workbench) -> None:
    _add(filled, ENGLISH)
    judge = Judge(filled.lexical)
    english, chinese = (
        filled.lexical_retriever.search(query)[0] for query in ("bicycles", "电梯补助")
    )
    searched = Searched(scope=WHOLE, nearest=0.9)
    assert judge.signs("区块链", [english], searched=searched).across
    assert not judge.signs("区块链", [english, chinese], searched=searched).across


@pytest.mark.parametrize("query", ["...", "？？？", "——", "\udce4"])
def test_what_has_no_word_is_never_answered(filled: Workbench, query: str) -> None:
    found = filled.retriever.ask(query)
    assert not found.answered
    assert found.certainty == 0.0


def test_bytes_that_are_no_text_are_passed_over(filled: Workbench) -> None:
    found = filled.retriever.ask("加装电梯\udce4\udcb8")
    assert found.results[0].document.title.endswith("加装电梯的通知")
    assert filled.retriever.search("加装电梯\udce4")


def test_a_version_that_is_kept_back_meanwhile_is_left_out(
    filled: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = filled.of(replace(filled.actor, permissions=frozenset(), person_id=99))
    retriever = nobody.lexical_retriever
    first, *rest = retriever.search("公共图书馆 养老 电梯")
    look = TantivyIndex.search
    closing = update(versions).where(versions.c.id == first.version.id)
    closing = closing.values(access=Access.NAMED.value)

    def kept_back(self: TantivyIndex, query: str, k: int, *, scope: Scope) -> list[LexicalHit]:
        found = look(self, query, k, scope=scope)
        with writing(filled.engine).begin() as connection:
            connection.execute(closing)
        return found

    # Between the look into the index and the reading of what it found.
    monkeypatch.setattr(TantivyIndex, "search", kept_back)
    found = retriever.search("公共图书馆 养老 电梯")
    left = [each.passage.id for each in rest if each.version.id != first.version.id]
    assert [each.passage.id for each in found][: len(left)] == left
    assert all(each.version.id != first.version.id for each in found)
    assert [each.rank for each in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize(("language", "denies"), [("zh", "没有提到"), ("en", "do not mention")])
def test_what_is_mentioned_is_never_said_to_be_unmentioned(language: str, denies: str) -> None:
    said = set()
    for standing in (Standing.MENTIONED, Standing.ABSENT):
        signs = Signs(0.1, 0.1, 0.0, name="某条例", standing=standing)
        sentence = sureness(wording(language), Findings((), (), 0.0, answered=False, signs=signs))
        said.add(sentence)
        assert (denies in sentence) is (standing is Standing.ABSENT)
    assert len(said) == 2
