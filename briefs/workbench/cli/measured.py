"""Measurements as rows of JSON and as tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePath

import click

from briefs.workbench.cli import console
from briefs.workbench.cli.console import say
from knowledge.measuring.boxes import ALIKE, BoxMeasure
from knowledge.measuring.catalogue import CatalogueMeasure
from knowledge.measuring.differences import CharacterErrors
from knowledge.measuring.hostile import HostileMeasure, Seen, Verdict
from knowledge.measuring.report import FileMeasure
from knowledge.measuring.speed import SpeedMeasure
from knowledge.model import Layer

MEGABYTE = 2**20
_EXAMPLES = 5
_SHOWN = 20
_MEANINGS = ("measure.means.cer", "measure.means.order", "measure.means.boxes")


def definitions() -> tuple[str, ...]:
    """What the measures of texts and boxes mean, a sentence each."""
    words = console.words()
    return tuple(words(key, alike=ALIKE) for key in _MEANINGS)


def text_row(measured: FileMeasure) -> dict[str, object]:
    """Everything measured of one file; rates and shares between 0 and 1."""
    row: dict[str, object] = {
        "name": measured.name,
        "pages": measured.pages,
        "recognised_pages": measured.recognised_pages,
        "seconds": round(measured.seconds, 3),
        "recognition_seconds": round(measured.recognition_seconds, 3),
    }
    if measured.problem is not None:
        row["problem"] = measured.problem
    if (text := measured.text) is not None:
        row |= {
            "characters": text.errors.characters,
            "cer": round(text.errors.rate, 6),
            **_kinds(text.errors),
            "not_in_file": text.absent,
            "cer_any_order": round(text.in_order.rate, 6),
            "order": {
                "sentences": text.order.sentences,
                "found": text.order.found,
                "pairs": text.order.pairs,
                "kept": text.order.kept,
                "share": _rounded(text.order.share),
            },
            "boxes": {layer.value: _box_row(boxes) for layer, boxes in measured.boxes.items()},
            "differences": [
                {"before": d.before, "expected": d.expected, "actual": d.actual}
                for d in text.differences
            ],
        }
    return row


def print_texts(measures: Sequence[FileMeasure], *, examples: bool) -> None:
    """The table of texts and boxes, then what its columns mean."""
    console.table(
        (
            "measure.file",
            "measure.pages#",
            "measure.recognised#",
            "measure.characters#",
            "measure.cer#",
            "measure.kinds#",
            "measure.absent#",
            "measure.any_order#",
            "measure.order#",
            "measure.boxes_text#",
            "measure.boxes_recognised#",
            "measure.seconds#",
            "measure.page_seconds#",
        ),
        [_text_cells(measured) for measured in measures],
    )
    for measured in measures:
        if measured.problem is not None:
            click.echo(f"{measured.name}: {measured.problem}")
        if examples:
            _print_examples(measured)
    for meaning in definitions():
        click.secho(meaning, dim=True)


def speed_row(measured: SpeedMeasure) -> dict[str, object]:
    """One file's speeds in pages a second."""
    pages = measured.pages
    return {
        "name": measured.name,
        "pages": pages,
        "text_pages": measured.text_pages,
        "pages_per_second": round(pages / measured.ours, 1),
        "isolated_pages_per_second": round(pages / measured.isolated, 1),
        "pdfium_pages_per_second": round(pages / measured.alone, 1),
        "ratio": round(measured.ratio, 3),
    }


def print_speeds(rows: Sequence[Mapping[str, object]]) -> None:
    """The table of speeds, from what `speed_row` gave, then what its columns mean."""
    console.table(
        (
            "measure.file",
            "measure.pages#",
            "measure.text_pages#",
            "measure.ours#",
            "measure.isolated#",
            "measure.pdfium#",
            "measure.ratio#",
        ),
        [tuple(row.values()) for row in rows],
    )
    click.secho(console.words()("measure.means.speed"), dim=True)


def say_memory(peak: int) -> None:
    """One line on memory; `peak` in bytes."""
    say("measure.memory", megabytes=round(peak / MEGABYTE))


def print_catalogue(measured: CatalogueMeasure) -> None:
    """The table of fields, then every deviation."""
    console.table(
        ("measure.field", "measure.right#", "measure.judged#", "measure.share#"),
        [
            (one.field, one.right, one.judged, _percent(one.right / one.judged))
            for one in measured.shares
        ],
    )
    for one in measured.deviations:
        say(
            "measure.deviation",
            path=one.path,
            field=one.field,
            expected=" | ".join(one.expected) or "∅",
            actual=one.reason or one.actual or "∅",
        )


def hostile_row(measured: HostileMeasure) -> dict[str, object]:
    """Expected beside actual for one hostile file; memory in MB."""
    seen = measured.seen
    return {
        "file": measured.name,
        "category": measured.category,
        "what": measured.what,
        "expected": measured.expected,
        "actual": _became(seen),
        "verdict": measured.verdict.value,
        "faults": list(measured.faults),
        "pages": len(seen.pages),
        "passages": seen.added.passages,
        "seconds": round(seen.seconds, 2),
        "peak_memory_mb": None if seen.peak is None else round(seen.peak / MEGABYTE),
    }


def print_hostile(measures: Sequence[HostileMeasure]) -> None:
    """The table of hostile files, then how many met what was expected."""
    shown = ("file", "expected", "actual", "verdict", "faults", "seconds", "peak_memory_mb")
    rows = [hostile_row(one) | {"faults": ", ".join(one.faults)} for one in measures]
    console.table(
        (
            "measure.file",
            "measure.expected",
            "measure.actual",
            "measure.verdict",
            "measure.faults",
            "measure.seconds#",
            "measure.megabytes#",
        ),
        [[row[key] for key in shown] for row in rows],
    )
    counts = Counter(one.verdict for one in measures)
    say(
        "measure.hostile_sum",
        files=len(measures),
        met=counts[Verdict.MET],
        not_met=counts[Verdict.NOT_MET],
        look=counts[Verdict.LOOK],
    )


def _became(seen: Seen) -> str:
    """What became of a file, in a line."""
    added = seen.added
    if added.error is not None:
        return console.words().error(added.error)
    words = console.words()(
        "measure.became",
        pages=len(seen.pages),
        waiting=seen.waiting,
        passages=added.passages,
        characters=len(seen.text),
    )
    return " ".join((words, *added.remarks))


def _kinds(errors: CharacterErrors) -> dict[str, int]:
    return {"wrong": errors.wrong, "missing": errors.missing, "extra": errors.extra}


def _box_row(boxes: BoxMeasure) -> dict[str, object]:
    return {
        "sampled": boxes.sampled,
        "proved": boxes.proved,
        "share": _rounded(boxes.share),
        "unproved": [
            {"page": one.page, "sentence": one.sentence, "seen": list(one.seen)}
            for one in boxes.unproved
        ],
    }


def _text_cells(measured: FileMeasure) -> tuple[object, ...]:
    text = measured.text
    if text is None:
        return (PurePath(measured.name).name, *[None] * 10, f"{measured.seconds:.1f}", None)
    seconds = measured.page_seconds
    return (
        PurePath(measured.name).name,
        measured.pages,
        measured.recognised_pages or None,
        text.errors.characters,
        _percent(text.errors.rate),
        "/".join(str(count) for count in _kinds(text.errors).values()),
        text.absent,
        _percent(text.in_order.rate),
        _percent(text.order.share),
        _boxes_cell(measured.boxes.get(Layer.TEXT)),
        _boxes_cell(measured.boxes.get(Layer.RECOGNISED)),
        f"{measured.seconds:.1f}",
        None if seconds is None else f"{seconds:.1f}",
    )


def _boxes_cell(boxes: BoxMeasure | None) -> str | None:
    return f"{boxes.proved}/{boxes.sampled} {_percent(boxes.share)}" if boxes else None


def _print_examples(measured: FileMeasure) -> None:
    if measured.text is not None:
        for difference in measured.text.differences[:_EXAMPLES]:
            say(
                "measure.difference",
                name=measured.name,
                before=difference.before,
                expected=_short(difference.expected),
                actual=_short(difference.actual),
            )
    for boxes in measured.boxes.values():
        for one in boxes.unproved[:_EXAMPLES]:
            seen = " ¦ ".join(one.seen) or "∅"
            say(
                "measure.unproved",
                name=measured.name,
                page=one.page,
                sentence=one.sentence,
                seen=seen,
            )


def _short(words: str) -> str:
    if len(words) > 2 * _SHOWN:
        return f"{words[:_SHOWN]}…({len(words)})…{words[-_SHOWN:]}"
    return words or "∅"


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share:.2%}"


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
