"""The tokenizer of the default model for ordinary text, ready in milliseconds.

``tokenizers`` takes most of a second to read a vocabulary of 250,000 pieces, which is long for one
question. Here the vocabulary is a table sorted by hash, and only what a text touches is looked up.
Text that is not ordinary (see `PlainTokens.cut`) is left to the library, whose results these are.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from embeddings.durable import TEMPORARY_SUFFIX, publish, sync_file
from embeddings.packed_model import Vocabulary

SPACE = "▁"
UNKNOWN_PENALTY = 10.0
"""How much worse than the worst piece an unknown character is (the library's figure)."""

_PLAIN = re.compile(
    "[ !-;=-~\n\t\u00a0-\u00ac\u00ae-\u024f\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e"
    "\u2100-\u23cf\u2460-\u25a9\u3000-\u3029\u3030-\u3096\u309b-\u30ff\u3100-\u31ef\u3200-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff1b\uff1d-\uff9d\uffe0-\uffe6\U00020000-\U0003ffff]*"
)
"""No ``<``, which may begin a special piece; no carriage return, combining mark, joiner or symbol
that forms one grapheme with its neighbour: the library's normaliser treats graphemes as wholes."""


class PlainTokens:
    """Cuts ordinary text as the model's ``tokenizer.json`` does; safe in several threads."""

    def __init__(self, path: Path) -> None:
        """Read the table that `write_table` wrote.

        Raises:
            OSError: it cannot be read.
            ValueError: it is not such a table.
        """
        try:
            with np.load(path, allow_pickle=False) as table:
                self._keys: npt.NDArray[np.uint64] = table["keys"]
                self._ids: npt.NDArray[np.int32] = table["ids"]
                self._scores: npt.NDArray[np.float32] = table["scores"]
                self._known = frozenset(table["known"].tobytes().decode("utf-32-le"))
                settings = json.loads(table["settings"].tobytes())
            self._replacements = {ord(old): new for old, new in settings["replacements"].items()}
            self._begin, self._end, self._unknown, self._longest = settings["numbers"]
            self._unknown_score = settings["least"] - UNKNOWN_PENALTY
        except (KeyError, TypeError, EOFError, BadZipFile) as error:
            raise ValueError("it is no table of tokens") from error

    def cut(self, text: str, *, longest: int) -> list[int] | None:
        """Return the tokens of a text, special ones around it; None when it is not ordinary.

        Ordinary is text of Chinese, Japanese or Korean characters, Latin or Cyrillic letters and
        the usual signs, without combining marks, emoji, control characters and ``<``.

        Args:
            text: any text, its prompt included.
            longest: tokens, special ones included, after which it is cut.
        """
        if not _PLAIN.fullmatch(text):
            return None
        text = re.sub(" {2,}", " ", text.translate(self._replacements)).replace(" ", SPACE)
        if text and not text.startswith(SPACE):
            text = SPACE + text
        tokens = [token for part in self._parts(text) for token in self._best(part)]
        return [self._begin, *tokens[: longest - 2], self._end]

    def _parts(self, text: str) -> Iterator[str]:
        """Cut before each space, and around each character that stands in no piece at all."""
        start = 0
        for place, character in enumerate(text):
            unknown = character not in self._known
            if (unknown or character == SPACE) and place > start:
                yield text[start:place]
                start = place
            if unknown:
                yield character
                start = place + 1
        if start < len(text):
            yield text[start:]

    def _best(self, text: str) -> list[int]:
        """The pieces of the greatest sum of scores; neighbouring unknown characters are one."""
        best: list[tuple[float, int, int]] = [(0.0, 0, -1)] + [(-np.inf, 0, -1)] * len(text)
        for start, found in enumerate(self._pieces(text)):
            for stop, token, score in found:
                total = best[start][0] + score
                if total > best[stop][0]:
                    best[stop] = (total, start, token)
        tokens: list[int] = []
        at = len(text)
        while at > 0:
            _, at, token = best[at]
            if not (token == self._unknown and tokens and tokens[-1] == token):
                tokens.append(token)
        return tokens[::-1]

    def _pieces(self, text: str) -> Iterator[list[tuple[int, int, float]]]:
        """For each place, the pieces that begin there: where they end, their ids and scores."""
        spans = [
            (start, stop)
            for start in range(len(text))
            for stop in range(start + 1, min(start + self._longest, len(text)) + 1)
        ]
        keys = np.array([_key(text[start:stop]) for start, stop in spans], dtype=np.uint64)
        rows = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        found: list[list[tuple[int, int, float]]] = [[] for _ in text]
        for place in np.flatnonzero(self._keys[rows] == keys).tolist():
            start, stop = spans[place]
            row = rows[place]
            found[start].append((stop, int(self._ids[row]), float(self._scores[row])))
        for start, pieces in enumerate(found):
            if not pieces or pieces[0][0] != start + 1:
                pieces.insert(0, (start + 1, self._unknown, self._unknown_score))
            yield pieces


def write_table(vocabulary: Vocabulary, path: Path) -> None:
    """Write the table that `PlainTokens` reads, whole or not at all.

    Raises:
        OSError: it cannot be written.
        ValueError: two pieces have one hash.
    """
    keys = np.array([_key(piece) for piece in vocabulary.pieces], dtype=np.uint64)
    order = np.argsort(keys).astype(np.int32)
    if any(left == right for left, right in pairwise(keys[order].tolist())):
        raise ValueError("two pieces have one hash")
    longest = max(map(len, vocabulary.pieces))
    settings = {
        "replacements": dict(vocabulary.replacements),
        "numbers": [vocabulary.begin, vocabulary.end, vocabulary.unknown, longest],
        "least": min(vocabulary.scores),
    }
    known = "".join(sorted({character for piece in vocabulary.pieces for character in piece}))
    temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
    with temporary.open("wb") as file:
        np.savez(
            file,
            keys=keys[order],
            ids=order,
            scores=np.array(vocabulary.scores, dtype=np.float32)[order],
            known=np.frombuffer(known.encode("utf-32-le"), dtype=np.uint8),
            settings=np.frombuffer(json.dumps(settings).encode(), dtype=np.uint8),
        )
    sync_file(temporary)
    publish(temporary, path)


def _key(piece: str) -> int:
    return int.from_bytes(hashlib.blake2b(piece.encode(), digest_size=8).digest(), "little")
