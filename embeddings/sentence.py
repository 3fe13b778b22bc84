"""Any sentence-transformers model as an encoder, on the processor.

Torch and its company take seconds to import, so they are imported when an encoder is made, never
with this module.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embeddings.errors import EncoderBrokenError
from embeddings.model_digest import encoder_fingerprint
from embeddings.model_loading import Precision, is_folder, load_model, usual_precision
from embeddings.protocols import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH_BYTES = 8_000
"""Most UTF-8 bytes of one batch, each text counted as long as its longest."""


class SentenceEncoder:
    """`Encoder` on sentence-transformers: a folder, or a model name.

    A folder is loaded without any contact to a hub; a name is looked for among the models already
    downloaded, then asked of the hub. Texts longer than the model reads are cut at their end.
    Threads share the model batch by batch, so a query waits for one batch at most.
    """

    def __init__(
        self,
        name_or_folder: str,
        *,
        query_prompt: str | None = None,
        passage_prompt: str | None = None,
        precision: Precision | None = None,
        digests: Path | None = None,
    ) -> None:
        """Load a model; this takes seconds.

        Args:
            name_or_folder: a folder, or a name such as ``intfloat/multilingual-e5-base``.
            query_prompt: put before texts that ask; None takes what the model's own settings say.
            passage_prompt: put before texts that are to be found; None likewise.
            precision: None takes ``bf16`` where the processor computes in it, else ``fp32``.
            digests: a file that remembers hashes of model files, to spare hashing them each time.

        Raises:
            EncoderBrokenError: it cannot be loaded; the reason is one line.
        """
        self._source = name_or_folder
        self._precision = precision or usual_precision()
        self._digests = digests
        self._lock = threading.RLock()
        self._fingerprint: str | None = None
        self._model, self._folder = load_model(name_or_folder, self._precision)
        # The library would take "document" even where it is empty and "passage" is not.
        self._passage_prompt = _prompt(
            self._model, passage_prompt, ("document", "passage", "corpus")
        )
        self._query_prompt = _prompt(self._model, query_prompt, ("query",))
        # Given as the model's settings, since an empty prompt given to a call counts as none given.
        self._model.prompts = {"query": self._query_prompt, "document": self._passage_prompt}
        self._dimension = int(self._model.get_embedding_dimension() or 0)

    @property
    def name(self) -> str:
        """The model's name, or its folder's."""
        return Path(self._source).name if is_folder(self._source) else self._source

    @property
    def fingerprint(self) -> str:
        """Changes with the model's files and the prompts, not with the precision."""
        with self._lock:
            if self._fingerprint is None:
                prompts = (self._query_prompt, self._passage_prompt)
                self._fingerprint = encoder_fingerprint(
                    self._folder, prompts, remembered=self._digests
                )
            return self._fingerprint

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self._dimension

    def encode_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Encode texts that are to be found. See `Encoder.encode_passages`."""
        return self._encode(self._model.encode_document, texts, progress=progress)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that ask. See `Encoder.encode_queries`."""
        return self._encode(self._model.encode_query, texts)

    def _encode(
        self,
        encode: Callable[..., Any],
        texts: Sequence[str],
        *,
        progress: Callable[[int], None] | None = None,
    ) -> Vectors:
        vectors = np.empty((len(texts), self._dimension), dtype=np.float32)
        for batch in batches(texts):
            # The tokenizer keeps its padding as state, so one thread at a time.
            with self._lock:
                vectors[batch] = encode(
                    [texts[place] for place in batch],
                    batch_size=len(batch),
                    show_progress_bar=False,
                )
            if progress is not None:
                progress(len(batch))
        return self._unit(vectors)

    def _unit(self, vectors: Vectors) -> Vectors:
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if not (np.isfinite(lengths).all() and (lengths > 0).all()):
            raise EncoderBrokenError(name=self.name, reason="it gives vectors without a length")
        vectors /= lengths
        return vectors


def batches(texts: Sequence[str], *, budget: int = BATCH_BYTES) -> Iterator[list[int]]:
    """Divide texts into batches of like length, longest first; yields their places in `texts`.

    UTF-8 bytes stand for tokens: in multilingual vocabularies Chinese (3 bytes a character) and
    Latin text alike come to between four and five bytes a token, and counting them costs nothing.
    """
    sizes = [len(text.encode("utf-8", "surrogatepass")) for text in texts]
    batch: list[int] = []
    for place in sorted(range(len(texts)), key=lambda i: -sizes[i]):
        if batch and (len(batch) + 1) * max(1, sizes[batch[0]]) > budget:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _prompt(model: "SentenceTransformer", chosen: str | None, names: tuple[str, ...]) -> str:
    if chosen is not None:
        return chosen
    return next(filter(None, (model.prompts.get(name) for name in names)), "")
