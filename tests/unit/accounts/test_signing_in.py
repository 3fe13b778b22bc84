"""Who is signed in by what, for how long, and how often one may try."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from knowledge.accounts.attempts import BY_ADDRESS, BY_BOTH, BY_NAME, WINDOW
from knowledge.accounts.audit import Audit, Search
from knowledge.accounts.errors import (
    CommonPasswordError,
    NotPermittedError,
    SpentLinkError,
    TooManyAttemptsError,
    WrongCredentialsError,
)
from knowledge.accounts.links import LASTS
from knowledge.accounts.roles import Role
from knowledge.accounts.sessions import IDLE, LONGEST
from knowledge.accounts.signing_in import Place
from tests.unit.accounts.desk import GOOD, HERE, Desk

NEW = "换了一个新的口令"


def test_a_token_stands_for_a_person_until_they_sign_out(desk: Desk) -> None:
    account = desk.open("阅览员", Role.LIBRARIAN)
    token = desk.signing_in.sign_in("阅览员", GOOD, place=HERE)
    signed_in = desk.signing_in.who(token)
    assert signed_in is not None
    assert signed_in.account == account
    assert signed_in.session.device == "a browser"
    desk.signing_in.sign_out(token, place=HERE)
    assert desk.signing_in.who(token) is None
    desk.signing_in.sign_out(token, place=HERE)


def test_a_name_is_one_name_however_it_is_typed(desk: Desk) -> None:
    desk.open("Reader.One", Role.LIBRARIAN)
    assert desk.signing_in.sign_in(" ＲＥＡＤＥＲ.one ", GOOD, place=HERE)


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1 --", "\ud800", "a" * 100_000])
def test_other_tokens_stand_for_nobody(desk: Desk, token: str) -> None:
    desk.open("阅览员", Role.LIBRARIAN)
    assert desk.signing_in.who(token) is None


def test_the_database_does_not_hold_the_token(desk: Desk) -> None:
    desk.open("阅览员", Role.LIBRARIAN)
    token = desk.signing_in.sign_in("阅览员", GOOD, place=HERE)
    with desk.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM sessions")).all()
    assert rows
    assert token not in str(rows)


@pytest.mark.parametrize(
    ("login", "password"), [("阅览员", "错的口令错的口令"), ("无此人", GOOD), ("阅览员", "")]
)
def test_what_was_wrong_is_not_told(desk: Desk, login: str, password: str) -> None:
    desk.open("阅览员", Role.LIBRARIAN)
    with pytest.raises(WrongCredentialsError) as caught:
        desk.signing_in.sign_in(login, password, place=HERE)
    assert str(caught.value).startswith("The name or the password is wrong")


def test_an_account_without_password_signs_nobody_in(desk: Desk) -> None:
    desk.open("新来的", Role.LIBRARIAN, password=None)
    for password in ("", "nobody has this one"):
        with pytest.raises(WrongCredentialsError):
            desk.signing_in.sign_in("新来的", password, place=HERE)


def test_a_session_ends_when_nobody_uses_it(desk: Desk) -> None:
    desk.open("阅览员", Role.LIBRARIAN)
    token = desk.signing_in.sign_in("阅览员", GOOD, place=HERE)
    for _ in range(3):
        desk.now += IDLE - timedelta(minutes=10)
        assert desk.signing_in.who(token)
    desk.now += IDLE + timedelta(minutes=10)
    assert desk.signing_in.who(token) is None


def test_a_session_ends_though_it_is_used(desk: Desk) -> None:
    desk.open("阅览员", Role.LIBRARIAN)
    token = desk.signing_in.sign_in("阅览员", GOOD, place=HERE)
    end = desk.now + LONGEST
    while desk.now <= end:
        assert desk.signing_in.who(token)
        desk.now += IDLE / 2
    assert desk.signing_in.who(token) is None


def test_signing_out_everywhere(desk: Desk) -> None:
    account = desk.open("阅览员", Role.LIBRARIAN)
    tokens = [desk.signing_in.sign_in("阅览员", GOOD, place=HERE) for _ in range(3)]
    assert len(desk.signing_in.sessions(account.person_id)) == 3
    assert desk.signing_in.sign_out_everywhere(account.person_id, actor=account.actor) == 3
    assert not any(desk.signing_in.who(token) for token in tokens)


def test_nobody_signs_others_out_but_an_administrator(desk: Desk) -> None:
    account = desk.open("阅览员", Role.LIBRARIAN)
    other = desk.open("馆长", Role.DIRECTOR)
    token = desk.signing_in.sign_in("阅览员", GOOD, place=HERE)
    with pytest.raises(NotPermittedError):
        desk.signing_in.sign_out_everywhere(account.person_id, actor=other.actor)
    assert desk.signing_in.who(token)
    keeper = desk.open("管理员", Role.ADMINISTRATOR)
    desk.signing_in.sign_out_everywhere(account.person_id, actor=keeper.actor)
    assert desk.signing_in.who(token) is None


def test_a_closed_account_is_out_at_the_next_click(desk: Desk) -> None:
    account = desk.open("阅览员", Role.LIBRARIAN)
    token = desk.signing_in.sign_in("阅览员", GOOD, place=HERE)
    desk.register.close(account.person_id, actor=desk.operator, at=desk.now)
    assert desk.signing_in.who(token) is None
    with pytest.raises(WrongCredentialsError):
        desk.signing_in.sign_in("阅览员", GOOD, place=HERE)
    desk.register.reopen(account.person_id, actor=desk.operator, at=desk.now)
    assert desk.signing_in.who(token) is None
    assert desk.signing_in.sign_in("阅览员", GOOD, place=HERE)


def test_too_many_wrong_passwords_stop_that_name_there_for_a_while(desk: Desk) -> None:
    desk.open("阅览员", Role.LIBRARIAN)
    for _ in range(BY_BOTH):
        with pytest.raises(WrongCredentialsError):
            desk.signing_in.sign_in("阅览员", "错的口令错的口令", place=HERE)
    with pytest.raises(TooManyAttemptsError, match="15 minutes"):
        desk.signing_in.sign_in("阅览员", GOOD, place=HERE)
    assert desk.signing_in.sign_in("阅览员", GOOD, place=Place("10.0.0.8"))
    desk.now += WINDOW + timedelta(seconds=1)
    assert desk.signing_in.sign_in("阅览员", GOOD, place=HERE)


def test_failures_are_forgotten_once_it_succeeds(desk: Desk) -> None:
    desk.open("阅览员", Role.LIBRARIAN)
    for _ in range(3):
        for _ in range(BY_BOTH - 1):
            with pytest.raises(WrongCredentialsError):
                desk.signing_in.sign_in("阅览员", "错的口令错的口令", place=HERE)
        assert desk.signing_in.sign_in("阅览员", GOOD, place=HERE)


def test_many_addresses_do_not_help_to_guess_one_name(desk: Desk) -> None:
    for number in range(BY_NAME):
        with pytest.raises(WrongCredentialsError):
            desk.signing_in.sign_in("馆长", "猜猜猜猜猜猜猜猜", place=Place(f"10.1.0.{number}"))
    with pytest.raises(TooManyAttemptsError):
        desk.signing_in.sign_in("馆长", "猜猜猜猜猜猜猜猜", place=Place("10.1.1.1"))


def test_many_names_do_not_help_one_address(desk: Desk) -> None:
    for number in range(BY_ADDRESS):
        with pytest.raises(WrongCredentialsError):
            desk.signing_in.sign_in(f"name-{number}", "猜猜猜猜猜猜猜猜", place=HERE)
    with pytest.raises(TooManyAttemptsError):
        desk.signing_in.sign_in("another", "猜猜猜猜猜猜猜猜", place=HERE)


def test_a_link_works_once_and_signs_out_everywhere(desk: Desk) -> None:
    account = desk.open("阅览员", Role.LIBRARIAN)
    session = desk.signing_in.sign_in("阅览员", GOOD, place=HERE)
    link = desk.signing_in.link_for(account.person_id, actor=desk.operator)
    assert desk.signing_in.whose_link(link) == account
    with pytest.raises(CommonPasswordError):
        desk.signing_in.set_by_link(link, "password", place=HERE)
    desk.signing_in.set_by_link(link, NEW, place=HERE)
    assert desk.signing_in.who(session) is None
    with pytest.raises(SpentLinkError):
        desk.signing_in.set_by_link(link, NEW, place=HERE)
    with pytest.raises(WrongCredentialsError):
        desk.signing_in.sign_in("阅览员", GOOD, place=HERE)
    assert desk.signing_in.sign_in("阅览员", NEW, place=HERE)


def test_a_link_ends_by_time_and_by_a_newer_one(desk: Desk) -> None:
    account = desk.open("阅览员", Role.LIBRARIAN)
    first = desk.signing_in.link_for(account.person_id, actor=desk.operator)
    second = desk.signing_in.link_for(account.person_id, actor=desk.operator)
    with pytest.raises(SpentLinkError):
        desk.signing_in.whose_link(first)
    desk.now += LASTS + timedelta(seconds=1)
    with pytest.raises(SpentLinkError):
        desk.signing_in.set_by_link(second, NEW, place=HERE)


def test_only_who_manages_accounts_makes_links(desk: Desk) -> None:
    account = desk.open("阅览员", Role.LIBRARIAN)
    for role in set(Role) - {Role.ADMINISTRATOR}:
        other = desk.open(f"某{role.value}", role)
        with pytest.raises(NotPermittedError):
            desk.signing_in.link_for(account.person_id, actor=other.actor)


def test_changing_the_password_keeps_this_session_alone(desk: Desk) -> None:
    desk.open("阅览员", Role.LIBRARIAN)
    here, there = (desk.signing_in.sign_in("阅览员", GOOD, place=HERE) for _ in range(2))
    signed_in = desk.signing_in.who(here)
    assert signed_in is not None
    with pytest.raises(WrongCredentialsError):
        desk.signing_in.change_password(signed_in, NEW, NEW, place=HERE)
    renewed = desk.signing_in.change_password(signed_in, GOOD, NEW, place=HERE)
    found = desk.signing_in.who(renewed)
    assert found is not None
    assert found.session.id == signed_in.session.id
    assert desk.signing_in.who(here) is None
    assert desk.signing_in.who(there) is None


def test_failing_in_a_colleagues_name_does_not_shut_them_out(desk: Desk) -> None:
    desk.open("馆长", Role.DIRECTOR)
    assert desk.signing_in.sign_in("馆长", GOOD, place=HERE)
    for number in range(BY_NAME):
        with pytest.raises(WrongCredentialsError):
            desk.signing_in.sign_in("馆长", "猜猜猜猜猜猜猜猜", place=Place(f"10.1.0.{number}"))
    with pytest.raises(TooManyAttemptsError):
        desk.signing_in.sign_in("馆长", GOOD, place=Place("10.1.1.1"))
    assert desk.signing_in.sign_in("馆长", GOOD, place=HERE)


def test_ending_ones_sessions_asks_for_the_password(desk: Desk) -> None:
    account = desk.open("阅览员", Role.LIBRARIAN)
    other = desk.open("馆长", Role.DIRECTOR)
    here, there = (desk.signing_in.sign_in("阅览员", GOOD, place=HERE) for _ in range(2))
    theirs = desk.signing_in.sign_in("馆长", GOOD, place=HERE)
    signed_in, stranger = desk.signing_in.who(here), desk.signing_in.who(theirs)
    lost = desk.signing_in.who(there)
    assert signed_in is not None
    assert stranger is not None
    assert lost is not None
    with pytest.raises(WrongCredentialsError):
        desk.signing_in.end_session(signed_in, lost.session.id, NEW, place=HERE)
    desk.signing_in.end_session(signed_in, stranger.session.id, GOOD, place=HERE)
    assert desk.signing_in.who(theirs)
    desk.signing_in.end_session(signed_in, lost.session.id, GOOD, place=HERE)
    assert desk.signing_in.who(there) is None
    assert [each.id for each in desk.signing_in.sessions(account.person_id)] == [
        signed_in.session.id
    ]
    desk.signing_in.end_session(signed_in, None, GOOD, place=HERE)
    assert desk.signing_in.who(here) is None
    assert desk.signing_in.sessions(other.person_id)


def test_everything_is_in_the_log_and_no_password(desk: Desk) -> None:
    account = desk.open("阅览员", Role.LIBRARIAN)
    token = desk.signing_in.sign_in("阅览员", GOOD, place=HERE)
    with pytest.raises(WrongCredentialsError):
        desk.signing_in.sign_in("阅览员", NEW, place=HERE)
    desk.signing_in.sign_out(token, place=HERE)
    log = Audit(desk.engine)
    entries = list(log.every(Search(kind="account", record=account.person_id)))
    assert [entry.deed.action for entry in entries] == [
        "sign-out",
        "sign-in-refused",
        "sign-in",
        "set-password",
        "make-link",
        "open-account",
    ]
    assert entries[1].deed.person_id is None
    assert entries[1].deed.address == HERE.address
    assert log.verify().broken_at is None
    with desk.engine.connect() as connection:
        everything = str(connection.execute(text("SELECT * FROM audit")).all())
    assert GOOD not in everything
    assert NEW not in everything
