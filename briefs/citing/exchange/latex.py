"""LaTeX as it occurs in BibTeX files: accents, escapes and grouping to plain text and back."""

import re
import unicodedata
from typing import Final

_ACCENTS: Final = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323",
    "b": "\u0331", "k": "\u0328", "r": "\u030a",
}  # fmt: skip
_NAMED: Final = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
    "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "th": "þ", "TH": "Þ", "dh": "ð", "DH": "Ð",
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textbraceleft": "{",
    "textbraceright": "}", "ldots": "…", "dots": "…", "textellipsis": "…", "textendash": "–",
    "textemdash": "—", "textquotedblleft": "“", "textquotedblright": "”", "textquoteleft": "‘",
    "textquoteright": "’", "textperiodcentered": "·", "copyright": "©", "textregistered": "®",
    "texttrademark": "™", "S": "§", "pounds": "£", "euro": "€", "textquotesingle": "'",
}  # fmt: skip
_TOKEN: Final = re.compile(
    r"""\\(?P<mark>['`^"~=.])\s*(?:\{\s*(?P<one>\\?[A-Za-z])\s*\}|(?P<two>\\?[A-Za-z]))"""
    r"""|\\(?P<cedilla>[uvHcdbkr])(?:\s*\{\s*(?P<three>\\?[A-Za-z])\s*\}|\s+(?P<four>[A-Za-z]))"""
    r"""|\\(?P<word>[A-Za-z]+)(?:\s*\{\}|\s+(?=[A-Za-z])|)"""
    r"""|\\(?P<escaped>[^A-Za-z])"""
    r"""|(?P<dashes>-{2,3})|(?P<quotes>``|'')|(?P<tie>~)|[{}]"""
)
_SPECIAL: Final = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "%": r"\%",
    "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "–": r"\textendash{}", "—": r"\textemdash{}",
}  # fmt: skip
_RUNS: Final = re.compile(r"--+|``+|''+")
_VERBATIM: Final = re.compile(r"\\([_%&#~^{}$])(?:\{\})?|[{}]")
_UNSAFE_IN_ADDRESS: Final = {"{": "%7B", "}": "%7D", "\\": "%5C"}


def plain(latex: str) -> str:
    """Plain text; commands that only change the look go, their words stay."""
    return _TOKEN.sub(_decoded, latex)


def escaped(text: str) -> str:
    """Text that `plain` reads back as it is, with balanced braces whatever it holds."""
    safe = "".join(_SPECIAL.get(each, each) for each in text)
    # An empty group keeps runs that LaTeX would join apart.
    return _RUNS.sub(lambda run: "{}".join(run.group()), safe)


def address(latex: str) -> str:
    """An address, of which LaTeX reads every sign as it is; programs escape it all the same."""
    return _VERBATIM.sub(lambda found: found.group(1) or "", latex)


def escaped_address(text: str) -> str:
    """An address without what would unbalance the braces."""
    return "".join(_UNSAFE_IN_ADDRESS.get(each, each) for each in text)


def _decoded(found: re.Match[str]) -> str:
    part = found.groupdict()
    accent = part["mark"] or part["cedilla"]
    if accent:
        letter = part["one"] or part["two"] or part["three"] or part["four"] or ""
        return unicodedata.normalize("NFC", letter.removeprefix("\\") + _ACCENTS[accent])
    if part["word"]:
        return _NAMED.get(part["word"], "")
    if part["escaped"]:
        return "" if part["escaped"] in "/-" else part["escaped"]
    if part["dashes"]:
        return "–" if len(part["dashes"]) == 2 else "—"
    if part["quotes"]:
        return "“" if part["quotes"] == "``" else "”"
    return " " if part["tie"] else ""
