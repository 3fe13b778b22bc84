"""The models that the settings name, each loaded once, when first needed."""

import threading
from functools import cached_property
from pathlib import Path

from briefs.workbench.settings import BUNDLED, Settings
from embeddings.errors import BadInputError as ModelProblem
from embeddings.protocols import Encoder
from embeddings.reranking import CrossEncoderReranker, Reranker


class Models:
    """The encoder and the reranker of a home; safe in several threads."""

    def __init__(self, settings: Settings, *, folder: Path, encoder: Encoder | None = None) -> None:
        """Load nothing yet.

        Args:
            settings: of the home.
            folder: where unpacked models and what was found out about them are kept.
            encoder: used instead of the one that the settings name.
        """
        self._settings = settings
        self._folder = folder
        self._lock = threading.RLock()
        if encoder is not None:
            self._encoder = encoder

    @property
    def encoder(self) -> Encoder:
        """The encoder of the settings.

        Raises:
            EncoderUnavailableError: the default encoder has no build for this machine.
            EncoderBrokenError: the encoder named cannot be loaded.
        """
        with self._lock:
            loaded = self._encoder
        if isinstance(loaded, ModelProblem):
            raise loaded
        return loaded

    @property
    def encoder_problem(self) -> ModelProblem | None:
        """Why there is no encoder; None when there is."""
        with self._lock:
            loaded = self._encoder
        return loaded if isinstance(loaded, ModelProblem) else None

    @property
    def reranker(self) -> Reranker | None:
        """The reranker of the settings; None when none is set, or it cannot be used."""
        with self._lock:
            loaded = self._reranker
        return None if isinstance(loaded, ModelProblem) else loaded

    @property
    def reranker_problem(self) -> ModelProblem | None:
        """Why the reranker of the settings is not used; None when it is, or none is set."""
        with self._lock:
            loaded = self._reranker
        return loaded if isinstance(loaded, ModelProblem) else None

    def made(self, setting: str) -> Encoder | ModelProblem:
        """Load the encoder that a setting names, anew; or why it cannot be."""
        from embeddings.bundled import bundled_encoder
        from embeddings.neutral import LanguageNeutral
        from embeddings.sentence import SentenceEncoder

        try:
            if setting == BUNDLED:
                return LanguageNeutral(bundled_encoder(self._folder), folder=self._folder)
            return LanguageNeutral(SentenceEncoder(setting), folder=self._folder)
        except ModelProblem as problem:
            return problem

    @cached_property
    def _encoder(self) -> Encoder | ModelProblem:
        return self.made(self._settings.encoder)

    @cached_property
    def _reranker(self) -> Reranker | ModelProblem | None:
        if not self._settings.reranker:
            return None
        try:
            return CrossEncoderReranker(self._settings.reranker)
        except ModelProblem as problem:
            return problem
