"""Whatever a person changes stands in the log: by whom, from where, and in no words of theirs."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

import briefs
import knowledge
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.deeds import KINDS, action_in_words
from briefs.workbench.settings import LANGUAGES
from briefs.workbench.wording import wording
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Entry, Search
from knowledge.accounts.roles import Permission, Role, permissions_of
from tests.security.services import SERVICES

_FROM: Final = "10.9.8.7"
"""Address of whoever is watched."""
_QUIET: Final = {
    "editing.append": "nothing is appended here, and what is stored already makes no revision",
    "trail.note_search": "the trail itself says who searched what and when, and is not rewritten",
    "trail.note_act": "as trail.note_search",
    "trail.note_support": "as trail.note_search",
    "trail.note_draft": "as trail.note_search",
    "trail.note_conflicts": "as trail.note_search",
    "trail.reject": "as trail.note_search",
    "rereading.reread": "the document is as it was: nothing is written; see test_rereading",
}
"""Writes that leave no deed, and why."""
_ENTERED: Final = re.compile(
    r"""(?:_log\((?:\s*connection,)?|_deed\(|Deed\(\s*action=|Deed\.by\(\s*[\w.]+,)\s*"([^"]+)\""""
)
_OF_KIND: Final = re.compile(
    r"""(?:Deed\.by\([^()]*|Deed\([^()]*|deed\.of\(\s*)(?:kind=)?"(\w+)\""""
)
_NO_WORDS: Final = re.compile(r"[\w. -]*", re.ASCII)


def _entries(bench: Workbench) -> list[Entry]:
    return [each for each in bench.audit.every(Search()) if each.deed.address == _FROM]


@pytest.mark.parametrize("name", [name for name, guarded in SERVICES.items() if guarded.is_write])
def test_it_leaves_a_deed(filled: Workbench, tmp_path: Path, name: str) -> None:
    guarded = SERVICES[name]
    allowed = frozenset({guarded.permission, Permission.READ_STAFF})
    actor = replace(filled.actor, permissions=allowed, address=_FROM, is_operator=False)
    guarded.call(filled, actor, tmp_path)
    entries = _entries(filled)
    assert bool(entries) != (name in _QUIET), [entry.deed for entry in entries]
    for entry in entries:
        assert entry.deed.action in list(Action)
        assert entry.deed.kind is None or entry.deed.kind in KINDS
        assert entry.deed.person_id == actor.person_id
        for value in entry.deed.details.values():
            assert not isinstance(value, str) or _NO_WORDS.fullmatch(value), entry.deed
    assert filled.audit.verify().broken_at is None


def test_what_is_refused_leaves_none(filled: Workbench, tmp_path: Path) -> None:
    for name in ("library.confirm", "ingest.upload", "seconding.ask_removal", "logbook.export"):
        guarded = SERVICES[name]
        nobody = replace(filled.actor, permissions=frozenset[Permission](), address=_FROM)
        with pytest.raises(Exception, match="may not do this"):
            guarded.call(filled, nobody, tmp_path)
    assert _entries(filled) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_action_and_kind_has_words(language: str) -> None:
    words = wording(language)
    said = {action: action_in_words(words, action) for action in Action}
    assert [action for action, told in said.items() if told == action] == []
    assert len(set(said.values())) == len(said)
    for kind in KINDS:
        assert words(f"deed.kind.{kind}") != f"deed.kind.{kind}"


def _sources() -> Iterator[str]:
    for package in (briefs, knowledge):
        for path in Path(package.__path__[0]).rglob("*.py"):
            yield path.read_text(encoding="utf-8")


def test_no_other_action_is_entered() -> None:
    found = {action for text in _sources() for action in _ENTERED.findall(text)}
    assert found <= set(Action), found - set(Action)
    kinds = {kind for text in _sources() for kind in _OF_KIND.findall(text)}
    assert kinds
    assert kinds <= set(KINDS), kinds - set(KINDS)


def test_every_action_is_entered_by_some_line() -> None:
    text = "\n".join(_sources())
    composed = re.compile("(remove-document|withdraw-edition)-")
    unused = [
        action
        for action in Action
        if f"Action.{action.name}" not in text
        and f'"{action.value}"' not in text.replace(f'= "{action.value}"', "")
        and not composed.match(action)
    ]
    assert unused == []


def test_who_may_ask_for_a_removal_may_ask_for_a_withdrawal() -> None:
    """The page of both is shown by one permission."""
    for role in Role:
        granted = permissions_of([role])
        assert Permission.REMOVE not in granted or Permission.WITHDRAW in granted
