"""The library's identity provider: OpenID Connect, authorization code with PKCE, through Authlib.

Nothing is asked of any server unless a provider is set, and then only of that one: its description
(discovery), its keys, and its token endpoint, none of which may redirect. What it says of a person
counts only if the signature, the provider, the application, the time and the browser are right.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from briefs.workbench.portal.proof import Proof
from briefs.workbench.settings import LOCAL, Settings, address_of, secret_of
from knowledge.accounts.binding import Vouched
from knowledge.accounts.errors import ProviderDownError, ProviderError

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""Signatures that count. None is made with a shared secret, which a public key could pose as."""
SKEW: Final = 60
"""Seconds by which the provider's clock may differ from ours."""
_PATIENCE: Final = httpx2.Timeout(10, connect=5)
_KEPT: Final = 3600.0
"""Seconds for which the provider's description and keys are kept."""
_AGAIN: Final = 60.0
"""Seconds before keys are asked for again because one is unknown."""
_PAUSE: Final = 5.0
"""Seconds for which a provider that did not answer is not asked again: nobody queues for it."""
_LONGEST: Final = 1_000_000
"""Characters of a description, of keys, of a token: providers send a few thousand."""
_ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_SCOPES: Final[Mapping[str, str]] = {"email": "email"}
_SHORTEST: Final = 342
"""Characters of the modulus of an RSA key of 2048 bits."""
_REGISTRY: Final = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Description:
    """What a provider says of itself."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_methods: tuple[str, ...]
    names_itself: bool
    """It says who it is in every answer (RFC 9207)."""
    at: float


@dataclass(frozen=True, slots=True)
class _Keys:
    keys: KeySet
    at: float


class Provider:
    """One identity provider; safe in several threads.

    Methods may ask the network and wait for seconds: not to be called in the server's own thread.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Know the provider of the settings; nothing is asked yet.

        Args:
            settings: with ``sso_issuer`` set.
            clock: the moment, for what ends.
            ticks: seconds since any start, for what is kept.
        """
        self._settings = settings
        self._clock = clock
        self._ticks = ticks
        self._lock = threading.Lock()
        self._description: _Description | None = None
        self._keys: _Keys | None = None
        self._silent_at: float | None = None

    @property
    def redirect(self) -> str:
        """Where the provider sends people back to: by the settings, never by a request."""
        return f"{address_of(self._settings)}/sso/back"

    def address(self, proof: Proof, *, afresh: bool) -> str:
        """Where a browser goes to prove who its person is.

        Args:
            proof: of this attempt.
            afresh: the provider shall ask even whom it knows already.

        Raises:
            ProviderDownError: the provider does not answer.
        """
        described = self._described()
        further = {"prompt": "login"} if afresh else {}
        with self._client() as client:
            address, _ = client.create_authorization_url(
                described.authorization_endpoint,
                state=proof.state,
                code_verifier=proof.verifier,
                nonce=proof.nonce,
                **further,
            )
        return str(address)

    def vouched(self, answer: Mapping[str, str], proof: Proof) -> Vouched:
        """Whom the provider vouches for, of an answer whose state was right.

        Args:
            answer: what the browser brought back.
            proof: of the attempt that the answer belongs to.

        Raises:
            ProviderDownError: the provider does not answer.
            ProviderError: it signed nobody in, or what it says cannot be relied on.
        """
        described = self._described()
        said = answer.get("iss")
        if said != self._settings.sso_issuer and (said is not None or described.names_itself):
            raise _refused("an answer of another provider")
        if "error" in answer or not (code := answer.get("code")):
            raise _refused("the provider signed nobody in")
        token = self._token(described, code, proof.verifier)
        return self._person(self._claims(described, token, proof.nonce))

    def _token(self, described: _Description, code: str, verifier: str) -> Mapping[str, Any]:
        try:
            with self._client(described) as client:
                token = client.fetch_token(
                    described.token_endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                )
        except httpx2.HTTPError as error:
            raise _down(error) from error
        except (AuthlibBaseError, ValueError) as error:
            raise _refused(f"the code was not taken: {type(error).__name__}") from error
        if not isinstance(token, Mapping) or not isinstance(token.get("id_token"), str):
            raise _refused("no token of a person's identity")
        return token

    def _claims(
        self, described: _Description, token: Mapping[str, Any], nonce: str
    ) -> Mapping[str, Any]:
        text = token["id_token"]
        if len(text) > _LONGEST:
            raise _refused("a token that is too long")
        try:
            try:
                decoded = jwt.decode(text, self._keys_of(described), registry=_REGISTRY)
            except InvalidKeyIdError:
                # The provider may have changed its keys.
                keys = self._keys_of(described, older_than=_AGAIN)
                decoded = jwt.decode(text, keys, registry=_REGISTRY)
            if str(decoded.header.get("typ", "JWT")).upper() != "JWT":
                raise _refused("a token made for something else")
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "values": [self._settings.sso_issuer]},
                    "aud": {"essential": True, "value": self._settings.sso_client},
                    "sub": {"essential": True},
                    "nonce": {"essential": True, "value": nonce},
                },
                {
                    "nonce": nonce,
                    "client_id": self._settings.sso_client,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(now=int(self._clock().timestamp()), leeway=SKEW)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _refused(f"a token that is not right: {type(error).__name__}") from error
        found: Mapping[str, Any] = claims
        return found

    def _person(self, claims: Mapping[str, Any]) -> Vouched:
        subject, name = claims["sub"], claims.get("name")
        if not isinstance(subject, str) or not subject.strip() or len(subject) > 255:
            raise _refused("a person without a subject")
        claim = self._settings.sso_claim
        said = claims.get(claim) if claim != "sub" else None
        # Whoever may write any address into their profile is not the person who reads its mail.
        is_verified = claim != "email" or claims.get("email_verified") is True
        return Vouched(
            issuer=self._settings.sso_issuer,
            subject=subject,
            claim=said if isinstance(said, str) and said.strip() and is_verified else None,
            name=name if isinstance(name, str) else "",
        )

    def _client(self, described: _Description | None = None) -> OAuth2Client:
        methods = described.token_methods if described else ()
        scope = " ".join(["openid", "profile", *_SCOPES.get(self._settings.sso_claim, "").split()])
        return OAuth2Client(
            client_id=self._settings.sso_client,
            client_secret=secret_of(self._settings),
            scope=scope,
            redirect_uri=self.redirect,
            code_challenge_method="S256",
            token_endpoint_auth_method=(
                "client_secret_post"
                if methods and "client_secret_basic" not in methods
                else "client_secret_basic"
            ),
            timeout=_PATIENCE,
            follow_redirects=False,
        )

    def _described(self) -> _Description:
        with self._lock:
            known = self._description
            if known is not None and self._ticks() - known.at < _KEPT:
                return known
            if self._silent_at is not None and self._ticks() - self._silent_at < _PAUSE:
                raise ProviderDownError()
            issuer = self._settings.sso_issuer
            self._silent_at = self._ticks()
            told = _fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            self._silent_at = None
            if told.get("issuer") != issuer:
                raise _down("it describes another provider")
            self._description = _description_of(told, issuer, self._ticks())
            return self._description

    def _keys_of(self, described: _Description, *, older_than: float = _KEPT) -> KeySet:
        with self._lock:
            if self._keys is None or self._ticks() - self._keys.at >= older_than:
                told = _fetched(described.jwks_uri)
                try:
                    keys = KeySet.import_key_set({"keys": _public(told)})
                except (JoseError, ValueError, TypeError, KeyError) as error:
                    raise _down(error) from error
                self._keys = _Keys(keys, self._ticks())
            return self._keys.keys


def _fetched(address: str) -> Mapping[str, Any]:
    """A JSON object of the provider's; a redirect is no answer."""
    try:
        with httpx2.Client(timeout=_PATIENCE, follow_redirects=False) as client:
            answer = client.get(address, headers={"Accept": "application/json"})
        if answer.status_code != 200 or len(answer.content) > _LONGEST:
            raise _down(f"status {answer.status_code}")
        told = answer.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise _down(error) from error
    if not isinstance(told, dict):
        raise _down("not an object")
    return told


def _description_of(told: Mapping[str, Any], issuer: str, at: float) -> _Description:
    found = {name: told.get(name) for name in _ENDPOINTS}
    for address in found.values():
        if not isinstance(address, str) or not _is_safe(address, issuer):
            raise _down("an endpoint that is none")
    methods = told.get("token_endpoint_auth_methods_supported")
    return _Description(
        **{name: str(address) for name, address in found.items()},
        token_methods=tuple(map(str, methods)) if isinstance(methods, list) else (),
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
        at=at,
    )


def _is_safe(address: str, issuer: str) -> bool:
    parts = urlsplit(address)
    is_local = parts.hostname in LOCAL and issuer.startswith("http://")
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_local)
    )


def _public(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The keys that may verify signatures; a shared secret among them is none."""
    keys = told.get("keys")
    found = [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []
    return [key for key in found if key.get("use") != "enc" and _is_strong(key)]


def _is_strong(key: Mapping[str, Any]) -> bool:
    kind = key.get("kty")
    return kind == "EC" or (kind == "RSA" and len(str(key.get("n", ""))) >= _SHORTEST)


def _down(reason: object) -> ProviderDownError:
    kind = type(reason).__name__ if isinstance(reason, Exception) else reason
    _log.warning("identity provider: no answer to rely on: %s", kind)
    return ProviderDownError()


def _refused(reason: str) -> ProviderError:
    _log.warning("identity provider: refused: %s", reason)
    return ProviderError()
