"""Settings: the file's, overridden by the environment's, and what is refused."""

from pathlib import Path

import pytest

from briefs.errors import SettingError
from briefs.workbench.settings import FILE_NAME, load, secret_of
from knowledge.errors import BadHomeError


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text('library = "县馆"\nport = 9000\n', encoding="utf-8")
    settings = load(tmp_path, {"ZHIKU_PORT": "9100", "ZHIKU_ENCODER": "some/model"})
    assert (settings.library, settings.port, settings.encoder) == ("县馆", 9100, "some/model")
    assert settings.home == tmp_path


def test_the_home_is_named_by_option_then_environment(tmp_path: Path) -> None:
    named = {"ZHIKU_HOME": str(tmp_path / "b")}
    assert load(tmp_path / "a", named).home == tmp_path / "a"
    assert load(None, named).home == tmp_path / "b"


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('colour = "red"', "colour"),
        ('port = "many"', "port"),
        ("port = 0", "port"),
        ('language = "fr"', "zh / en"),
        ('access = "named"', "public / staff"),
        ('reference_edition = "2005"', "2025 / 2015"),
        ('reference_system = "notes"', "numeric / author-date"),
        ('font_folder = "/nowhere/at/all"', "font_folder"),
    ],
)
def test_a_wrong_setting_names_its_key_and_what_is_allowed(
    tmp_path: Path, line: str, names: str
) -> None:
    (tmp_path / FILE_NAME).write_text(line, encoding="utf-8")
    with pytest.raises(SettingError, match=names):
        load(tmp_path, {})


def test_a_broken_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("port = = 1", encoding="utf-8")
    with pytest.raises(BadHomeError, match=FILE_NAME):
        load(tmp_path, {})


PROVIDER = """
sso_issuer = "https://id.example.org/realms/desk"
sso_client = "zhiku"
sso_secret = "a-secret-of-two"
"""


def test_a_provider_is_set(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(PROVIDER, encoding="utf-8")
    settings = load(tmp_path, {})
    assert settings.has_sso
    assert (settings.sso_claim, settings.sso_role) == ("sub", "")
    assert secret_of(settings) == "a-secret-of-two"
    assert not load(tmp_path / "other", {}).has_sso


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sso_issuer", "http://id.example.org"),
        ("sso_issuer", "id.example.org"),
        ("sso_issuer", "https://"),
        ("sso_issuer", "https://id.example.org/?a=b"),
        ("sso_issuer", "https://me@id.example.org"),
        ("sso_issuer", "https://id.example.org/ x"),
        ("sso_client", " "),
        ("sso_claim", "a claim"),
        ("sso_role", "administrator"),
        ("sso_role", "publisher"),
        ("sso_role", "nobody"),
        ("log", "xml"),
    ],
)
def test_a_wrong_provider_names_its_key_and_what_is_allowed(
    tmp_path: Path, key: str, value: str
) -> None:
    (tmp_path / FILE_NAME).write_text(PROVIDER, encoding="utf-8")
    with pytest.raises(SettingError, match=key) as caught:
        load(tmp_path, {f"ZHIKU_{key.upper()}": value})
    assert "a-secret-of-two" not in str(caught.value)


@pytest.mark.parametrize("key", ["sso_client", "sso_secret_file", "sso_role", "sso_name"])
def test_a_provider_is_set_wholly_or_not(tmp_path: Path, key: str) -> None:
    with pytest.raises(SettingError, match=key):
        load(tmp_path, {f"ZHIKU_{key.upper()}": "official"})


def test_a_secret_may_be_in_a_file(tmp_path: Path) -> None:
    kept = tmp_path / "secret"
    given = {
        "ZHIKU_SSO_ISSUER": "https://id.example.org",
        "ZHIKU_SSO_CLIENT": "zhiku",
        "ZHIKU_SSO_SECRET_FILE": str(kept),
    }
    for words in (None, "", " \n"):
        if words is not None:
            kept.write_text(words, encoding="utf-8")
        with pytest.raises(SettingError, match="sso_secret_file"):
            load(tmp_path, given)
    kept.write_text("a-secret-of-two\n", encoding="utf-8")
    assert secret_of(load(tmp_path, given)) == "a-secret-of-two"
    with pytest.raises(SettingError, match="sso_secret_file"):
        load(tmp_path, {**given, "ZHIKU_SSO_SECRET_FILE": ""})


def test_a_secret_is_in_no_error_and_no_text(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(PROVIDER, encoding="utf-8")
    assert "a-secret-of-two" not in repr(load(tmp_path, {}))
    (tmp_path / FILE_NAME).write_text("sso_secret = 17", encoding="utf-8")
    with pytest.raises(SettingError) as caught:
        load(tmp_path, {})
    assert "17" not in str(caught.value)
