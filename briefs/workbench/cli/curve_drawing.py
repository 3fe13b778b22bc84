"""Calibration curves as a picture: an SVG file that any browser shows."""

import html
from collections.abc import Sequence
from typing import Final

from briefs.workbench.wording import Wording
from knowledge.reliability import Bin

_SIDE: Final = 400
_LEFT: Final = 84
_TOP: Final = 64
_WIDTH: Final = 560
_LINE: Final = 24
_COLOURS: Final = ("#1d4f7c", "#b3541e", "#1b6e3c", "#7a3b8f")
_FONT: Final = "'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif"


def drawing(curves: Sequence[tuple[str, Sequence[Bin]]], words: Wording) -> str:
    """One picture of all curves: certainty across, share of answerable questions upwards.

    Args:
        curves: name and bins of each; a dot's area grows with its questions.
        words: the language of its writing.
    """
    height = _TOP + _SIDE + 72 + _LINE * len(curves)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" font-family="{_FONT}" font-size="13" fill="#222">',
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        _text(_LEFT, 30, words("calibrate.drawing"), size=16),
        *_frame(words),
    ]
    for number, (name, bins) in enumerate(curves):
        colour = _COLOURS[number % len(_COLOURS)]
        parts += _curve(bins, colour)
        at = _TOP + _SIDE + 68 + _LINE * number
        parts.append(f'<rect x="{_LEFT}" y="{at - 7}" width="22" height="3" fill="{colour}"/>')
        parts.append(_text(_LEFT + 30, at, name))
    return "\n".join((*parts, "</svg>", ""))


def _frame(words: Wording) -> list[str]:
    right, bottom = _LEFT + _SIDE, _TOP + _SIDE
    parts = []
    for tenth in range(0, 11, 2):
        x, y = _place(tenth / 10, tenth / 10)
        parts += [
            f'<path d="M{_LEFT} {y:.1f}H{right}M{x:.1f} {_TOP}V{bottom}" stroke="#e3e5e8"/>',
            _text(_LEFT - 8, y + 4, f"{tenth * 10}%", anchor="end"),
            _text(x, bottom + 20, f"{tenth * 10}%", anchor="middle"),
        ]
    middle = _TOP + _SIDE / 2
    return [
        *parts,
        f'<path d="M{_LEFT} {bottom}L{right} {_TOP}" stroke="#8a8f98" stroke-dasharray="5 5"/>',
        _text(_LEFT + _SIDE / 2, bottom + 42, words("calibrate.across_axis"), anchor="middle"),
        f'<g transform="rotate(-90 24 {middle})">'
        + _text(24, middle, words("calibrate.up_axis"), anchor="middle")
        + "</g>",
    ]


def _curve(bins: Sequence[Bin], colour: str) -> list[str]:
    places = [_place(each.predicted, each.observed) for each in bins]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    most = max((each.questions for each in bins), default=1)
    dots = [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3 + 3 * (each.questions / most) ** 0.5:.1f}" '
        f'fill="{colour}"><title>{each.questions}: {each.predicted:.3f} → {each.observed:.3f}'
        "</title></circle>"
        for each, (x, y) in zip(bins, places, strict=True)
    ]
    return [f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>', *dots]


def _place(across: float, up: float) -> tuple[float, float]:
    return _LEFT + across * _SIDE, _TOP + (1 - up) * _SIDE


def _text(x: float, y: float, said: str, *, anchor: str = "start", size: int = 13) -> str:
    shown = html.escape(said)
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{shown}</text>'
