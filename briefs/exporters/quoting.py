"""Quotation marks around quotes, set once."""

from briefs.exporters.wording import Wording

_NESTED = str.maketrans("“”", "‘’")


def quoted(text: str, words: Wording) -> str:
    """Put quotation marks around `text` unless it is one quotation already.

    Double marks inside become single ones, as Chinese and English both print a quote in a quote.
    """
    if not text or _is_quotation(text):
        return text
    return words.open_mark + text.translate(_NESTED) + words.close_mark


def _is_quotation(text: str) -> bool:
    """True when the mark that opens `text` is closed by its last character, not before."""
    pairs = {"“": "”", "「": "」", "『": "』"}
    if text[0] == '"':
        return len(text) > 1 and text.endswith('"') and text.count('"') == 2
    close = pairs.get(text[0])
    if close is None or not text.endswith(close):
        return False
    depth = 0
    for position, character in enumerate(text):
        depth += (character == text[0]) - (character == close)
        if depth == 0:
            return position == len(text) - 1
    return False
