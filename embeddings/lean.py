"""The default model's encoder: numpy for a question, torch for passages by the thousand.

Torch is imported when there is enough to encode, so that a search starts in a fraction of the time,
and a question never waits for a batch of passages. Both engines read the same weights and agree at
a cosine of 0.9999.

Other engines were measured and left out (``tests.benchmarks.encoders``): ONNX Runtime in eight bits
finds less (nDCG@10 0.445 instead of 0.453 on questions of policy), and what it gives for a text
depends on its neighbours; OpenVINO in bfloat16 does a quarter more, for one more dependency.
"""

import json
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embeddings.bert_weights import BertWeights, Tokens, token_batches
from embeddings.errors import EncoderBrokenError
from embeddings.model_digest import encoder_fingerprint
from embeddings.model_loading import Precision
from embeddings.numpy_bert import NumpyBert
from embeddings.plain_tokens import PlainTokens
from embeddings.protocols import Vectors

if TYPE_CHECKING:
    from embeddings.torch_bert import TorchBert

BATCH_TOKENS = 1024
"""Most tokens of a batch; twice as many take more memory and are no faster."""
FEW_TOKENS = 1500
"""Up to so many tokens, numpy is done before torch would have been imported."""


class LeanEncoder:
    """`Encoder` on a folder that holds a BERT, mean pooling and prompts for both sides.

    Texts longer than the model reads are cut at their end. Safe in several threads: passages are
    computed batch by batch under one lock, questions beside them.
    """

    def __init__(
        self,
        folder: Path,
        *,
        tokens: Path,
        precision: Precision | None = None,
        digests: Path | None = None,
    ) -> None:
        """Map the model's files; this takes milliseconds.

        Args:
            folder: as `unpack_bundled_model` writes it.
            tokens: the table of its vocabulary (`plain_tokens.write_table`).
            precision: for passages; None takes what suits the processor.
            digests: a file that remembers hashes of model files, to spare hashing them each time.

        Raises:
            EncoderBrokenError: a file is missing or damaged; the reason is one line.
        """
        self._folder = folder
        self._precision = precision
        self._digests = digests
        self._lock = threading.Lock()
        self._making = threading.Lock()
        try:
            settings = json.loads((folder / "config_sentence_transformers.json").read_bytes())
            self._query_prompt: str = settings["prompts"]["query"]
            self._passage_prompt: str = settings["prompts"]["passage"]
            self._weights = BertWeights(folder)
            self._few = NumpyBert(self._weights)
            self._plain = PlainTokens(tokens)
        except (OSError, ValueError, KeyError, TypeError) as error:
            reason = next(iter(str(error).splitlines()), "") or type(error).__name__
            raise EncoderBrokenError(name=str(folder), reason=reason[:200]) from error

    @property
    def name(self) -> str:
        """The folder's name."""
        return self._folder.name

    @property
    def fingerprint(self) -> str:
        """Changes with the model's files and the prompts, not with the engine."""
        with self._making:
            return self._fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        prompts = (self._query_prompt, self._passage_prompt)
        return encoder_fingerprint(self._folder, prompts, remembered=self._digests)

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return self._weights.hidden

    def encode_passages(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Encode texts that are to be found. See `Encoder.encode_passages`."""
        return self._encode([self._passage_prompt + text for text in texts], progress=progress)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode texts that ask. See `Encoder.encode_queries`."""
        return self._encode([self._query_prompt + text for text in texts])

    def _encode(
        self, texts: list[str], *, progress: Callable[[int], None] | None = None
    ) -> Vectors:
        tokens = self._tokens(texts)
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        # One text never waits for the lock; for several, torch is better once it is there.
        is_few = sum(map(len, tokens)) <= FEW_TOKENS and (
            len(tokens) == 1 or "_many" not in vars(self)
        )
        for batch in token_batches(tokens, budget=BATCH_TOKENS):
            together = [tokens[place] for place in batch]
            if is_few:
                vectors[batch] = self._few.vectors(together)
            else:
                with self._lock:
                    vectors[batch] = self._many.vectors(together)
            if progress is not None:
                progress(len(batch))
        return self._checked(vectors)

    def _checked(self, vectors: Vectors) -> Vectors:
        if not np.isfinite(vectors).all():
            raise EncoderBrokenError(name=self.name, reason="it gives vectors without a length")
        return vectors

    def _tokens(self, texts: list[str]) -> list[Tokens]:
        """Cut by our own table while there is little to cut, else by the library."""
        longest = self._weights.positions
        if sum(map(len, texts)) <= FEW_TOKENS and "_tokenizer" not in vars(self):
            plain = [self._plain.cut(text, longest=longest) for text in texts]
            found = [tokens for tokens in plain if tokens is not None]
            if len(found) == len(texts):
                return list(found)
        with self._making:
            library = self._tokenizer
        return [one.ids for one in library.encode_batch(texts)]

    @cached_property
    def _many(self) -> "TorchBert":
        from embeddings.torch_bert import TorchBert

        return TorchBert(self._weights, precision=self._precision)

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer: Any = Tokenizer
        return tokenizer.from_file(str(self._folder / "tokenizer.json"))
