"""Fitting, on judged sets, when a search says that nothing was found – and what that is worth."""

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from briefs.workbench import bootstrap
from briefs.workbench.bootstrap import Workbench
from briefs.workbench.cli import main
from briefs.workbench.cli.curve_drawing import drawing
from briefs.workbench.settings import Settings
from briefs.workbench.wording import wording
from embeddings.hashing import HashingEncoder
from knowledge import calibrating, evaluation
from knowledge.calibrating import Case, Kind
from knowledge.judged import CorpusPassage, JudgedSet
from knowledge.lookups import Standing
from knowledge.model import Access, Mode, Stamp
from knowledge.reliability import Bin, curve, off, worth
from knowledge.weighing import Signs, Weights, certainty, read_weights

PLAIN = Weights(encoder=None, base=-4, coverage=8, threshold=0.3)


def _judged(name: str, subject: str) -> JudgedSet:
    things = [f"{subject}{thing}" for thing in "甲乙丙丁戊己庚辛壬癸"]
    return JudgedSet(
        name,
        tuple(CorpusPassage(f"{name}{n}", "", f"{t}的规定是{t}。") for n, t in enumerate(things)),
        {f"q-{name}-{n}": f"{t}有什么规定" for n, t in enumerate(things)},
        {f"q-{name}-{n}": {f"{name}{n}": 1} for n in range(len(things))},
    )


def test_calibrating_learns_what_a_collection_holds(workbench: Workbench) -> None:
    held, other = _judged("a", "电梯"), _judged("b", "宠物狗")
    actor = workbench.actor
    stamp = Stamp(actor.branch_id, Access.PUBLIC, actor.person_id, workbench.clock())
    for _ in evaluation.load(held, workbench.documents, stamp=stamp):
        pass
    cases = list(
        calibrating.ask_all(
            held,
            [other],
            retriever=workbench.lexical_retriever,
            documents=workbench.documents,
            mode=Mode.LEXICAL,
            limit=10,
        )
    )
    assert [sum(case.kind is kind for case in cases) for kind in Kind] == [10, 10, 10]
    weights = calibrating.fit(cases, encoder=None)
    (*_, every) = worth(cases, weights)
    assert every.auc > 0.95
    assert every.caught > 0.5
    assert every.auc_removed > 0.6


def _cases(*, tuning: bool) -> list[Case]:
    """Questions of which just the share that the certainty says can be answered."""
    cases = []
    for step in range(1, 200):
        signs = Signs(step / 200, 0, 0)
        share = certainty(signs, PLAIN)
        kind = Kind.HELD if (step * 0.618) % 1 < share else Kind.ELSEWHERE
        cases.append(Case("set", kind, tuning, signs))
    return cases


def test_the_curve_is_straight_where_the_certainty_is_true() -> None:
    cases = _cases(tuning=False)
    bins = curve(cases, PLAIN)
    assert sum(each.questions for each in bins) == len(cases)
    assert [each.predicted for each in bins] == sorted(each.predicted for each in bins)
    assert all(abs(each.predicted - each.observed) < 0.25 for each in bins)
    assert off(bins) < 0.1
    boastful = replace(PLAIN, base=0.0)
    assert off(curve(cases, boastful)) > 2 * off(bins)


def test_fitting_finds_the_weights_that_the_questions_were_made_with() -> None:
    fitted = calibrating.fit(_cases(tuning=True), encoder=None)
    assert 4 < fitted.coverage < 16
    assert fitted.base < -2


def test_the_worth_counts_wrong_refusals_and_wrong_answers() -> None:
    held = [Case("a", Kind.HELD, False, Signs(c, 0, 0)) for c in (0.1, 0.9, 0.9, 0.9)]
    rest = [Case("b", Kind.ELSEWHERE, False, Signs(c, 0, 0)) for c in (0.1, 0.1, 0.9)]
    other_half = [Case("a", Kind.HELD, True, Signs(0.0, 0, 0))]
    (of_a, of_b, every) = worth([*held, *rest, *other_half], PLAIN)
    assert (of_a.dataset, of_a.questions, of_a.false_misses) == ("a", 4, 0.25)
    assert of_b.dataset == "b"
    assert of_b.caught == pytest.approx(2 / 3)
    # Pairs of a held and another question, ties as a half: 3 × (2 + ½) + (2 × ½ + 0) of 12.
    assert every.auc == pytest.approx(8.5 / 12)
    assert 0.6 < every.accuracy < 0.8
    assert 0 < every.brier < 0.3


def test_a_name_that_is_not_held_counts_as_refused() -> None:
    absent = replace(Signs(1.0, 1.0, 0.0), name="某条例", standing=Standing.ABSENT)
    (row, _) = worth([Case("a", Kind.HELD, False, absent)], PLAIN)
    assert row.false_misses == 1.0


def test_the_drawing_is_a_picture_with_a_dot_for_each_bin() -> None:
    bins = [Bin(20, 0.1, 0.05), Bin(20, 0.6, 0.7), Bin(20, 0.95, 1.0)]
    drawn = ET.fromstring(drawing([("e5 <small>", bins), ("words", bins[:2])], wording("en")))
    circles = [each for each in drawn.iter() if each.tag.endswith("circle")]
    assert len(circles) == 5
    heights = [float(each.get("cy", "")) for each in circles[:3]]
    assert heights == sorted(heights, reverse=True)
    assert "e5 <small>" in "".join(drawn.itertext())


def _written(folder: Path, judged: JudgedSet) -> Path:
    folder = folder / judged.name
    folder.mkdir()
    rows = [{"_id": each.id, "title": each.title, "text": each.text} for each in judged.corpus]
    asked = [{"_id": id_, "text": text} for id_, text in judged.queries.items()]
    for name, lines in (("corpus", rows), ("queries", asked)):
        text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        (folder / f"{name}.jsonl").write_text(text, "utf-8")
    pairs = [(query, text) for query, gains in judged.qrels.items() for text in gains]
    (folder / "qrels.tsv").write_text("\n".join(f"{q}\t{t}\t1" for q, t in pairs), "utf-8")
    return folder


def test_the_command_fits_shows_draws_and_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = bootstrap.Workbench

    def without_model(settings: Settings, **_given: object) -> Workbench:
        return whole(settings, encoder=HashingEncoder())

    monkeypatch.setattr(bootstrap, "Workbench", without_model)
    monkeypatch.setattr("briefs.workbench.cli.calibrating.Workbench", without_model)
    monkeypatch.setenv("ZHIKU_LANGUAGE", "en")
    folders = [_written(tmp_path, _judged(*each)) for each in (("a", "电梯"), ("b", "宠物狗"))]
    home, picture = tmp_path / "home", tmp_path / "curve.svg"
    with pytest.raises(SystemExit) as leaving:
        main(
            ["--home", str(home), "calibrate", *map(str, folders), "--svg", str(picture), "--save"]
        )
    assert leaving.value.code == 0
    assert ET.parse(picture).getroot().tag.endswith("svg")
    kept = read_weights(home / "certainty.json")
    assert {each.encoder for each in kept} == {None, HashingEncoder().name}


def test_a_picture_that_cannot_be_written_is_told_before_the_questions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, picture = tmp_path / "home", tmp_path / "absent" / "curve.svg"
    with pytest.raises(SystemExit) as leaving:
        main(["--home", str(home), "calibrate", str(tmp_path / "set"), "--svg", str(picture)])
    assert leaving.value.code == 1
    assert str(picture) in capsys.readouterr().err
