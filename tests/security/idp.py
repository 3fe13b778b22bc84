"""An identity provider run in the test: OpenID Connect over real HTTP, by Authlib's server side.

It is a good one until it is told to be a bad one: `Idp.lies` changes what it says of a person,
`Idp.forge` how it signs.
"""

import base64
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from authlib.oauth2.rfc6749 import (  # type: ignore[import-untyped]
    AuthorizationServer,
    ClientMixin,
    OAuth2Request,
    grants,
)
from authlib.oauth2.rfc6749.requests import (  # type: ignore[import-untyped]
    BasicOAuth2Payload,
)
from authlib.oauth2.rfc6750 import BearerTokenGenerator  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import CodeChallenge  # type: ignore[import-untyped]
from authlib.oidc.core import OpenIDCode, UserInfo  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT = "zhiku"
SECRET = "nobody-but-these-two-know"
Forge = Callable[[dict[str, Any], dict[str, Any]], str]


class Code:
    """A code that waits to be exchanged, and what it was asked for with."""

    def __init__(self, value: str, request: Any) -> None:
        self.value = value
        self.asked = dict(request.payload.data)
        self.user = request.user
        self.code_challenge = self.asked.get("code_challenge")
        self.code_challenge_method = self.asked.get("code_challenge_method")

    def get_redirect_uri(self) -> str | None:
        return self.asked.get("redirect_uri")

    def get_scope(self) -> str:
        return str(self.asked["scope"])

    def get_nonce(self) -> str | None:
        return self.asked.get("nonce")

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Client(ClientMixin):  # type: ignore[misc]
    """The library's application, as the provider knows it."""

    def __init__(self, redirect: str, method: str) -> None:
        self.redirect = redirect
        self.method = method

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self.redirect

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return bool(method == self.method)

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Idp(AuthorizationServer):  # type: ignore[misc]
    """The provider, and the strings that a test may pull."""

    def __init__(self, port: int) -> None:
        super().__init__(scopes_supported=["openid", "profile", "email"])
        self.issuer = f"http://127.0.0.1:{port}"
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.method = "client_secret_basic"
        self.redirect = ""
        self.person: dict[str, Any] = {"sub": "s-1", "name": "贾馆员"}
        self.lies: dict[str, Any] = {}
        self.forge: Forge | None = None
        self.described: dict[str, Any] = {}
        self.codes: dict[str, Code] = {}
        self.asked: list[str] = []
        self.reuse = False
        self.register_token_generator(
            "default", BearerTokenGenerator(lambda **_: "an-access-token")
        )
        self.register_grant(_grant_of(self), [_token_of(self), CodeChallenge(required=True)])

    def query_client(self, client_id: str) -> Client | None:
        return Client(self.redirect, self.method) if client_id == CLIENT else None

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        pass

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        pass

    def create_oauth2_request(self, request: Any) -> Any:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Response:
        found = dict(headers)
        if "Location" in found:
            return RedirectResponse(found["Location"], status)
        return JSONResponse(body, status)

    def encoded(self, claims: dict[str, Any]) -> str:
        """A token with these claims, changed as the test says."""
        told = {key: value for key, value in (claims | self.lies).items() if value is not None}
        header = {"alg": "RS256", "kid": self.key.kid}
        return self.forge(header, told) if self.forge else jwt.encode(header, told, self.key)

    def endpoints(self) -> dict[str, Any]:
        """What the provider says of itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "token_endpoint_auth_methods_supported": [self.method],
            "id_token_signing_alg_values_supported": ["RS256", "none", "HS256"],
        } | self.described

    async def serve(self, request: Request) -> Response:
        """Answer over HTTP, as the test wants it by now."""
        return await self.answer(request)

    async def answer(self, request: Request) -> Response:
        """Answer as providers do."""
        path = request.url.path
        self.asked.append(path)
        if path.endswith("openid-configuration"):
            return JSONResponse(self.endpoints())
        if path == "/keys":
            return JSONResponse({"keys": [self.key.as_dict(private=False)]})
        asked = _Asked(request, (await request.body()).decode())
        if path == "/token":
            response: Response = await run_in_threadpool(self.create_token_response, asked)
            return response
        return await run_in_threadpool(self._authorize, asked)

    def _authorize(self, asked: "_Asked") -> Response:
        grant = self.get_consent_grant(asked, self.person)
        response: Response = self.create_authorization_response(asked, self.person, grant)
        return response


class _Asked(OAuth2Request):  # type: ignore[misc]
    def __init__(self, request: Request, body: str) -> None:
        super().__init__(request.method, str(request.url), headers=dict(request.headers))
        self._form = dict(parse_qsl(body))
        self._args = dict(request.query_params)
        self.headers = {"Authorization": request.headers.get("authorization", "")}
        self.payload = BasicOAuth2Payload(self._form or self._args)

    @property
    def form(self) -> dict[str, str]:
        return self._form

    @property
    def args(self) -> dict[str, str]:
        return self._args


def _grant_of(idp: Idp) -> type[Any]:
    class Grant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
        def save_authorization_code(self, code: str, request: Any) -> None:
            idp.codes[code] = Code(code, request)

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            return idp.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            if not idp.reuse:
                del idp.codes[authorization_code.value]

        def authenticate_user(self, authorization_code: Code) -> Any:
            return authorization_code.user

    return Grant


def _token_of(idp: Idp) -> Any:
    class Token(OpenIDCode):  # type: ignore[misc]
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return False

        def get_client_claims(self, client: Client) -> dict[str, Any]:
            return {"iss": idp.issuer, "aud": [CLIENT]}

        def generate_user_info(self, user: dict[str, Any], scope: str) -> Any:
            return UserInfo(**user)

        def encode_id_token(self, token: dict[str, Any], request: Any) -> str:
            claims = self.get_compatible_claims(request)
            claims |= self.get_authorization_code_claims(request.authorization_code)
            return idp.encoded(claims | dict(self.generate_user_info(request.user, "")))

    return Token(require_nonce=True)


def unsigned(_header: dict[str, Any], claims: dict[str, Any]) -> str:
    """A token that nobody signed."""
    return f"{_signed_text({'alg': 'none'}, claims)}."


def with_public_key(idp: Idp) -> Forge:
    """Signs with what everybody can read: the public key, taken for a shared secret."""
    shared = idp.key.as_pem(private=False)

    def forge(header: dict[str, Any], claims: dict[str, Any]) -> str:
        text = _signed_text({**header, "alg": "HS256"}, claims)
        return f"{text}.{_packed(hmac.digest(shared, text.encode(), 'sha256'))}"

    return forge


def _signed_text(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return ".".join(_packed(json.dumps(part).encode()) for part in (header, claims))


def _packed(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def with_key(key: RSAKey, **further: Any) -> Forge:
    """Signs with another key, under the name of the right one or with `further` in the header."""

    def forge(header: dict[str, Any], claims: dict[str, Any]) -> str:
        registry = JWSRegistry(strict_check_header=False)
        return jwt.encode({**header, **further}, claims, key, registry=registry)

    return forge


@contextmanager
def running() -> Iterator[Idp]:
    """A provider that answers on this machine until the test is over."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        idp = Idp(listening.getsockname()[1])
        route = Route("/{rest:path}", idp.serve, methods=["GET", "POST"])
        app = Starlette(routes=[route])
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield idp
        server.should_exit = True
        thread.join(10)
