"""Settings: a file in the home, overridden by the environment."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs

from briefs.citing.style import DEFAULT, RulesEdition, Style, System
from briefs.errors import SettingError
from knowledge.accounts.binding import ADMITTED
from knowledge.errors import BadHomeError

FILE_NAME = "settings.toml"
BUNDLED = "bundled"
LANGUAGES = ("zh", "en")
LOGS = ("plain", "json")
ACCESSES = ("public", "staff")
SECRETS = frozenset({"sso_secret", "assistant_key"})
"""Settings that are never shown."""
SOURCES = ("public", "all")
LOCAL = ("127.0.0.1", "::1", "localhost")
_CLAIM = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,99}")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a library can set.

    Each field but the home is a key of ``settings.toml``, and in capitals behind ``ZHIKU_`` an
    environment variable that overrides it.
    """

    home: Path
    encoder: str = BUNDLED
    """``bundled``, or a sentence-transformers model name or folder."""
    reranker: str = ""
    """A cross-encoder's name or folder, which orders the first candidates anew; empty: none."""
    language: str = "zh"
    """``zh`` or ``en``: of the command line, and the pages' first language."""
    library: str = "本馆"
    """Name of the main library, the first branch."""
    person: str = "本馆馆员"
    """On whose behalf things are done while there are no accounts."""
    access: str = "public"
    """``public`` or ``staff``: who may see a new document when nobody says it."""
    notice: str = ""
    """A line printed on every brief."""
    reference_edition: str = DEFAULT.edition.value
    """Of GB/T 7714: ``2025`` or ``2015``."""
    reference_system: str = DEFAULT.system.value
    """``numeric`` or ``author-date``."""
    font_folder: str = ""
    """A folder of the library's own fonts (仿宋, 小标宋) for PDF."""
    keep_askers: int = 365
    """Days that an asker's name and contact are kept after the last thing that was done on an
    inquiry of theirs: a year's work, in which a question or a complaint comes back."""
    host: str = "127.0.0.1"
    port: int = 8501
    log: str = "plain"
    """``plain`` or ``json``: how the server logs, a line each, on standard error."""
    sso_issuer: str = ""
    """The identity provider by which people sign in, e.g. ``https://id.example.org/realms/desk``;
    empty: by name and password only, and the server asks nothing of anybody."""
    sso_client: str = ""
    """What the provider calls this application (client id)."""
    sso_secret: str = field(default="", repr=False)
    """The client's secret; better in the environment or in a file than in the settings."""
    sso_secret_file: str = ""
    """A file that holds nothing but the client's secret."""
    sso_claim: str = "sub"
    """The claim by which an account is found at the first sign-in: ``sub``: by nothing else."""
    sso_role: str = ""
    """As what people are let in whom no administrator has entered; empty: not at all."""
    sso_name: str = ""
    """What the button on the sign-in page calls the provider."""
    assistant_address: str = ""
    """An OpenAI-compatible endpoint that may propose statements, e.g. ``http://127.0.0.1:8080/v1``;
    empty: there is no assistant, and nothing leaves the house."""
    assistant_model: str = ""
    """What the endpoint calls the model."""
    assistant_key: str = field(default="", repr=False)
    """The endpoint's key; better in the environment or in a file than in the settings."""
    assistant_key_file: str = ""
    """A file that holds nothing but the endpoint's key."""
    assistant_timeout: int = 60
    """Seconds that an answer is waited for."""
    assistant_sources: str = "public"
    """``public``: it is shown passages that anybody may see; ``all``: whatever the person may see
    who asks."""
    public_address: str = ""
    """What people type to come here, e.g. ``https://zhiku.example.org``, where a proxy stands
    before the server; with ``https`` cookies and pages are for secure connections only."""

    @property
    def has_sso(self) -> bool:
        """Whether people may sign in by an identity provider."""
        return bool(self.sso_issuer)

    @property
    def has_assistant(self) -> bool:
        """Whether a model may be asked for statements."""
        return bool(self.assistant_address)

    @property
    def is_secure(self) -> bool:
        """Whether people come by HTTPS."""
        return self.public_address.startswith("https://")

    @property
    def reference_style(self) -> Style:
        """In which form briefs are published from now on; editions keep theirs."""
        return Style(RulesEdition(self.reference_edition), System(self.reference_system))


def default_home() -> Path:
    """The platform's folder for a user's data."""
    return Path(platformdirs.user_data_dir("zhiku", appauthor=False))


def load(home: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings of a home: the file's, overridden by the environment's.

    Args:
        home: the home folder; without it ``ZHIKU_HOME``, else `default_home`.
        environment: where ``ZHIKU_…`` variables are looked up.

    Raises:
        SettingError: an unknown key, or a value that is not allowed.
        BadHomeError: the settings file cannot be read.
    """
    folder = home or Path(environment.get("ZHIKU_HOME") or default_home())
    folder = folder.expanduser().resolve()
    values = _file_values(folder) | _environment_values(environment)
    settings = replace(Settings(folder), **values)
    _check(settings)
    _check_sso(settings)
    _check_assistant(settings)
    return settings


def secret_of(settings: Settings) -> str:
    """The secret that the identity provider knows this application by.

    Raises:
        SettingError: the file that should hold it cannot be read, or is empty.
    """
    if settings.sso_secret:
        return settings.sso_secret
    return _secret_in("sso_secret_file", settings.sso_secret_file)


def assistant_key_of(settings: Settings) -> str:
    """The key of the assistant's endpoint; empty for one that asks for none.

    Raises:
        SettingError: the file that should hold it cannot be read, or is empty.
    """
    if settings.assistant_key or not settings.assistant_key_file:
        return settings.assistant_key
    return _secret_in("assistant_key_file", settings.assistant_key_file)


def _secret_in(key: str, path: str) -> str:
    try:
        secret = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(key=key, value=path, allowed="a file") from error
    if not secret:
        raise SettingError(key=key, value=path, allowed="a file that is not empty")
    return secret


def address_of(settings: Settings) -> str:
    """What a person types into the browser's address line: from elsewhere, or on this machine."""
    if settings.public_address:
        return settings.public_address.rstrip("/")
    everywhere = {"0.0.0.0": "localhost", "::": "localhost"}  # noqa: S104  # nosec B104 – compared
    host = everywhere.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def host_of(address: str) -> str:
    """The host of an address, small and without its port; empty where there is none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _keys() -> dict[str, type]:
    numbers = {"port", "keep_askers", "assistant_timeout"}
    return {field.name: int if field.name in numbers else str for field in fields(Settings)[1:]}


def _file_values(home: Path) -> dict[str, Any]:
    path = home / FILE_NAME
    try:
        if not path.exists():
            return {}
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadHomeError(path=home, reason=f"{FILE_NAME}: {error}") from error
    known = _keys()
    for key, value in values.items():
        if key not in known:
            raise SettingError(key=key, value=value, allowed=", ".join(known))
        if not isinstance(value, known[key]):
            shown = "…" if key in SECRETS else value
            raise SettingError(key=key, value=shown, allowed=known[key].__name__)
    return values


def _environment_values(environment: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, kind in _keys().items():
        given = environment.get(f"ZHIKU_{key.upper()}")
        if not given:
            continue
        try:
            values[key] = kind(given)
        except ValueError as error:
            raise SettingError(key=key, value=given, allowed=kind.__name__) from error
    return values


def _check(settings: Settings) -> None:
    if settings.language not in LANGUAGES:
        allowed = " / ".join(LANGUAGES)
        raise SettingError(key="language", value=settings.language, allowed=allowed)
    if settings.access not in ACCESSES:
        allowed = " / ".join(ACCESSES)
        raise SettingError(key="access", value=settings.access, allowed=allowed)
    if settings.log not in LOGS:
        raise SettingError(key="log", value=settings.log, allowed=" / ".join(LOGS))
    if not 1 <= settings.keep_askers <= 3650:
        raise SettingError(key="keep_askers", value=settings.keep_askers, allowed="1–3650")
    for key, known in (("reference_edition", RulesEdition), ("reference_system", System)):
        value, values = getattr(settings, key), [str(each) for each in known]
        if value not in values:
            raise SettingError(key=key, value=value, allowed=" / ".join(values))
    if not 1 <= settings.port <= 65535:
        raise SettingError(key="port", value=settings.port, allowed="1–65535")
    address = urlsplit(settings.public_address)
    if settings.public_address and not (
        address.scheme in {"http", "https"} and address.netloc and address.path in {"", "/"}
    ):
        raise SettingError(
            key="public_address",
            value=settings.public_address,
            allowed="https://zhiku.example.org",
        )
    if settings.font_folder and not Path(settings.font_folder).is_dir():
        raise SettingError(key="font_folder", value=settings.font_folder, allowed="a folder")


def _check_sso(settings: Settings) -> None:
    if not settings.has_sso:
        for key in ("sso_client", "sso_secret_file", "sso_role", "sso_name"):
            if value := getattr(settings, key):
                raise SettingError(key=key, value=value, allowed="nothing without sso_issuer")
        return
    roles = ", ".join(ADMITTED)
    rules = {
        "sso_issuer": (_is_issuer(settings.sso_issuer), "https://id.example.org"),
        "sso_client": (bool(settings.sso_client.strip()), "what the provider calls Zhiku"),
        "sso_claim": (bool(_CLAIM.fullmatch(settings.sso_claim)), "sub, email, employee_number …"),
        "sso_role": (settings.sso_role in {"", *ADMITTED}, roles),
    }
    for key, (is_allowed, allowed) in rules.items():
        if not is_allowed:
            raise SettingError(key=key, value=getattr(settings, key), allowed=allowed)
    secret_of(settings)


def _is_issuer(value: str) -> bool:
    """Whether this can be a provider's name: what is secret is not sent over an open network."""
    if not _is_plain(value):
        return False
    parts = urlsplit(value)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)


def _check_assistant(settings: Settings) -> None:
    if not settings.has_assistant:
        for key in ("assistant_model", "assistant_key_file"):
            if value := getattr(settings, key):
                raise SettingError(
                    key=key, value=value, allowed="nothing without assistant_address"
                )
        return
    rules = {
        "assistant_address": (_is_endpoint(settings.assistant_address), "https://…/v1"),
        "assistant_model": (bool(settings.assistant_model.strip()), "what it calls the model"),
        "assistant_timeout": (5 <= settings.assistant_timeout <= 600, "5–600"),
        "assistant_sources": (settings.assistant_sources in SOURCES, " / ".join(SOURCES)),
    }
    for key, (is_allowed, allowed) in rules.items():
        if not is_allowed:
            raise SettingError(key=key, value=getattr(settings, key), allowed=allowed)
    key = assistant_key_of(settings)
    if not re.fullmatch(r"[!-~]*", key):
        raise SettingError(key="assistant_key", value="…", allowed="letters without blanks")


def _is_endpoint(value: str) -> bool:
    """Whether passages and a key may be sent there: openly only within the house's own network."""
    if not _is_plain(value):
        return False
    parts = urlsplit(value)
    return parts.scheme == "https" or (parts.scheme == "http" and _is_near(parts.hostname or ""))


def _is_near(host: str) -> bool:
    try:
        return host in LOCAL or ip_address(host).is_private
    except ValueError:
        return False


def _is_plain(value: str) -> bool:
    """Whether it is an address of a host and a path, and nothing else."""
    try:
        parts = urlsplit(value)
        has_more = parts.query or parts.fragment or parts.username or parts.password
        return bool(re.fullmatch(r"[!-~]+", value) and parts.hostname and not has_more)
    except ValueError:
        return False
