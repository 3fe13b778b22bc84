"""Another encoder takes over when it has encoded everything, and not before."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from briefs.workbench import serving
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli import dividing
from briefs.workbench.models import Models
from briefs.workbench.settings import Settings
from embeddings.errors import EncoderBrokenError
from embeddings.hashing import HashingEncoder
from embeddings.protocols import Encoder
from knowledge.model import Mode
from knowledge.readers.sandbox import InProcess
from tests.homes import Clock, fill, remove

OLD, NEW = HashingEncoder(256), HashingEncoder(128)


@pytest.fixture
def loadable(monkeypatch: pytest.MonkeyPatch) -> dict[str, Encoder]:
    """What settings load here."""
    encoders: dict[str, Encoder] = {"old": OLD, "new": NEW}

    def made(_: Models, setting: str) -> Encoder | EncoderBrokenError:
        found = encoders.get(setting)
        return EncoderBrokenError(name=setting, reason="gone") if found is None else found

    monkeypatch.setattr(Models, "made", made)
    return encoders


def opened(folder: Path, encoder: str) -> Workbench:
    settings = replace(Settings(folder / "home"), encoder=encoder)
    return Workbench(settings, clock=Clock(), files=InProcess())


@pytest.fixture
def changed(tmp_path: Path, loadable: dict[str, Encoder]) -> Iterator[Workbench]:
    """A home that the old encoder has encoded, opened with the new one."""
    first = opened(tmp_path, "old")
    fill(first, tmp_path)
    first.close()
    home = opened(tmp_path, "new")
    yield home
    home.close()


def found(home: Workbench) -> list[int]:
    return [each.passage.id for each in home.retriever.search("助餐点送餐", mode=Mode.DENSE)]


def test_the_encoder_before_searches_until_all_is_encoded(changed: Workbench) -> None:
    assert changed.dense is not None
    assert len(changed.dense) == 0
    assert changed.dense.waiting() == changed.dense.pending() == len(changed.passages.ids())
    before = found(changed)
    assert before
    assert changed.succession.before is OLD
    changed.index()
    assert found(changed)
    assert changed.succession.before is None
    assert changed.serving == (NEW, changed.dense)


def test_what_is_removed_meanwhile_is_not_found(changed: Workbench) -> None:
    best = found(changed)[0]
    document = changed.passages.many([best])[best].document_id
    remove(changed, document)
    assert best not in found(changed)


def test_the_next_start_knows_which_one_is_whole(tmp_path: Path, changed: Workbench) -> None:
    changed.index()
    found(changed)
    changed.close()
    again = opened(tmp_path, "new")
    assert again.serving is not None
    assert again.serving[0] is NEW
    assert again.succession.before is None
    back = opened(tmp_path, "old")
    # The old index was kept beside: nothing is encoded again.
    assert back.dense is not None
    assert back.dense.pending() == 0
    assert found(back)
    assert back.dense.waiting() == 0
    assert back.succession.before is None
    for home in (again, back):
        home.close()


def test_an_encoder_that_is_gone_leaves_what_is_encoded_and_words(
    tmp_path: Path, loadable: dict[str, Encoder]
) -> None:
    first = opened(tmp_path, "old")
    fill(first, tmp_path)
    first.close()
    del loadable["old"]
    home = opened(tmp_path, "new")
    assert home.succession.before is None
    assert home.retriever.search("助餐点送餐", mode=Mode.HYBRID)
    assert found(home) == []
    home.close()


def test_a_setting_behind_which_the_model_changed_serves_nothing(
    tmp_path: Path, loadable: dict[str, Encoder]
) -> None:
    first = opened(tmp_path, "old")
    fill(first, tmp_path)
    first.close()
    loadable["old"] = HashingEncoder(64)
    for setting in ("new", "old"):
        home = opened(tmp_path, setting)
        assert home.serving is not None
        assert home.succession.before is None
        home.close()


def test_what_other_encoders_left_is_forgotten_when_asked(changed: Workbench) -> None:
    changed.index()
    found(changed)
    assert changed.dense is not None
    (other,) = changed.dense.others()
    assert (other.name, other.vectors) == ("hashing", len(changed.passages.ids()))
    folders = changed.home / "index" / "dense"
    assert len(list(folders.iterdir())) == 2
    changed.dense.forget_others()
    assert changed.dense.others() == []
    assert [each.name for each in folders.iterdir()] == [NEW.fingerprint]
    assert changed.dense.pending() == 0
    assert found(changed)
    assert all(finding.is_sound for finding in changed.doctor.examine())


def test_the_index_of_an_older_release_goes(tmp_path: Path, loadable: dict[str, Encoder]) -> None:
    home = opened(tmp_path, "old")
    folder = tmp_path / "home" / "index" / "dense"
    folder.mkdir()
    for name in ("manifest.json", "index-0123456789abcdef.faiss"):
        (folder / name).write_bytes(b"older")
    fill(home, tmp_path)
    assert [each.name for each in folder.iterdir()] == [OLD.fingerprint]
    home.close()


def test_nothing_is_forgotten_while_the_new_encoder_has_not_encoded_all(
    changed: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    assert changed.dense is not None
    dividing.forget_encoders(changed)
    assert len(changed.dense.others()) == 1
    assert "暂不删除" in capsys.readouterr().out
    changed.index()
    dividing.describe(changed)
    assert "“hashing”" in capsys.readouterr().out
    dividing.forget_encoders(changed)
    assert changed.dense.others() == []


def test_the_library_page_says_who_searches_meanwhile(changed: Workbench) -> None:
    found(changed)
    serving.share(changed)
    try:
        test = AppTest.from_function(_library, default_timeout=60).run()
    finally:
        serving.share(None)
    assert not test.exception
    said = "\n".join(caption.value for caption in test.caption)
    assert f"还有 {len(changed.passages.ids())} 段" in said
    assert "原模型“hashing”" in said


def _library() -> None:
    from briefs.workbench.pages import library
    from briefs.workbench.pages.common import keep_language

    keep_language()
    library.page()
