"""Askers expire and persons are erased, down to the bytes of the files; the log stays whole."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.actions import Action
from knowledge.accounts.audit import Search
from knowledge.accounts.errors import (
    LastAdministratorError,
    NotPermittedError,
    WrongCredentialsError,
)
from knowledge.accounts.roles import GRANTS, Permission, Role
from knowledge.accounts.signing_in import Place
from knowledge.askers import Asker
from knowledge.clearing import Choice
from knowledge.erasing import Erasing
from knowledge.errors import NotConfirmedError, UnknownRecordError
from knowledge.model import Actor
from tests.homes import PASSWORD, open_account

ASKER = Asker(name="诸葛玉兰", contact="17712345678", organisation="红星农机站", consent=True)
TOLD = ("诸葛玉兰", "17712345678", "红星农机站")
HERE = Place("10.0.0.9", "a browser of somebody")


def _in_files(bench: Workbench, *words: str) -> list[str]:
    """Which of the words stand in the database's files."""
    files = [path.read_bytes() for path in bench.home.glob("zhiku.db*")]
    return [word for word in words if any(word.encode() in data for data in files)]


def _asked(bench: Workbench) -> int:
    question = f"我叫{ASKER.name}，电话{ASKER.contact}，问补助。"
    return bench.desk.ask(question, actor=bench.actor, asker=ASKER).id


def test_an_expired_asker_is_gone_from_the_files_of_the_database(filled: Workbench) -> None:
    inquiry = _asked(filled)
    filled.desk.answer(inquiry, f"{ASKER.name}您好，见通知。", evidence=(), actor=filled.actor)
    assert _in_files(filled, *TOLD) == list(TOLD)
    assert filled.erasing.due(actor=filled.actor) == 0
    assert filled.erasing.expire(actor=filled.actor).ids == ()
    assert _in_files(filled, *TOLD) == list(TOLD)
    later = Erasing(filled.engine, clock=lambda: filled.clock() + timedelta(days=366))
    assert later.due(actor=filled.actor) == 1
    (due,) = later.askers(actor=filled.actor, only_due=True)
    erased = later.expire(actor=filled.actor)
    assert erased.ids == (due.id,)
    assert erased.is_wiped
    assert _in_files(filled, *TOLD) == []
    assert filled.desk.inquiry(inquiry, actor=filled.actor).question == "我叫□□，电话□□，问补助。"
    assert filled.desk.answers_to(inquiry, actor=filled.actor)[0].text == "□□您好，见通知。"
    asker = filled.askers.of(inquiry, actor=filled.actor)
    assert asker is not None
    assert (asker.name, asker.contact, asker.organisation) == (None, None, None)
    assert later.due(actor=filled.actor) == 0
    assert filled.audit.verify().broken_at is None


def test_wiping_says_so_when_somebody_reads_all_the_while(filled: Workbench) -> None:
    _asked(filled)
    reader = sqlite3.connect(filled.home / "zhiku.db")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM people").fetchone()
    with filled.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    erased = filled.erasing.erase_asker(1, confirm="asker:1", actor=filled.actor)
    assert not erased.is_wiped
    reader.close()
    assert filled.erasing.wipe(actor=filled.actor)
    assert _in_files(filled, *TOLD) == []


def test_an_accepted_answer_that_still_names_the_asker_is_reported(filled: Workbench) -> None:
    inquiry = filled.desk.ask("问补助", actor=filled.actor, asker=ASKER)
    text = f"{ASKER.name}女士捐赠了图纸。"
    answer = filled.desk.answer(inquiry.id, text, evidence=(), actor=filled.actor)
    choice = Choice(reason="捐赠人同意署名")
    document = filled.desk.accept(answer, actor=filled.actor, choice=choice)
    erased = filled.erasing.erase_asker(1, confirm="asker:1", actor=filled.actor)
    assert erased.documents == (document.id,)


def test_erasing_needs_the_words_that_confirm_it(filled: Workbench) -> None:
    _asked(filled)
    account = open_account(filled, "上官玉兰", Role.LIBRARIAN)
    for confirm in ("", "asker:2", "诸葛玉兰"):
        with pytest.raises(NotConfirmedError):
            filled.erasing.erase_asker(1, confirm=confirm, actor=filled.actor)
    with pytest.raises(NotConfirmedError):
        filled.erasing.erase_person(
            account.person_id, confirm="别人", called="某", actor=filled.actor
        )
    assert _in_files(filled, *TOLD, "上官玉兰") == [*TOLD, "上官玉兰"]


def test_an_erased_person_leaves_their_records_and_no_name(filled: Workbench) -> None:
    account = open_account(filled, "上官玉兰", Role.LIBRARIAN)
    filled.signing_in.sign_in("上官玉兰", PASSWORD, place=HERE)
    document = filled.ingest.add(
        "甲乙丙丁。".encode(), "甲.txt", source="upload:甲.txt", actor=account.actor
    ).document_id
    entries = filled.audit.verify().entries
    erased = filled.erasing.erase_person(
        account.person_id, confirm="上官玉兰", called="已删除 7", actor=filled.actor
    )
    assert erased.is_wiped
    assert _in_files(filled, "上官玉兰", HERE.device) == []
    assert filled.people.name(account.person_id) == "已删除 7"
    kept = filled.signing_in.register.get(account.person_id)
    assert not kept.is_open
    assert (kept.roles, kept.has_password, kept.level) == (frozenset(), False, None)
    assert filled.documents.get(document or 0).stamp.made_by == account.person_id
    with pytest.raises(WrongCredentialsError):
        filled.signing_in.sign_in("上官玉兰", PASSWORD, place=HERE)
    verdict = filled.audit.verify()
    assert verdict.broken_at is None
    assert verdict.entries > entries


def test_the_last_administrator_stays(filled: Workbench) -> None:
    account = open_account(filled, "管理", Role.ADMINISTRATOR)
    with pytest.raises(LastAdministratorError):
        filled.erasing.erase_person(
            account.person_id, confirm="管理", called="某", actor=filled.actor
        )
    other = open_account(filled, "管理乙", Role.ADMINISTRATOR)
    filled.erasing.erase_person(account.person_id, confirm="管理", called="某", actor=other.actor)
    assert not filled.signing_in.register.get(account.person_id).is_open


def test_who_may_not_erase_learns_nothing_and_changes_nothing(filled: Workbench) -> None:
    _asked(filled)
    erasing, data = filled.erasing, filled.personal_data
    services: list[Callable[[Actor], object]] = [
        lambda actor: erasing.askers(actor=actor),
        lambda actor: erasing.due(actor=actor),
        lambda actor: erasing.expire(actor=actor),
        lambda actor: erasing.wipe(actor=actor),
        lambda actor: erasing.erase_asker(1, confirm="asker:1", actor=actor),
        lambda actor: erasing.erase_person(1, confirm="", called="某", actor=actor),
        lambda actor: data.of_person(1, actor=actor),
        lambda actor: data.of_asker(1, actor=actor),
    ]
    without = frozenset(Permission) - {Permission.ERASE}
    for permissions in (without, GRANTS[Role.DIRECTOR], frozenset[Permission]()):
        for service in services:
            with pytest.raises(NotPermittedError):
                service(replace(filled.actor, permissions=permissions))
    with pytest.raises(UnknownRecordError):
        filled.erasing.erase_asker(9, confirm="asker:9", actor=filled.actor)
    with pytest.raises(UnknownRecordError):
        filled.personal_data.of_asker(9, actor=filled.actor)


def test_a_persons_data_is_whole_and_opens_nothing(filled: Workbench, tmp_path: Path) -> None:
    account = open_account(filled, "上官玉兰", Role.LIBRARIAN)
    token = filled.signing_in.sign_in("上官玉兰", PASSWORD, place=HERE)
    actor = replace(account.actor, address="10.0.0.9")
    document = filled.ingest.add(
        "甲乙丙丁。".encode(), "甲.txt", source="upload:甲.txt", actor=actor
    ).document_id
    inquiry = filled.desk.ask("问", actor=actor)
    told = filled.personal_data.of_person(account.person_id, actor=filled.actor).as_json()
    found = json.loads(told)
    (about,) = found["account"]
    assert (about["name"], about["login"], about["branch"]) == (
        "上官玉兰",
        "上官玉兰",
        filled.settings.library,
    )
    assert [each["address"] for each in found["sessions"]] == ["10.0.0.9"]
    assert {"kind": "documents", "id": str(document), "as": "made_by"} in found["records"]
    assert {"kind": "inquiries", "id": str(inquiry.id), "as": "made_by"} in found["records"]
    assert {each["action"] for each in found["deeds"]} >= {"sign-in", "ask"}
    assert {each["action"] for each in found["deeds_about_the_account"]} >= {"open-account"}
    assert "argon2" not in told
    assert token not in told
    assert "password" not in about
    (entry,) = filled.audit.entries(Search(action=Action.EXPORT_PERSON), limit=9)
    assert entry.deed.record == account.person_id


def test_an_askers_data_holds_their_questions_and_answers(filled: Workbench) -> None:
    inquiry = _asked(filled)
    filled.desk.answer(inquiry, "见通知。", evidence=(), actor=filled.actor)
    found = json.loads(filled.personal_data.of_asker(1, actor=filled.actor).as_json())
    assert [found["asker"][0][key] for key in ("name", "contact", "organisation")] == list(TOLD)
    assert ASKER.name in found["inquiries"][0]["question"]
    assert [each["text"] for each in found["answers"]] == ["见通知。"]
    filled.erasing.erase_asker(1, confirm="asker:1", actor=filled.actor)
    after = filled.personal_data.of_asker(1, actor=filled.actor).as_json()
    assert not any(word in after for word in TOLD)
