"""Settings: the file's, overridden by the environment's, and what is refused."""

from pathlib import Path

import pytest

from briefs.errors import SettingError
from briefs.workbench.settings import FILE_NAME, load
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
