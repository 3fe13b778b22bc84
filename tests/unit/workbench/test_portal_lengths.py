"""Editions in their forms: one page first, the same anchors, files and answers by form."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from briefs.model import Edition, Length, Statement, StatementKind
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.portal import Warmth, middleware, routes
from knowledge.accounts.roles import Role
from tests.homes import cookies_of, fill, open_home

ADVICE = "宜先行试点，再决定是否推开。"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    folder = tmp_path_factory.mktemp("forms")
    bench = open_home(folder)
    fill(bench, folder)
    yield bench
    bench.close()


def _quote(bench: Workbench, words: str) -> Statement:
    every = bench.passages.many(bench.passages.ids().tolist())
    passage = next(p for p in every.values() if words in p.text)
    return bench.editing.quote(passage.id, words)


@pytest.fixture(scope="module")
def edition(bench: Workbench) -> Edition:
    """Three lengths: the law in the standard form, the elderly in the deep one alone."""
    lines = [
        Statement(StatementKind.HEADING, "背景", level=1),
        _quote(bench, "公共图书馆应当根据自身条件，为县级国家机关制定政策提供文献信息和咨询服务。"),
        Statement(StatementKind.HEADING, "要点", level=1),
        replace(_quote(bench, "加装电梯每台财政补助不超过20万元。"), length=Length.ONE_PAGE),
        Statement(StatementKind.JUDGEMENT, ADVICE, length=Length.ONE_PAGE),
        replace(_quote(bench, "全县建成社区养老服务站35个。"), length=Length.DEEP),
    ]
    brief = bench.editing.create("加装电梯", lines, actor=bench.actor)
    return bench.publishing.publish(brief.id, actor=bench.actor)


@pytest.fixture(scope="module")
def plain(bench: Workbench) -> Edition:
    """All of one length, as every edition from before."""
    lines = [_quote(bench, "全县建成社区养老服务站35个。")]
    brief = bench.editing.create("养老", lines, actor=bench.actor)
    return bench.publishing.publish(brief.id, actor=bench.actor)


@pytest.fixture
def client(bench: Workbench) -> TestClient:
    app = Starlette(
        routes=routes(lambda: bench, warmth=Warmth()), middleware=middleware(lambda: bench)
    )
    return TestClient(app, headers={"accept-language": "zh-CN"}, follow_redirects=False)


def test_one_page_comes_first_and_the_others_are_offered(
    client: TestClient, edition: Edition
) -> None:
    path = f"/briefs/{edition.brief_id}"
    short = client.get(path).text
    assert ADVICE[:-1] in short
    assert "国家机关" not in short
    assert "35个" not in short
    assert 'href="?length=one-page" aria-current="true"' in short
    for length in ("standard", "deep"):
        assert f'href="?length={length}"' in short
    standard = client.get(path, params={"length": "standard"}).text
    assert "国家机关" in standard
    assert "35个" not in standard
    assert "35个" in client.get(path, params={"length": "deep"}).text
    assert client.get(path, params={"length": "../x"}).text == short


def test_a_statement_has_one_anchor_and_citations_are_numbered_anew(
    client: TestClient, edition: Edition
) -> None:
    path = f"/briefs/{edition.brief_id}"
    short = client.get(path).text
    assert 'id="s4"' in short
    # What is not in this form leads to the form that has it.
    assert 'id="s2"><a href="?length=standard#s2">' in short
    assert 'id="s6"><a href="?length=deep#s6">' in short
    assert 'aria-label="来源 1' in short
    deep = client.get(path, params={"length": "deep"}).text
    assert "strip-elsewhere" not in deep
    cited = edition.publication.lines[3].citations[0]
    assert cited.reference == 2
    href = cited.href.replace("&", "&amp;")
    assert short.count(href) >= 1
    assert deep.count(href) >= 1


def test_answers_and_files_are_kept_apart_by_form(client: TestClient, edition: Edition) -> None:
    path = f"/briefs/{edition.brief_id}"
    tags = {client.get(path, params={"length": each}).headers["etag"] for each in Length}
    assert len(tags) == 3
    tag = client.get(path).headers["etag"]
    assert client.get(path, headers={"if-none-match": tag}).status_code == 304
    other = client.get(path, params={"length": "deep"}, headers={"if-none-match": tag})
    assert other.status_code == 200
    whole = client.get(f"{path}.md").text
    assert "35个" in whole
    assert "节自全文" not in whole
    one = client.get(f"{path}.md", params={"length": "one-page"}).text
    assert "35个" not in one
    assert "一页要报（节自全文）" in one
    assert f'href="{path}.pdf?length=one-page"' in client.get(path).text


def test_an_edition_of_one_length_is_as_it_was(client: TestClient, plain: Edition) -> None:
    path = f"/briefs/{plain.brief_id}"
    for asked in ({}, {"length": "deep"}, {"length": "one-page"}):
        shown = client.get(path, params=asked).text
        assert "35个" in shown
        assert "strip-forms" not in shown
    assert client.get(f"{path}.md", params={"length": "one-page"}).text == (
        client.get(f"{path}.md").text
    )


def test_the_other_language_keeps_the_form(client: TestClient, edition: Edition) -> None:
    shown = client.get(f"/briefs/{edition.brief_id}", params={"length": "deep"}).text
    assert f"/briefs/{edition.brief_id}?length=deep&amp;lang=en" in shown


def test_a_preview_is_the_whole_or_the_form_asked_for(bench: Workbench, edition: Edition) -> None:
    app = Starlette(
        routes=routes(lambda: bench, warmth=Warmth()), middleware=middleware(lambda: bench)
    )
    cookies = cookies_of(bench, Role.LIBRARIAN)
    client = TestClient(app, cookies=cookies, follow_redirects=False)
    path = f"/previews/{edition.brief_id}"
    assert "35个" in client.get(path).text
    assert "35个" not in client.get(path, params={"length": "one-page"}).text
