"""Rerankers: models that read a question and a text together and say how well they fit.

They are an option: none comes with the product, and each question costs the reading of all its
candidates. `sentence_transformers` is imported when a reranker is made, never with this module.
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from embeddings.errors import EncoderBrokenError, RerankerBrokenError
from embeddings.model_loading import Precision, is_folder, load_quietly, usual_precision
from embeddings.sentence import batches

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

Fits: TypeAlias = npt.NDArray[np.float64]
"""How well texts answer a question, 0 … 1, one row for each."""
_HEAD: Final = "ForSequenceClassification"
"""How the name of a model ends that has a head of its own."""


class Reranker(Protocol):
    """Says how well texts answer a question; may be called from several threads.

    Deterministic: a text's score does not depend on its neighbours in the call, up to the
    processor's rounding.
    """

    @property
    def name(self) -> str:
        """What a person calls the model, for messages."""
        ...

    def score(self, query: str, texts: Sequence[str]) -> Fits:
        """Score texts, in the order given.

        Args:
            query: what was asked.
            texts: any number, none included.

        Returns:
            Shape ``(len(texts),)``, each 0 … 1, the best the highest.
        """
        ...


class CrossEncoderReranker:
    """`Reranker` on a cross-encoder of sentence-transformers: a folder, or a model name.

    A folder is loaded without any contact to a hub; a name is looked for among the models already
    downloaded, then asked of the hub. Pairs longer than the model reads are cut at their end.
    Threads share the model batch by batch.
    """

    def __init__(self, name_or_folder: str, *, precision: Precision | None = None) -> None:
        """Load a model; this takes seconds.

        Args:
            name_or_folder: a folder, or a name such as ``BAAI/bge-reranker-base``.
            precision: None takes ``bf16`` where the processor computes in it, else ``fp32``.

        Raises:
            RerankerBrokenError: it cannot be loaded, or does not give one score to a pair; the
                reason is one line.
        """
        self._source = name_or_folder
        self._lock = threading.Lock()
        chosen = precision or usual_precision()
        try:
            self._model = load_quietly(
                name_or_folder,
                lambda offline: _load_once(name_or_folder, chosen, offline=offline),
                mark="config.json",
            )
        except EncoderBrokenError as error:
            reason = error.details["reason"]
            raise RerankerBrokenError(name=name_or_folder, reason=reason) from error

    @property
    def name(self) -> str:
        """The model's name, or its folder's."""
        return Path(self._source).name if is_folder(self._source) else self._source

    def score(self, query: str, texts: Sequence[str]) -> Fits:
        """Score texts; see `Reranker.score`.

        Raises:
            RerankerBrokenError: the model gives something that is no number.
        """
        logits = np.empty(len(texts), dtype=np.float64)
        for batch in batches(texts):
            # The tokenizer keeps its padding as state, so one thread at a time.
            with self._lock:
                logits[batch] = self._model.predict(
                    [(query, texts[place]) for place in batch],
                    batch_size=len(batch),
                    show_progress_bar=False,
                )
        if np.isnan(logits).any():
            raise RerankerBrokenError(name=self.name, reason="it gives scores that are no numbers")
        # Not left to the library: in the model's own precision the best would all be 1.
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -60, 60))))


def _load_once(source: str, precision: Precision, *, offline: bool) -> "CrossEncoder":
    import torch
    from huggingface_hub.constants import HF_HUB_CACHE
    from sentence_transformers import CrossEncoder

    model: CrossEncoder = CrossEncoder(
        source,
        device="cpu",
        cache_folder=None if is_folder(source) else HF_HUB_CACHE,
        local_files_only=offline,
        model_kwargs={"dtype": torch.bfloat16 if precision == "bf16" else torch.float32},
        activation_fn=torch.nn.Identity(),
    )
    inner: Any = model.model
    known = inner.config.architectures or []
    # The library gives an encoder the head it lacks: of random numbers.
    if type(inner).__name__.endswith(_HEAD) and not any(name.endswith(_HEAD) for name in known):
        raise ValueError("it is an encoder, not a reranker")
    if model.num_labels != 1:
        raise ValueError(f"it gives {model.num_labels} scores to a pair instead of one")
    model.eval()
    return model
