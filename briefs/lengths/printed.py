"""The proof of a short form from what was printed: two files in Markdown."""

import re
from typing import Final

from briefs.exporters.wording import CHINESE, ENGLISH, Wording
from briefs.lengths.abridgement import Flaw, FlawKind, Item, Proof, compared, proved
from briefs.model import StatementKind

_BLANK: Final = re.compile(r"\n{2,}")
_REFERENCES: Final = ("## 参考文献", "## References")
_ENTRY: Final = re.compile(r"\[(\d+)\] (.*)", re.DOTALL)
_OF_FORM: Final = re.compile(r"（识别文本[^）]*）| \(recognised text[^)]*\)| <[^ <>]*>$")
"""What an entry says of all that a form quotes, and where it first does: not of the source."""
_MARK: Final = re.compile(
    r"\[(\d+)((?:，|, )[^\[\]]*)?\]()|\[\\\[(\d+)((?:，|, )[^\[\]]*?)?\\\]\]\(([^)]*)\)"
)
_MARKS: Final = re.compile(rf"((?:{_MARK.pattern})+)([。！？；]?(?:（[^（）]*）| \(.*\))?)$")
"""Marks, then the stop, then how a figure was worked out."""


def proof_of_print(short: str, long: str) -> Proof:
    """Prove as `briefs.lengths.proof` does from two files in Markdown, as the exporter wrote them.

    Marks are followed to the list of references, whose numbers may differ between the files. Who
    published and when may be said in other words: a form says which form it is.
    """
    (title, items), (meant, others) = _read(short), _read(long)
    found = compared(items, others)
    if title != meant:
        found.flaws.append(Flaw(FlawKind.EDITION, 0, title, meant))
    return proved(found)


def _read(text: str) -> tuple[str, list[Item]]:
    """Title and lines of a file in Markdown."""
    blocks = [block.strip("\n") for block in _BLANK.split(text.strip())]
    ends = [at for at, block in enumerate(blocks) if block in _REFERENCES]
    end = ends[-1] if ends else len(blocks)
    last = end - 1 if end and _is_legend(blocks[end - 1]) else end
    listed = (_ENTRY.fullmatch(_OF_FORM.sub("", block)) for block in blocks[end + 1 :])
    entries = {entry[1]: entry[2] for entry in listed if entry}
    start = next((at for at, block in enumerate(blocks) if block.startswith("# ")), 0)
    # The title, then the line that says who published it, and when.
    return blocks[start] if blocks else "", [
        _of_block(block, entries) for block in blocks[start + 2 : last]
    ]


def _is_legend(block: str) -> bool:
    """Whether it says what the labels of its own form mean: another form may have others."""
    return any(_explains(block.replace("\\", ""), words) for words in (CHINESE, ENGLISH))


def _explains(block: str, words: Wording) -> bool:
    tags = (
        (words.judgement, words.judgement_means),
        (words.background, words.background_means),
        (words.computed, words.computed_means),
    )
    known = {means.format(tag=words.tag.format(tag=tag).strip()) for tag, means in tags}
    return set(block.removesuffix(words.stop).split(words.clause_comma)) <= known


def _of_block(block: str, entries: dict[str, str]) -> Item:
    marks = _MARKS.search(block)
    text, sources = block, []
    if marks is not None:
        text = block[: marks.start()] + (marks.groups()[-1] or "")
        for mark in _MARK.finditer(marks[1]):
            number, place, href = mark.groups()[:3] if mark[1] else mark.groups()[3:]
            sources.append((entries.get(number or "", ""), place or "", href or ""))
    if heading := re.match(r"(#+) ", text):
        level = len(heading[1])
        return Item(StatementKind.HEADING, text[heading.end() :], level, tuple(sources))
    label = re.match(r"〔[^〕]{1,8}〕|\[[^\]]{1,12}\] |> ", text)
    kind = StatementKind.TABLE if text.startswith("|") else StatementKind.PARAPHRASE
    cut = label.end() if label else 0
    return Item(kind, text[cut:], None, tuple(sources), label=text[:cut])
