"""What the portal gives to whom: every route that shows a brief or a source, by who asks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
import typst
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.testclient import TestClient

from briefs.exporters import ExportFormat
from briefs.model import Brief, Edition
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.portal import Warmth, middleware, routes
from briefs.workbench.portal.entrance import session_cookie
from briefs.workbench.settings import Settings
from embeddings.hashing import HashingEncoder
from knowledge.accounts.audit import Search
from knowledge.accounts.roles import Role
from knowledge.accounts.signing_in import Place
from knowledge.model import Access, Actor
from knowledge.readers.sandbox import InProcess
from knowledge.sharing import Audience
from knowledge.store.schema import documents, versions
from tests.homes import PASSWORD, START, fill, open_account, open_home

WORDS = "补助不超过二十万元"
LEVELS = ("public", "staff", "shared", "named", "withdrawn")
CAST = {
    "甲官": (Role.OFFICIAL, "东馆"),
    "乙官": (Role.OFFICIAL, "东馆"),
    "东馆员": (Role.LIBRARIAN, "东馆"),
    "东签发": (Role.PUBLISHER, "东馆"),
    "西馆员": (Role.LIBRARIAN, "西馆"),
    "总馆员": (Role.REVIEWER, "本馆"),
    "志愿者": (Role.VOLUNTEER, "东馆"),
    "管理员": (Role.ADMINISTRATOR, "本馆"),
}
READER = ""
READS = {
    "public": {READER, *CAST},
    "staff": {"东馆员", "东签发", "总馆员"},
    "shared": {"东馆员", "东签发", "总馆员", "西馆员"},
    "named": {"甲官", "东签发"},
    "withdrawn": {"甲官", "东签发"},
}


@dataclass(frozen=True, slots=True)
class Scene:
    """A home, who is in it, and one brief and one source of each level."""

    bench: Workbench
    people: dict[str, Actor]
    editions: dict[str, Edition]
    draft: Brief


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("readers")
    # A session ends when nobody uses it, and here everybody asks in turn.
    ticks = count()
    bench = Workbench(
        Settings(folder / "home"),
        clock=lambda: START + timedelta(seconds=next(ticks)),
        encoder=HashingEncoder(),
        files=InProcess(),
    )
    people = {
        name: open_account(bench, name, role, branch=branch).actor
        for name, (role, branch) in CAST.items()
    }
    publisher, librarian = people["东签发"], people["东馆员"]
    official = people["甲官"].person_id
    editions = {}
    for number, level in enumerate(LEVELS, start=1):
        # A source of its own, closed like the edition that rests on it.
        path = folder / f"{level}.pdf"
        path.write_bytes(
            typst.compile(f'#set text(font: "Noto Sans CJK SC")\n第{number}号：{WORDS}。'.encode())
        )
        bench.ingest.add_file(path, actor=bench.actor)
        passage = bench.passages.of_version(number)[0]
        quote = bench.editing.quote(passage.id, WORDS)
        brief = bench.of(librarian).editing.create(f"{level}的简报", [quote], actor=librarian)
        named = level in {"named", "withdrawn"}
        access = Access.NAMED if named else Access.PUBLIC if level == "public" else Access.STAFF
        recipients = frozenset({official}) if named else frozenset()
        with bench.engine.begin() as connection:
            connection.execute(
                update(documents)
                .where(documents.c.id == number)
                .values(
                    access=access.value,
                    shared=level == "shared",
                    recipients=sorted(recipients),
                    branch_id=publisher.branch_id,
                    made_by=publisher.person_id,
                )
            )
        editions[level] = bench.of(publisher).publishing.publish(
            brief.id,
            actor=publisher,
            audience=Audience(access=access, shared=level == "shared", recipients=recipients),
        )
    draft = bench.of(librarian).editing.create("未完的草稿", actor=librarian)
    gone = editions["withdrawn"].id
    matter = bench.of(publisher).seconding.ask_withdrawal(gone, reason="有误", actor=publisher)
    bench.of(librarian).seconding.agree(matter.proposal.id, actor=librarian)
    yield Scene(bench, people, editions, draft)
    bench.close()


@pytest.fixture(scope="module")
def clients(scene: Scene) -> dict[str, TestClient]:
    """A browser for each person, signed in, and one for a reader without an account."""
    app = Starlette(
        routes=routes(lambda: scene.bench, warmth=Warmth()),
        middleware=middleware(lambda: scene.bench),
    )
    found = {}
    for name in (READER, *CAST):
        cookies = {}
        if name:
            token = scene.bench.signing_in.sign_in(name, PASSWORD, place=Place("127.0.0.1"))
            cookies = {session_cookie(scene.bench.settings): token}
        found[name] = TestClient(
            app, cookies=cookies, headers={"accept-language": "zh-CN"}, follow_redirects=False
        )
    return found


def paths(edition: Edition) -> list[str]:
    """Every address that shows the edition or the source it rests on."""
    (reference,) = edition.publication.references
    brief, version = f"/briefs/{edition.brief_id}", reference.version_id
    files = [f"{brief}{tail}.{to}" for tail in ("", "/1") for to in ExportFormat]
    sources = [f"/pages/{version}/1", f"/pages/{version}/1.png", f"/originals/{version}"]
    return [brief, f"{brief}/1", *files, *sources]


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_opens_for_its_readers_and_does_not_exist_for_others(
    scene: Scene, clients: dict[str, TestClient], level: str
) -> None:
    edition = scene.editions[level]
    asked = paths(edition)
    for name, client in clients.items():
        for path in asked:
            answer = client.get(path)
            if name not in READS[level]:
                assert answer.status_code == 404, (name, path)
                assert edition.publication.title not in answer.text
                continue
            is_brief = path.startswith("/briefs")
            is_gone = level == "withdrawn" and is_brief
            assert answer.status_code == (410 if is_gone and "." in path else 200), (name, path)
            if level != "public":
                assert "no-store" in answer.headers["cache-control"]
                assert "etag" not in answer.headers
            if is_gone:
                assert "有误" in answer.text
                assert WORDS not in answer.text
            elif answer.headers["content-type"].startswith("text/"):
                assert WORDS in answer.text


def test_the_list_has_what_each_may_read_and_what_is_for_them_first(
    scene: Scene, clients: dict[str, TestClient]
) -> None:
    for name, client in clients.items():
        page = client.get("/published")
        for level, edition in scene.editions.items():
            assert (edition.publication.title in page.text) is (name in READS[level]), (name, level)
        assert scene.draft.title not in page.text
        if any(name in READS[level] for level in LEVELS[1:]):
            assert "no-store" in page.headers["cache-control"]
            assert "etag" not in page.headers
    own = clients["甲官"].get("/published").text
    assert own.index("给您的") < own.index("named的简报") < own.index("public的简报")
    assert "给您的" not in clients["乙官"].get("/published").text


def test_what_one_may_not_see_looks_like_what_is_not_there(
    scene: Scene, clients: dict[str, TestClient]
) -> None:
    def answer(name: str, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
        got = clients[name].get(path, headers=headers)
        kept = {
            k: v
            for k, v in got.headers.items()
            if k not in {"content-length", "etag", "x-request-id"}
        }
        return got.status_code, got.text.replace(path, "PATH"), kept

    for path in paths(scene.editions["named"]):
        missing = re.sub(r"\d+", "99", path, count=1)
        for name in (READER, "乙官", "西馆员"):
            there, not_there = answer(name, path), answer(name, missing)
            assert there == not_there, (name, path)


def test_an_etag_that_somebody_knows_opens_nothing(
    scene: Scene, clients: dict[str, TestClient]
) -> None:
    path = f"/briefs/{scene.editions['public'].brief_id}.md"
    known = clients[READER].get(path)
    assert (
        clients[READER].get(path, headers={"if-none-match": known.headers["etag"]}).status_code
        == 304
    )
    for to in ("", ".md", ".html"):
        closed = f"/briefs/{scene.editions['named'].brief_id}{to}"
        for tag in (known.headers["etag"], "*", f'"{scene.editions["named"].sha256[:32]}"'):
            assert clients["乙官"].get(closed, headers={"if-none-match": tag}).status_code == 404
            assert clients["甲官"].get(closed, headers={"if-none-match": tag}).status_code == 200


def test_what_was_rendered_for_one_is_not_given_to_another(
    scene: Scene, clients: dict[str, TestClient]
) -> None:
    path = paths(scene.editions["named"])[0]
    for name in ("甲官", READER, "甲官", "乙官"):
        assert (clients[name].get(path).status_code == 200) is (name == "甲官")


def test_a_draft_is_previewed_by_its_branch_in_a_frame_that_may_do_nothing(
    scene: Scene, clients: dict[str, TestClient]
) -> None:
    path = f"/previews/{scene.draft.id}"
    for name, client in clients.items():
        answer = client.get(path, headers={"accept": "text/html"})
        if name in {"东馆员", "东签发", "总馆员"}:
            assert answer.status_code == 200
            policy = answer.headers["content-security-policy"]
            assert "sandbox allow-popups" in policy
            assert "allow-same-origin" not in policy
            assert "allow-scripts" not in policy
            assert "frame-ancestors 'self'" in policy
            assert "no-store" in answer.headers["cache-control"]
        else:
            assert answer.status_code == (303 if name == READER else 404), name
    for trick in ("0", "-1", "x", "1.html", "99"):
        assert clients["东馆员"].get(f"/previews/{trick}").status_code == 404
    assert clients["东馆员"].get("/previews").status_code == 404


def test_taking_away_what_is_not_public_is_in_the_log_with_who_and_from_where(
    scene: Scene, clients: dict[str, TestClient]
) -> None:
    def taken(action: str = "export-edition") -> list[tuple[int | None, str | None, object]]:
        entries = scene.bench.audit.entries(Search(action=action), limit=99)
        return [(e.deed.person_id, e.deed.address, e.deed.details.get("format")) for e in entries]

    before, opened = len(taken()), len(taken("open-edition"))
    for level in ("public", "named"):
        clients["甲官"].get(f"/briefs/{scene.editions[level].brief_id}.docx")
        clients["甲官"].get(f"/briefs/{scene.editions[level].brief_id}")
    clients["乙官"].get(f"/briefs/{scene.editions['named'].brief_id}.docx")
    found = taken()
    assert len(found) == before + 1
    assert len(taken("open-edition")) == opened + 1
    assert found[0] == (scene.people["甲官"].person_id, "testclient", "docx")


def test_links_in_files_name_the_public_address_whatever_host_was_asked(
    scene: Scene, clients: dict[str, TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(scene.bench.settings, public_address="https://zhiku.example.org/")
    brief = scene.editions["public"].brief_id
    evil = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    local = clients[READER].get(f"/briefs/{brief}.md", headers=evil).text
    monkeypatch.setattr(scene.bench.house, "settings", settings)
    refused = clients[READER].get(f"/briefs/{brief}.md", headers=evil)
    assert "evil" not in refused.text
    named = {"host": "zhiku.example.org", "x-forwarded-host": "evil.example"}
    secure = {
        to: clients[READER].get(f"/briefs/{brief}.{to}", headers=named).content
        for to in ExportFormat
    }
    assert "(http://127.0.0.1:8501/pages/1/1?mark=" in local
    assert b"https://zhiku.example.org/pages/1/1?mark=" in secure[ExportFormat.MARKDOWN]
    assert b'href="https://zhiku.example.org/pages/1/1?' in secure[ExportFormat.HTML]
    assert b"https://zhiku.example.org/pages/1/1" in secure[ExportFormat.PDF]
    assert all(b"evil" not in body for body in secure.values())


def test_an_official_begins_with_the_published_briefs(
    scene: Scene, clients: dict[str, TestClient]
) -> None:
    for name, first in (("乙官", "/published"), ("东馆员", "/"), ("志愿者", "/")):
        client = TestClient(clients[READER].app, follow_redirects=False)
        for wanted in ("", "?next=/briefs/1"):
            form = client.get(f"/sign-in{wanted}")
            if form.status_code == 200:
                mark = re.search(r'name="form" value="([^"]+)"', form.text)
                assert mark is not None
                form = client.post(
                    f"/sign-in{wanted}",
                    data={"form": mark[1], "login": name, "password": PASSWORD},
                )
            assert form.status_code == 303
            assert form.headers["location"] == ("/briefs/1" if wanted else first)


def test_a_newer_version_that_a_reader_may_not_see_is_not_told_of(tmp_path: Path) -> None:
    bench = open_home(tmp_path)
    try:
        fill(bench, tmp_path, {"开放.txt": "阅览室开到晚上九点。\n"})
        fill(bench, tmp_path, {"开放.txt": "阅览室开到晚上十点。\n"})
        app = Starlette(
            routes=routes(lambda: bench, warmth=Warmth()), middleware=middleware(lambda: bench)
        )
        client = TestClient(app, headers={"accept-language": "zh-CN"})
        assert "/pages/2/1" in client.get("/pages/1/1").text
        with bench.engine.begin() as connection:
            connection.execute(update(versions).where(versions.c.id == 2).values(access="named"))
        page = client.get("/pages/1/1")
        assert page.status_code == 200
        assert "/pages/2/1" not in page.text
        assert client.get("/pages/2/1").status_code == 404
    finally:
        bench.close()
