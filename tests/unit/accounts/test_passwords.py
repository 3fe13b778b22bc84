"""Which passwords are accepted, and that what is kept of them tells only the right one."""

import pytest

from knowledge.accounts import passwords
from knowledge.accounts.errors import (
    CommonPasswordError,
    LongPasswordError,
    ShortPasswordError,
    TellingPasswordError,
)


@pytest.mark.parametrize(
    "password",
    [
        "四月的河水很慢啊",
        "correct horse battery",
        " leading and trailing ",
        "a" * 30 + "bc" * 17,
        "🂡🂢🂣🂤🂥🂦🂧🂨",
    ],
)
def test_any_characters_are_accepted(password: str) -> None:
    passwords.check(password, names=("wang", "河湾县图书馆"))
    stored = passwords.hashed(password)
    assert passwords.matches(password, stored)
    assert not passwords.matches(password[:-1], stored)
    assert not passwords.matches(password.swapcase() + "x", stored)


def test_sixty_four_characters_all_count() -> None:
    password = "春眠不觉晓处处闻啼鸟" * 6 + "夜来风雨"
    assert len(password) == 64
    stored = passwords.hashed(password)
    assert passwords.matches(password, stored)
    assert not passwords.matches(password[:-1] + "声", stored)


@pytest.mark.parametrize("password", ["", "1234567", "七个字的密码呀"])
def test_short_ones_are_refused(password: str) -> None:
    with pytest.raises(ShortPasswordError):
        passwords.check(password)


def test_eight_characters_are_enough() -> None:
    passwords.check("八个字的密码够了")


def test_very_long_ones_are_refused_before_they_cost_time() -> None:
    with pytest.raises(LongPasswordError):
        passwords.check("好" * (passwords.LONGEST + 1))
    assert not passwords.matches("好" * (passwords.LONGEST + 1), None)


@pytest.mark.parametrize(
    "password", ["password", "PassWord", "12345678", "qwertyuiop", "aaaaaaaaaa", "一一一一一一一一"]
)
def test_common_ones_are_refused(password: str) -> None:
    with pytest.raises(CommonPasswordError):
        passwords.check(password)


def test_the_list_of_common_ones_is_long_enough() -> None:
    assert len(passwords.common()) >= 3_000


def test_names_of_the_place_are_refused_but_may_be_part_of_more() -> None:
    with pytest.raises(TellingPasswordError):
        passwords.check("liuxiaohe1", names=("LiuXiaohe",))
    passwords.check("liuxiaohe rows the boat", names=("LiuXiaohe",))


def test_two_hashes_of_one_password_differ_and_composition_does_not_matter() -> None:
    first, second = passwords.hashed("été à la mer"), passwords.hashed("été à la mer")
    assert first != second
    assert passwords.matches("e\u0301te\u0301 a\u0300 la mer", first)


def test_without_a_hash_nothing_matches() -> None:
    assert not passwords.matches("nobody has this one", None)
    assert not passwords.matches("x", "not a hash")


def test_a_weaker_hash_is_known_as_outdated() -> None:
    weak = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHRzYWx0$DvVAeHT3M8N8p7dJNJr6BAuHCB9Qz0CvzhnzqvVWVlM"
    assert passwords.is_outdated(weak)
    assert not passwords.is_outdated(passwords.hashed("八个字的密码够了"))
