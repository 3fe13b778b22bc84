"""Words that were blanked, erased or discarded do not come back out of what a brief said before."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from briefs.clearing import words_of
from briefs.errors import DiscardedSourceError
from briefs.model import Brief, Statement, StatementKind
from briefs.schema import revisions, searches, statements
from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.roles import Role
from knowledge.clearing import Choice, places
from knowledge.store.discarding import wipe
from knowledge.store.engine import writing
from tests.homes import blanking_all, open_account, second_person

K = StatementKind
PHONE = "13812345678"
NAME = "欧阳慕容雪"


def opinion(text: str) -> Statement:
    return Statement(K.JUDGEMENT, text)


def _saved(bench: Workbench, brief: Brief, lines: Sequence[Statement], title: str = "") -> Brief:
    return bench.editing.save(brief, title=title or brief.title, lines=lines, actor=bench.actor)


def _kept(bench: Workbench) -> str:
    """All that is kept of revisions."""
    with bench.engine.connect() as connection:
        return "\n".join(
            f"{row.title} {row.content}" for row in connection.execute(select(revisions))
        )


def _in_files(bench: Workbench, word: str) -> bool:
    return any(word.encode() in path.read_bytes() for path in bench.home.glob("zhiku.db*"))


def _published(bench: Workbench, brief: Brief) -> Brief:
    choice = blanking_all(words_of(brief).texts)
    bench.publishing.publish(brief.id, actor=bench.actor, choice=choice)
    return bench.briefs.get(brief.id)


# Blanked on publishing


def test_what_is_blanked_on_publishing_is_blanked_in_every_revision(filled: Workbench) -> None:
    first = filled.editing.create(
        f"请致电{PHONE}", [opinion(f"电话{PHONE}，应当落实。"), opinion("甲。")], actor=filled.actor
    )
    reworded = [
        replace(first.statements[0], text="电话 138 1234 5678，应予落实。"),
        first.statements[1],
    ]
    second = _saved(filled, first, reworded)
    third = _published(filled, second)
    assert third.revision == 3
    assert PHONE not in _kept(filled)
    assert "1234 5678" not in _kept(filled)
    assert filled.history.at(first.id, 1).title == "请致电□□"
    # Taking it back finds nothing to take back.
    assert filled.history.undo(third, 3, actor=filled.actor) == third
    told = filled.history.undo(third, 2, actor=filled.actor).statements[0].text
    assert told == "电话□□，应当落实。"


def test_who_has_it_on_their_screen_does_not_bring_it_back(filled: Workbench) -> None:
    read = filled.editing.create(
        f"请致电{PHONE}", [opinion(f"电话{PHONE}，应当落实。"), opinion("甲。")], actor=filled.actor
    )
    _published(filled, read)
    lines = [read.statements[0], replace(read.statements[1], text="甲改。")]
    saved = filled.editing.save(read, title=read.title, lines=lines, actor=second_person(filled))
    assert saved.title == "请致电□□"
    assert [line.text for line in saved.statements] == ["电话□□，应当落实。", "甲改。"]
    assert PHONE not in _kept(filled)


def test_what_was_let_stand_elsewhere_stays_as_it_is(filled: Workbench) -> None:
    brief = filled.editing.create(
        "题", [opinion(f"电话{PHONE}。"), opinion(f"热线{PHONE}。")], actor=filled.actor
    )
    texts = words_of(brief).texts
    chosen = frozenset(place for place in places(texts) if place.text == 1)
    choice = Choice(blank=chosen, reason="公开的热线")
    filled.publishing.publish(brief.id, actor=filled.actor, choice=choice)
    now = filled.briefs.get(brief.id)
    assert [line.text for line in now.statements] == ["电话□□。", f"热线{PHONE}。"]
    # The revision says what the brief says: else nothing could be changed or taken back.
    assert filled.history.at(brief.id, 1).statements[1] == now.statements[1]
    changed = _saved(filled, now, [now.statements[0]])
    assert filled.history.undo(changed, 3, actor=filled.actor).statements == now.statements


def test_a_quotation_keeps_its_words_in_every_revision(filled: Workbench) -> None:
    quote = filled.editing.quote(1)
    brief = filled.editing.create("题", [quote, opinion(f"电话{PHONE}。")], actor=filled.actor)
    other = filled.editing.create("别的", [opinion(f"电话{PHONE}。")], actor=filled.actor)
    _published(filled, brief)
    assert filled.history.at(brief.id, 1).statements[0].text == quote.text
    # Another brief has not been decided on.
    assert filled.history.at(other.id, 1).statements[0].text == f"电话{PHONE}。"


# Erased


def test_an_erased_person_is_in_no_former_wording(filled: Workbench) -> None:
    account = open_account(filled, NAME, Role.LIBRARIAN)
    old = filled.editing.create(f"{NAME}的题", [opinion(f"由{NAME}负责。")], actor=filled.actor)
    old = _saved(filled, old, [replace(old.statements[0], text="由专人负责。")], "题")
    still = filled.editing.create("题", [opinion(f"{NAME}认为可行。")], actor=filled.actor)
    still = _saved(filled, still, [*still.statements, opinion("丙。")])
    before = filled.briefs.get(still.id)
    erased = filled.erasing.erase_person(
        account.person_id, confirm=NAME, called="已删除的人员", actor=filled.actor
    )
    # What a brief says today is the desk's to reword, and is named.
    assert erased.briefs == (still.id,)
    assert erased.is_wiped
    assert filled.briefs.get(still.id) == before
    assert filled.history.at(still.id, 1).statements[0].text == f"{NAME}认为可行。"
    assert filled.history.at(old.id, 1).title == "□□的题"
    assert filled.history.at(old.id, 1).statements[0].text == "由□□负责。"
    assert filled.history.undo(old, 2, actor=filled.actor).statements[0].text == "由□□负责。"


def test_an_erased_person_is_gone_from_the_files_too(filled: Workbench) -> None:
    account = open_account(filled, NAME, Role.LIBRARIAN)
    brief = filled.editing.create("题", [opinion(f"由{NAME}负责。")], actor=filled.actor)
    _saved(filled, brief, [replace(brief.statements[0], text="由专人负责。")])
    erased = filled.erasing.erase_person(
        account.person_id, confirm=NAME, called="已删除的人员", actor=filled.actor
    )
    assert erased.briefs == ()
    assert not _in_files(filled, NAME)


# Discarded


def _discard(bench: Workbench, version_id: int) -> None:
    sha256 = bench.documents.version(version_id).sha256
    with writing(bench.engine).begin() as connection:
        wipe(connection, sha256, branch_id=bench.actor.branch_id)


def _bereft(bench: Workbench) -> tuple[Brief, Brief, str]:
    """A brief before and after the file that it quotes was discarded, and the words."""
    quote = bench.editing.quote(1)
    told = replace(quote, kind=K.PARAPHRASE)
    own = replace(told, text="全文大意如此。")
    before = bench.editing.create("题", [quote, told, own, opinion("甲。")], actor=bench.actor)
    support = bench.supporting.find(quote.text)
    bench.trail.note_support(
        before.id, support, actor=bench.actor, statement_id=before.statements[0].id
    )
    _discard(bench, quote.evidence[0].version_id)
    return before, bench.briefs.get(before.id), quote.text


def test_words_of_a_discarded_file_are_in_no_statement(filled: Workbench) -> None:
    _, now, words = _bereft(filled)
    # Those who said it in words of their own keep these.
    assert [line.text for line in now.statements] == ["", "", "全文大意如此。", "甲。"]
    with filled.engine.connect() as connection:
        told = [
            *connection.execute(select(statements.c.text)).scalars(),
            *connection.execute(select(searches.c.query)).scalars(),
        ]
    assert not any(words in text for text in told)
    assert words not in _kept(filled)


def test_the_rest_of_such_a_brief_can_be_changed(filled: Workbench) -> None:
    before, now, words = _bereft(filled)
    # From a screen with the words on it, too: they are not saved anew.
    for read, text in ((before, "乙。"), (None, "丙。")):
        brief = read or filled.briefs.get(now.id)
        saved = _saved(
            filled, brief, [*brief.statements[:3], replace(brief.statements[3], text=text)]
        )
        assert [line.text for line in saved.statements] == ["", "", "全文大意如此。", text]
        assert words not in _kept(filled)
    moved = _saved(filled, saved, saved.statements[::-1])
    assert [line.text for line in moved.statements] == ["丙。", "全文大意如此。", "", ""]
    assert [line.text for line in _saved(filled, moved, moved.statements[:1]).statements] == [
        "丙。"
    ]


def test_what_rests_on_a_discarded_file_is_neither_changed_nor_published(filled: Workbench) -> None:
    _, now, _ = _bereft(filled)
    lines = list(now.statements)
    lines[2] = replace(lines[2], text="全文大意并非如此。")
    with pytest.raises(DiscardedSourceError, match="Statement 3"):
        _saved(filled, now, lines)
    with pytest.raises(DiscardedSourceError, match="Statement 1"):
        filled.editing.check(now)
    with pytest.raises(DiscardedSourceError):
        filled.publishing.publish(now.id, actor=filled.actor)
    assert len(filled.publishing.preview(now.id).lines) == 4
    assert filled.briefs.get(now.id) == now
    lines[2] = replace(lines[2], evidence=(), kind=K.JUDGEMENT)
    assert _saved(filled, now, lines).revision == now.revision + 1


# Sent twice


def test_a_save_that_is_sent_again_adds_nothing(filled: Workbench) -> None:
    brief = filled.editing.create("题", [opinion("甲。")], actor=filled.actor)
    lines = [*brief.statements, opinion("乙。"), filled.editing.quote(1)]
    once = _saved(filled, brief, lines)
    again = filled.editing.save(brief, title="题", lines=lines, actor=second_person(filled))
    assert again == once
