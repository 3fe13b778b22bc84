"""A unigram tokenizer written out as ``tokenizer.json``, the format of the ``tokenizers`` library.

The normaliser of the packed file is a table of single characters. ``tokenizers`` takes such a
table as a "precompiled character map" of SentencePiece: a double-array trie over UTF-8 (layout of
``darts-clone``: a unit of 32 bits holds a label, a leaf flag and the distance to its children, or
a value), followed by the replacements, each ended by a zero byte.
"""

import base64
import json
import struct
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from embeddings.packed_model import Vocabulary

SPACE = "▁"
LEAF = 1 << 8
VALUE = 1 << 31
OFFSET_SHIFT = 10
BLOCK = 256
WINDOW = 2 * BLOCK

_Key = tuple[bytes, int]


def write_tokenizer(vocabulary: Vocabulary, path: Path, *, max_length: int) -> None:
    """Write ``tokenizer.json``: same tokens as the packed model's own engine.

    Args:
        vocabulary: of the packed model.
        path: the file to write.
        max_length: tokens, special ones included, after which a text is cut.
    """
    specials = [vocabulary.begin, vocabulary.pad, vocabulary.end, vocabulary.unknown]
    specials.append(vocabulary.pieces.index("<mask>"))
    content = {
        "version": "1.0",
        "truncation": {
            "direction": "Right",
            "max_length": max_length,
            "strategy": "LongestFirst",
            "stride": 0,
        },
        "padding": None,
        "added_tokens": [_special(i, vocabulary.pieces[i]) for i in sorted(specials)],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {
                    "type": "Precompiled",
                    "precompiled_charsmap": base64.b64encode(
                        character_map(vocabulary.replacements)
                    ).decode(),
                },
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
            ],
        },
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {
                    "type": "Metaspace",
                    "replacement": SPACE,
                    "prepend_scheme": "always",
                    "split": True,
                },
                # The library joins neighbouring unknown characters into one token, the engine
                # counts each: cut at every character that stands in no piece at all.
                {
                    "type": "Split",
                    "pattern": {"Regex": unknown_characters(vocabulary.pieces)},
                    "behavior": "Isolated",
                    "invert": False,
                },
            ],
        },
        "post_processor": _frame(vocabulary),
        "decoder": {
            "type": "Metaspace",
            "replacement": SPACE,
            "prepend_scheme": "always",
            "split": True,
        },
        "model": {
            "type": "Unigram",
            "unk_id": vocabulary.unknown,
            "vocab": list(zip(vocabulary.pieces, vocabulary.scores, strict=True)),
            "byte_fallback": False,
        },
    }
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def unknown_characters(pieces: Iterable[str]) -> str:
    """A regular expression for one character that occurs in none of the pieces."""
    known = sorted({ord(character) for piece in pieces for character in piece})
    ranges = []
    for _, run in groupby(enumerate(known), key=lambda pair: pair[1] - pair[0]):
        codes = [code for _, code in run]
        ranges.append(rf"\x{{{codes[0]:x}}}-\x{{{codes[-1]:x}}}")
    return f"[^{''.join(ranges)}]"


def character_map(replacements: Iterable[tuple[str, str]]) -> bytes:
    """Compile single characters and what stands for them into a SentencePiece character map."""
    texts = bytearray()
    keys: list[_Key] = []
    for character, text in replacements:
        keys.append((character.encode(), len(texts)))
        texts += text.encode() + b"\0"
    units = _Trie(sorted(keys)).units
    return struct.pack(f"<I{len(units)}I", 4 * len(units), *units) + bytes(texts)


class _Trie:
    """Double array over sorted byte strings, none a prefix of another.

    The children of a node stand at ``base ^ label``; every node has a base of its own, so that a
    label found at such a place can only be its child.
    """

    def __init__(self, keys: list[_Key]) -> None:
        self.units = [0] * BLOCK
        self._taken = bytearray(b"\1" + bytes(BLOCK - 1))
        self._bases: set[int] = {0}
        self._place(0, keys, depth=0)

    def _place(self, node: int, keys: list[_Key], *, depth: int) -> None:
        children = {
            label: list(group) for label, group in groupby(keys, key=lambda key: key[0][depth])
        }
        base = self._free_base(list(children))
        self.units[node] |= (node ^ base) << OFFSET_SHIFT
        for label, group in children.items():
            child = base ^ label
            self.units[child] = label
            if len(group[0][0]) > depth + 1:
                self._place(child, group, depth=depth + 1)
            else:
                self._place_value(child, group[0][1])

    def _place_value(self, node: int, value: int) -> None:
        base = self._free_base([0])
        self.units[node] |= LEAF | (node ^ base) << OFFSET_SHIFT
        self.units[base] = VALUE | value

    def _free_base(self, labels: list[int]) -> int:
        # Gaps further back are left: they rarely fit, and trying them all takes seconds.
        at = max(1, len(self.units) - WINDOW)
        while True:
            self._grow_to(at)
            base = at ^ labels[0]
            if base not in self._bases and not any(self._taken[base ^ label] for label in labels):
                break
            at += 1
        self._bases.add(base)
        for label in labels:
            self._taken[base ^ label] = 1
        return base

    def _grow_to(self, at: int) -> None:
        if at >= len(self.units):
            self.units += [0] * BLOCK
            self._taken += bytes(BLOCK)


def _special(token_id: int, content: str) -> dict[str, object]:
    return {
        "id": token_id,
        "content": content,
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": True,
    }


def _frame(vocabulary: Vocabulary) -> dict[str, object]:
    begin, end = vocabulary.pieces[vocabulary.begin], vocabulary.pieces[vocabulary.end]
    first = {"SpecialToken": {"id": begin, "type_id": 0}}
    last = {"SpecialToken": {"id": end, "type_id": 0}}
    text, other = ({"Sequence": {"id": name, "type_id": 0}} for name in "AB")
    return {
        "type": "TemplateProcessing",
        "single": [first, text, last],
        "pair": [first, text, last, last, other, last],
        "special_tokens": {
            piece: {"id": piece, "ids": [token_id], "tokens": [piece]}
            for piece, token_id in ((begin, vocabulary.begin), (end, vocabulary.end))
        },
    }
