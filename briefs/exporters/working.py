"""How a computed figure was worked out, as a reader reads it: ``(64 − 62) ÷ 62 ≈ 3.2%``."""

import re
from fractions import Fraction
from typing import Final

from briefs.gate.formulas import evaluate
from briefs.gate.reading import read

_MARK: Final = re.compile(r"\s*([-+*/×÷−])\s*")
_SIGNS: Final = {"*": "×", "/": "÷", "-": "−"}


def worked_out(formula: str | None, text: str) -> str:
    """The formula with its result as the statement prints it; empty without a formula.

    ``=`` where that is the result to the last digit, ``≈`` where it is rounded. The gate's own code
    works it out; what it cannot work out is printed without a result.
    """
    if not formula or not formula.strip():
        return ""
    shown = _MARK.sub(lambda found: f" {_SIGNS.get(found[1], found[1])} ", formula.strip())
    try:
        value, _ = evaluate(formula)
    except (ValueError, ZeroDivisionError):
        return shown
    result, is_exact = _result(value, text)
    return f"{shown} {'=' if is_exact else '≈'} {result}"


def _result(value: Fraction, text: str) -> tuple[str, bool]:
    """The figure of the statement that the value is, and whether it is that to the last digit."""
    own = read(text)
    for each in own.quantities:
        exact = value * 100 if each.dimension == "%" else value
        for wanted in dict.fromkeys((exact, value)):
            if abs(abs(wanted) - each.value) <= each.step / 2:
                start, end = own.span(*each.core)
                return own.raw[start:end], abs(wanted) == each.value
    rounded = round(float(value), 4)
    return f"{rounded:g}", Fraction(str(rounded)) == value
