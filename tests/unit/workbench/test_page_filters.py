"""Every filter, on the page and on the command line, keeps out what it says."""

import re
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from briefs.workbench import serving
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli.context import Session
from briefs.workbench.cli.searching import search
from briefs.workbench.pages.filters import _KEYS
from tests.homes import START

WORDS = "62台"
OPTIONS = {
    "type": "--type",
    "issuer": "--issuer",
    "from": "--from",
    "to": "--to",
    "in": "--language",
    "branch": "--branch",
    "access": "--access",
    "document": "--document",
    "mode": "--mode",
}


@pytest.fixture
def home(filled: Workbench) -> Iterator[Workbench]:
    """The lifts are of the second branch, for staff, of 2021 and in English; the others are not."""
    filled.people.ensure("乙", branch="二馆", at=START)
    with filled.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE documents SET branch_id = 2, access = 'staff', issued_on = '2021-05', "
                "language = 'en', type = 'plan', issuer = '某局' WHERE title LIKE '%电梯%'"
            )
        )
    serving.share(filled)
    yield filled
    serving.share(None)


def _script() -> None:
    from briefs.workbench.pages.search import page

    page()


def _shown(**parameters: str) -> str:
    test = AppTest.from_function(_script, default_timeout=60)
    for name, value in parameters.items():
        test.query_params[name] = value
    test.run()
    assert not test.exception
    words = "\n".join(each.proto.body for each in test.get("html"))
    return re.sub(r"</?mark>", "", words)


@pytest.mark.parametrize(
    ("key", "lets_through", "keeps_out"),
    [
        ("type", "plan", "law"),
        ("issuer", "某局", None),
        ("from", "2020", "2022"),
        ("to", "2021", "2020"),
        ("in", "en", "zh"),
        ("branch", "二馆", "本馆"),
        ("access", "staff", "public"),
        ("document", "电梯", "养老"),
        ("document", "2", "99"),
    ],
)
def test_each_filter_works_on_the_page(
    home: Workbench, key: str, lets_through: str, keeps_out: str | None
) -> None:
    assert WORDS in _shown(q="加装电梯 财政补助", **{key: lets_through})
    if keeps_out == "本馆":
        keeps_out = home.people.branch_name(home.actor.branch_id)
    if keeps_out is not None:
        assert WORDS not in _shown(q="加装电梯 财政补助", **{key: keeps_out})


@pytest.mark.parametrize(
    ("option", "lets_through", "keeps_out"),
    [
        ("--type", "plan", "law"),
        ("--issuer", "某局", "没有的机关"),
        ("--from", "2020", "2022"),
        ("--to", "2021-05", "2021-04"),
        ("--language", "en", "zh"),
        ("--branch", "二馆", None),
        ("--access", "staff", "named"),
        ("--document", "2", "1"),
    ],
)
def test_each_filter_works_on_the_command_line(
    home: Workbench, option: str, lets_through: str, keeps_out: str | None
) -> None:
    def found(value: str) -> str:
        session = Session(home.home)
        session._workbench = home
        return CliRunner().invoke(search, ["加装电梯 财政补助", option, value], obj=session).output

    assert WORDS in found(lets_through)
    other = keeps_out or home.people.branch_name(home.actor.branch_id) or ""
    assert WORDS not in found(other)


def test_page_and_command_line_offer_the_same_filters() -> None:
    offered = {name for each in search.params for name in each.opts}
    assert OPTIONS.keys() == set(_KEYS)
    assert set(OPTIONS.values()) <= offered


@pytest.mark.parametrize("year", ["9" * 5000, "20200", "9999", "199", "２０２０", "-2020"])
@pytest.mark.parametrize("key", ["from", "to"])
def test_an_address_with_a_year_that_is_none_is_taken(home: Workbench, key: str, year: str) -> None:
    assert WORDS in _shown(q="加装电梯 财政补助", **{key: year})
