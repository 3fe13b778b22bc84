"""Signing in by an identity provider: a real one, over HTTP, honest and otherwise."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc.errors import SecurityWarning
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from briefs.workbench.bootstrap import Workbench, now
from briefs.workbench.portal import Warmth, middleware, routes
from briefs.workbench.settings import Settings
from embeddings.hashing import HashingEncoder
from knowledge.accounts.attempts import BY_ADDRESS
from knowledge.accounts.audit import Search
from knowledge.accounts.binding import key_of
from knowledge.accounts.register import Account, Particulars
from knowledge.accounts.roles import Role
from knowledge.readers.sandbox import InProcess
from tests.homes import PASSWORD, open_account
from tests.security.idp import CLIENT, SECRET, Idp, running, unsigned, with_key, with_public_key

ADDRESS = "http://127.0.0.1:8501"
OTHER = RSAKey.generate_key(2048, {"kid": "one"})


@pytest.fixture(autouse=True)
def http_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Authlib's server side refuses HTTP otherwise; this machine asks nobody's proxy."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def idp() -> Iterator[Idp]:
    with running() as made:
        made.redirect = f"{ADDRESS}/sso/back"
        yield made


def settings_of(home: Path, idp: Idp, **further: Any) -> Settings:
    return Settings(home, sso_issuer=idp.issuer, sso_client=CLIENT, sso_secret=SECRET, **further)


@pytest.fixture
def bench(tmp_path: Path, idp: Idp) -> Iterator[Workbench]:
    settings = settings_of(tmp_path / "home", idp)
    opened = Workbench(settings, clock=now, encoder=HashingEncoder(), files=InProcess())
    yield opened
    opened.close()


@pytest.fixture
def client(bench: Workbench) -> TestClient:
    return browser(bench)


def browser(bench: Workbench) -> TestClient:
    app = Starlette(
        routes=[
            *routes(lambda: bench, warmth=Warmth()),
            Route("/{rest:path}", lambda _: PlainTextResponse("inside")),
        ],
        middleware=middleware(lambda: bench),
    )
    return TestClient(app, base_url=ADDRESS, follow_redirects=False)


def entered(bench: Workbench, name: str = "馆员甲", **said: str) -> Account:
    """An account without a password, entered by an administrator for somebody of the provider."""
    told = Particulars(
        name=name, login=name, roles=frozenset({Role.LIBRARIAN}), branch=bench.settings.library
    )
    signing_in, at = bench.signing_in, bench.clock()
    account = signing_in.register.open(told, actor=bench.actor, at=at)
    if "claim" in said:
        signing_in.binding.expect(account.person_id, said["claim"], actor=bench.actor, at=at)
    else:
        key = key_of(bench.settings.sso_issuer, said.get("subject", "s-1"))
        signing_in.binding.bind(account.person_id, key, actor=bench.actor, at=at)
    return signing_in.register.get(account.person_id)


def start(client: TestClient, to: str = "") -> Any:
    page = client.get(f"/sign-in?next={to}" if to else "/sign-in")
    form = re.search(r'action="(/sso/start[^"]*)"[^>]*>\s*<input[^>]*value="([^"]+)"', page.text)
    assert form, page.text
    return client.post(form[1], data={"form": form[2]})


def sent_to(answer: Any) -> str:
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text)
    assert found, answer.text
    return found[1].replace("&amp;", "&")


def visited(idp: Idp, address: str) -> str:
    """Where the provider sends the browser back to."""
    assert address.startswith(f"{idp.issuer}/authorize?")
    with httpx2.Client(follow_redirects=False) as outside:
        answer = outside.get(address)
    assert answer.status_code == 302, answer.text
    return answer.headers["location"].removeprefix(ADDRESS)


def signed_in(client: TestClient, idp: Idp, to: str = "") -> Any:
    return client.get(visited(idp, sent_to(start(client, to))))


def is_inside(client: TestClient) -> bool:
    return client.get("/library", headers={"accept": "text/html"}).text == "inside"


def actions(bench: Workbench) -> list[str]:
    return [entry.deed.action for entry in bench.audit.every(Search())]


def test_a_person_comes_in_by_the_provider(client: TestClient, idp: Idp, bench: Workbench) -> None:
    entered(bench)
    going = start(client, "%2Fdrafts%3Fbrief%3D7")
    assert going.status_code == 200
    assert going.headers["cache-control"] == "no-store"
    asked = parse_qs(urlsplit(sent_to(going)).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == [f"{ADDRESS}/sso/back"]
    assert asked["scope"] == ["openid profile"]
    cookie = going.headers["set-cookie"]
    for secret in (asked["state"][0], asked["nonce"][0]):
        assert len(secret) == 43
        assert secret not in cookie
    answer = client.get(visited(idp, sent_to(going)))
    assert answer.headers["location"] == "/drafts?brief=7"
    assert is_inside(client)
    assert "zhiku_sso" not in client.cookies
    assert actions(bench)[0] == "sign-in"


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_the_application_proves_itself_as_the_provider_likes(
    client: TestClient, idp: Idp, bench: Workbench, method: str
) -> None:
    entered(bench)
    idp.method = method
    assert signed_in(client, idp).status_code == 303


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": int(time.time()) + 3600},
        {"nbf": int(time.time()) + 3600},
        {"nonce": "of-another-attempt"},
        {"nonce": None},
        {"sub": None},
        {"sub": 17},
        {"sub": ""},
        {"sub": "s" * 256},
        {"at_hash": "of-another-token"},
    ],
    ids=str,
)
def test_a_token_that_is_not_right_signs_nobody_in(
    client: TestClient, idp: Idp, bench: Workbench, lie: dict[str, Any]
) -> None:
    entered(bench)
    idp.lies = lie
    answer = signed_in(client, idp)
    assert answer.status_code == 401
    assert "未成功" in answer.text
    assert not is_inside(client)
    assert actions(bench)[0] == "sign-in-refused"


def test_forged_signatures_sign_nobody_in(client: TestClient, idp: Idp, bench: Workbench) -> None:
    entered(bench)
    forgeries = {
        "none": unsigned,
        "the public key as a secret": with_public_key(idp),
        "another key by the same name": with_key(OTHER),
        "a key that the token brings along": with_key(
            OTHER, kid="mine", jwk=OTHER.as_dict(private=False)
        ),
        "a key from elsewhere": with_key(OTHER, kid="mine", jku="https://evil.example/keys"),
        "a token made for something else": with_key(idp.key, typ="at+jwt"),
        "cut off": lambda header, claims: with_key(idp.key)(header, claims)[:-4],
        "not a token": lambda _header, _claims: "x.y",
    }
    for name, forge in forgeries.items():
        idp.forge = forge
        assert signed_in(client, idp).status_code == 401, name
        assert not is_inside(client), name
    idp.forge = with_key(idp.key)
    assert signed_in(client, idp).status_code == 303


def test_another_browsers_answer_is_refused(client: TestClient, idp: Idp, bench: Workbench) -> None:
    entered(bench)
    back = visited(idp, sent_to(start(client)))
    victim = browser(bench)
    assert victim.get(back).status_code == 401
    start(victim)
    before = len(idp.asked)
    assert victim.get(back).status_code == 401
    assert len(idp.asked) == before
    assert not is_inside(victim)


@pytest.mark.parametrize("state", ["", "x", "\u00e9", None])
def test_a_wrong_state_is_refused_before_the_provider_is_asked(
    client: TestClient, idp: Idp, bench: Workbench, state: str | None
) -> None:
    entered(bench)
    back = visited(idp, sent_to(start(client)))
    before = len(idp.asked)
    code = parse_qs(urlsplit(back).query)["code"][0]
    fields = {"code": code} | ({} if state is None else {"state": state})
    assert client.get("/sso/back", params=fields).status_code == 401
    assert len(idp.asked) == before
    assert client.get(back).status_code == 401, "an attempt is good for one answer"


def test_a_doubled_parameter_is_refused(client: TestClient, idp: Idp, bench: Workbench) -> None:
    entered(bench)
    back = visited(idp, sent_to(start(client)))
    assert client.get(f"{back}&code=another").status_code == 401


def test_an_answer_is_good_for_one_time(client: TestClient, idp: Idp, bench: Workbench) -> None:
    entered(bench)
    going = start(client)
    attempt = client.cookies["zhiku_sso"]
    back = visited(idp, sent_to(going))
    assert client.get(back).status_code == 303
    client.cookies.clear()
    assert client.get(back).status_code == 401
    client.cookies.set("zhiku_sso", attempt)
    assert client.get(back).status_code == 401
    assert not is_inside(client)


def test_a_code_without_its_proof_key_is_worth_nothing(
    client: TestClient, idp: Idp, bench: Workbench
) -> None:
    """Who steals a code and begins an attempt of their own does not know the verifier."""
    entered(bench)
    stolen = parse_qs(urlsplit(visited(idp, sent_to(start(client)))).query)["code"][0]
    thief = browser(bench)
    state = parse_qs(urlsplit(sent_to(start(thief))).query)["state"][0]
    answer = thief.get("/sso/back", params={"code": stolen, "state": state})
    assert answer.status_code == 401
    assert not is_inside(thief)


@pytest.mark.parametrize("said", ["https://evil.example", ""])
def test_an_answer_in_another_providers_name_is_refused(
    client: TestClient, idp: Idp, bench: Workbench, said: str
) -> None:
    entered(bench)
    back = visited(idp, sent_to(start(client)))
    assert client.get(f"{back}&iss={said}").status_code == 401


def test_a_provider_that_names_itself_must_do_so(
    client: TestClient, idp: Idp, bench: Workbench
) -> None:
    entered(bench)
    idp.described = {"authorization_response_iss_parameter_supported": True}
    assert signed_in(client, idp).status_code == 401
    back = visited(idp, sent_to(start(client)))
    assert client.get(f"{back}&iss={idp.issuer}").status_code == 303


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
    ids=str,
)
def test_a_provider_that_describes_another_is_not_asked(
    client: TestClient, idp: Idp, bench: Workbench, described: dict[str, Any]
) -> None:
    idp.described = described
    answer = start(client)
    assert answer.status_code == 503
    assert "没有应答" in answer.text
    assert "evil" not in answer.text


def test_a_redirecting_provider_is_not_followed(
    client: TestClient, idp: Idp, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered(bench)
    back = visited(idp, sent_to(start(client)))

    async def elsewhere(_request: Request) -> Response:
        idp.asked.append("elsewhere")
        return RedirectResponse(f"{idp.issuer}/elsewhere", 307)

    monkeypatch.setattr(idp, "answer", elsewhere)
    before = len(idp.asked)
    assert client.get(back).status_code == 503
    assert len(idp.asked) == before + 1
    assert start(browser(bench)).status_code == 503


def test_when_the_provider_is_down_there_is_one_clear_page(
    tmp_path: Path, bench: Workbench
) -> None:
    with running() as gone:
        pass
    bench.house.settings = settings_of(bench.home, gone)
    open_account(bench, "馆员甲", Role.LIBRARIAN)
    client = browser(bench)
    for _ in range(2):
        answer = start(client)
        assert answer.status_code == 503
        assert "身份认证服务没有应答" in answer.text
        assert 'name="password"' in answer.text
    mark = re.search(r'name="form" value="([^"]+)"', answer.text)
    assert mark
    fields = {"form": mark[1], "login": "馆员甲", "password": PASSWORD}
    assert client.post("/sign-in", data=fields).status_code == 303


def test_whoever_refuses_at_the_provider_is_told_so(
    client: TestClient, idp: Idp, bench: Workbench
) -> None:
    state = parse_qs(urlsplit(sent_to(start(client))).query)["state"][0]
    fields = {"error": "access_denied", "error_description": "<b>evil words</b>", "state": state}
    answer = client.get("/sso/back", params=fields)
    assert answer.status_code == 401
    assert "evil" not in answer.text


def test_who_is_not_entered_is_not_let_in(client: TestClient, idp: Idp, bench: Workbench) -> None:
    entered(bench, subject="somebody-else")
    answer = signed_in(client, idp)
    assert answer.status_code == 403
    assert "没有为您开放的账号" in answer.text
    assert not is_inside(client)


def test_a_closed_account_is_closed_for_the_provider_too(
    client: TestClient, idp: Idp, bench: Workbench
) -> None:
    account = entered(bench)
    assert signed_in(client, idp).status_code == 303
    register = bench.signing_in.register
    register.close(account.person_id, actor=bench.actor, at=bench.clock())
    assert not is_inside(client)
    assert signed_in(browser(bench), idp).status_code == 403


def test_the_same_subject_of_another_provider_is_somebody_else(
    client: TestClient, idp: Idp, bench: Workbench
) -> None:
    account = entered(bench)
    key = key_of("https://before.example.org", "s-1")
    binding = bench.signing_in.binding
    binding.bind(account.person_id, key, actor=bench.actor, at=bench.clock())
    assert signed_in(client, idp).status_code == 403


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"email": "Jia@example.org", "email_verified": True}, 303),
        ({"email": "jia@example.org", "email_verified": False}, 403),
        ({"email": "jia@example.org", "email_verified": "true"}, 403),
        ({"email": "jia@example.org"}, 403),
        ({"email": ["jia@example.org"], "email_verified": True}, 403),
        ({"email_verified": True}, 403),
        ({"email": "", "email_verified": True}, 403),
    ],
    ids=str,
)
def test_only_a_verified_address_finds_an_account(
    idp: Idp, bench: Workbench, said: dict[str, Any], status: int
) -> None:
    bench.house.settings = settings_of(bench.home, idp, sso_claim="email")
    entered(bench, claim="jia@example.org")
    idp.person |= said
    assert signed_in(browser(bench), idp).status_code == status


def test_a_claim_finds_an_account_once(idp: Idp, bench: Workbench) -> None:
    bench.house.settings = settings_of(bench.home, idp, sso_claim="employee_number")
    account = entered(bench, claim="E-17")
    idp.person["employee_number"] = "e-17"
    assert signed_in(browser(bench), idp).status_code == 303
    bound = bench.signing_in.register.get(account.person_id)
    assert (bound.subject, bound.expected) == (key_of(idp.issuer, "s-1"), None)
    assert "bind-account" in actions(bench)
    # The number is given to somebody else, or somebody writes it into their profile.
    idp.person["sub"] = "s-2"
    assert signed_in(browser(bench), idp).status_code == 403
    # Its person is known by who they are, whatever is said of them now.
    idp.person = {"sub": "s-1"}
    assert signed_in(browser(bench), idp).status_code == 303


def test_a_claim_takes_over_no_account_that_does_not_expect_it(idp: Idp, bench: Workbench) -> None:
    bench.house.settings = settings_of(bench.home, idp, sso_claim="email")
    open_account(bench, "chief@example.org", Role.DIRECTOR)
    idp.person |= {"email": "chief@example.org", "email_verified": True}
    assert signed_in(browser(bench), idp).status_code == 403


def test_nobody_is_let_in_unasked_unless_a_setting_says_as_what(idp: Idp, bench: Workbench) -> None:
    bench.house.settings = settings_of(bench.home, idp, sso_role="official")
    open_account(bench, "贾馆员", Role.DIRECTOR)
    client = browser(bench)
    assert signed_in(client, idp).status_code == 303
    made = next(a for a in bench.signing_in.register.all() if a.subject)
    assert made.roles == {Role.OFFICIAL}
    assert made.name == "贾馆员 (s-1)", "a name makes nobody another person"
    assert "admit-account" in actions(bench)
    assert signed_in(browser(bench), idp).status_code == 303
    assert len(bench.signing_in.register.all()) == 2


def test_nobody_is_sent_elsewhere_afterwards(
    client: TestClient, idp: Idp, bench: Workbench
) -> None:
    entered(bench)
    assert signed_in(client, idp, "https%3A%2F%2Fevil.example").headers["location"] == "/"
    other = browser(bench)
    back = visited(idp, sent_to(start(other)))
    secret = other.cookies["zhiku_sso"].split(".")[0]
    other.cookies.clear()
    other.cookies.set("zhiku_sso", f"{secret}.%2F%2Fevil.example")
    assert other.get(back).headers["location"] == "/"


def test_the_button_needs_our_own_form(client: TestClient, idp: Idp) -> None:
    assert client.get("/sso/start").status_code == 403
    assert client.post("/sso/start", data={"form": "x"}).status_code == 403
    assert idp.asked == []


def test_many_failures_stop_an_address(client: TestClient, idp: Idp) -> None:
    for _ in range(BY_ADDRESS):
        assert client.get("/sso/back?state=x&code=y").status_code == 401
    assert client.get("/sso/back?state=x&code=y").status_code == 429
    assert idp.asked == []


def test_without_a_provider_there_is_no_button_and_no_address(workbench: Workbench) -> None:
    client = browser(workbench)
    assert "/sso/start" not in client.get("/sign-in").text
    assert client.get("/sso/start").status_code == 404
    assert client.post("/sso/start").status_code == 404
    assert client.get("/sso/back?code=x").status_code == 404


def test_after_signing_out_the_provider_asks_anew(
    client: TestClient, idp: Idp, bench: Workbench
) -> None:
    entered(bench)
    assert signed_in(client, idp).status_code == 303
    mark = re.search(r'name="form" value="([^"]+)"', client.get("/sign-out").text)
    assert mark
    client.post("/sign-out", data={"form": mark[1]})
    assert not is_inside(client)
    asked = parse_qs(urlsplit(sent_to(start(client))).query)
    assert asked["prompt"] == ["login"]


def test_new_keys_of_the_provider_are_found(
    client: TestClient, idp: Idp, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered(bench)
    monkeypatch.setattr("briefs.workbench.portal.provider._AGAIN", 0.0)
    assert signed_in(client, idp).status_code == 303
    idp.key = RSAKey.generate_key(2048, {"kid": "two"})
    assert signed_in(browser(bench), idp).status_code == 303
    with pytest.warns(SecurityWarning):
        idp.key = RSAKey.generate_key(1024, {"kid": "weak"})
    assert signed_in(browser(bench), idp).status_code in {401, 503}


def test_with_https_the_attempt_is_for_https_and_this_host(idp: Idp, bench: Workbench) -> None:
    bench.house.settings = settings_of(bench.home, idp, public_address="https://zhiku.example.org")
    app = Starlette(
        routes=routes(lambda: bench, warmth=Warmth()), middleware=middleware(lambda: bench)
    )
    client = TestClient(app, base_url="https://zhiku.example.org", follow_redirects=False)
    idp.redirect = "https://zhiku.example.org/sso/back"
    going = start(client)
    asked = parse_qs(urlsplit(sent_to(going)).query)
    assert asked["redirect_uri"] == ["https://zhiku.example.org/sso/back"]
    cookie = next(v for k, v in going.headers.multi_items() if v.startswith("__Host-zhiku-sso="))
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
