"""Who comes in by which account through an identity provider; who says so, and what they say."""

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.accounts.audit import Audit, Search
from knowledge.accounts.binding import ADMITTED, Admission, Vouched, key_of
from knowledge.accounts.errors import NotPermittedError, SubjectTakenError, UnknownSubjectError
from knowledge.accounts.register import Account
from knowledge.accounts.roles import Permission, Role, permissions_of
from knowledge.errors import UnknownRecordError
from tests import commands
from tests.unit.accounts.desk import GOOD, HERE, Desk

ISSUER = "https://id.example.org"
KEY = key_of(ISSUER, "s-1")


def came(desk: Desk, subject: str = "s-1", claim: str | None = None) -> Account:
    vouched = Vouched(issuer=ISSUER, subject=subject, claim=claim)
    token = desk.signing_in.sign_in_by(vouched, place=HERE)
    found = desk.signing_in.who(token)
    assert found is not None
    return found.account


def test_an_account_is_one_persons_there(desk: Desk) -> None:
    one, two = desk.open("甲员", Role.LIBRARIAN), desk.open("乙员", Role.LIBRARIAN)
    binding = desk.signing_in.binding
    binding.bind(one.person_id, KEY, actor=desk.operator, at=desk.now)
    assert came(desk).person_id == one.person_id
    with pytest.raises(SubjectTakenError):
        binding.bind(two.person_id, KEY, actor=desk.operator, at=desk.now)
    assert desk.register.get(two.person_id).subject is None
    binding.expect(one.person_id, "E-1", actor=desk.operator, at=desk.now)
    with pytest.raises(SubjectTakenError):
        binding.expect(two.person_id, "Ｅ-1 ", actor=desk.operator, at=desk.now)
    binding.bind(two.person_id, KEY, actor=desk.operator, at=desk.now)
    assert came(desk).person_id == two.person_id


def test_whoever_came_in_before_is_out(desk: Desk) -> None:
    account = desk.open("甲员", Role.LIBRARIAN)
    binding, token = desk.signing_in.binding, desk.signing_in.sign_in("甲员", GOOD, place=HERE)
    binding.bind(account.person_id, KEY, actor=desk.operator, at=desk.now)
    assert desk.signing_in.who(token) is None
    token = desk.signing_in.sign_in_by(Vouched(issuer=ISSUER, subject="s-1"), place=HERE)
    binding.release(account.person_id, actor=desk.operator, at=desk.now)
    assert desk.signing_in.who(token) is None
    with pytest.raises(UnknownSubjectError):
        came(desk)
    assert desk.signing_in.sign_in("甲员", GOOD, place=HERE)


def test_a_closed_account_is_not_bound_at_a_first_coming(desk: Desk) -> None:
    account = desk.open("甲员", Role.LIBRARIAN)
    desk.signing_in.binding.expect(account.person_id, "e-1", actor=desk.operator, at=desk.now)
    desk.register.close(account.person_id, actor=desk.operator, at=desk.now)
    with pytest.raises(UnknownSubjectError):
        came(desk, claim="e-1")
    assert desk.register.get(account.person_id).subject is None


def test_only_who_manages_accounts_says_so(desk: Desk) -> None:
    account = desk.open("甲员", Role.LIBRARIAN)
    for role in set(Role) - {Role.ADMINISTRATOR}:
        other = desk.open(f"某{role.value}", role).actor
        with pytest.raises(NotPermittedError):
            desk.signing_in.binding.bind(account.person_id, KEY, actor=other, at=desk.now)
    with pytest.raises(UnknownRecordError):
        desk.signing_in.binding.bind(999, KEY, actor=desk.operator, at=desk.now)


def test_nobody_is_admitted_who_signs_or_manages(desk: Desk) -> None:
    serious = {
        Permission.PUBLISH,
        Permission.RESTRICT,
        Permission.MANAGE_PEOPLE,
        Permission.ERASE,
        Permission.OPERATE,
        Permission.READ_AUDIT,
        Permission.QUARANTINE,
    }
    assert not permissions_of(ADMITTED) & serious


def test_an_admitted_person_is_a_new_one(desk: Desk) -> None:
    known = desk.open("甲员", Role.DIRECTOR)
    admission = Admission(Role.OFFICIAL, "河湾县图书馆")
    for subject, name in (("s-1", "甲员"), ("s-2", "甲员"), ("s-3", "")):
        vouched = Vouched(issuer=ISSUER, subject=subject, name=name)
        desk.signing_in.sign_in_by(vouched, place=HERE, admission=admission)
    made = [each for each in desk.register.all() if each.subject]
    assert [each.name for each in made] == ["s-3", "甲员 (s-1)", "甲员 (s-2)"]
    assert known.person_id not in {each.person_id for each in made}
    deeds = [entry.deed.action for entry in Audit(desk.engine).every(Search())]
    assert deeds.count("admit-account") == 3
    elsewhere = Admission(Role.OFFICIAL, "没有这个分馆")
    with pytest.raises(UnknownSubjectError):
        desk.signing_in.sign_in_by(
            Vouched(issuer=ISSUER, subject="s-9"), place=HERE, admission=elsewhere
        )


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> commands.Run:
    monkeypatch.setenv("ZHIKU_LANGUAGE", "zh")
    return commands.run(tmp_path / "home", capsys, "account")


def test_on_the_command_line(
    run: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("open", "甲员", "--role", "librarian")
    assert run("bind", "2", "--subject", "s-1")[0] == 1, "no provider is set"
    for name, value in {"ISSUER": ISSUER, "CLIENT": "zhiku", "SECRET": "of two"}.items():
        monkeypatch.setenv(f"ZHIKU_SSO_{name}", value)
    assert run("bind", "2", "--subject", "s-1") == (0, "甲员可以由身份认证服务登录了。\n")
    assert run("bind", "2", "--claim", "e-1")[0] == 0
    assert run("bind", "2", "--release")[0] == 0
    code, said = run("bind", "2", "--subject", "s-1", "--release")
    assert (code, len(said.splitlines())) == (1, 1)
    assert "--subject" in said
