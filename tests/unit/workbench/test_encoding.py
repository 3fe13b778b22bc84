"""The doctor says how this machine encodes."""

import pytest

from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli import encoding
from embeddings import model_loading


@pytest.mark.parametrize(
    ("ability", "said", "not_said"),
    [("avx512_bf16", "bfloat16", "float32"), (None, "float32", "avx512_bf16")],
)
def test_the_precision_and_what_chose_it(
    workbench: Workbench,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    ability: str | None,
    said: str,
    not_said: str,
) -> None:
    monkeypatch.setattr(model_loading, "bf16_ability", lambda: ability)
    encoding.describe(workbench)
    line = capsys.readouterr().out
    assert said in line
    assert not_said not in line
    assert workbench.encoder.name in line
    assert (ability or "") in line
