"""Loading a sentence-transformers model quietly, from a folder or by name."""

import contextlib
import logging
import os
import pickle  # nosec B403 – for the name of its error; nothing is unpickled
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from embeddings.errors import EncoderBrokenError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# oneDNN keeps a kernel for each shape of batch it met, a thousand of them: with texts of every
# length that took 200 MB more than 64 kernels do, at no more passages a second.
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "64")
# Torch's threads wait for one another in a busy loop: beside anything else that computes, a passage
# took twice the processor's time that way. It is read when torch is first imported.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

Precision: TypeAlias = Literal["bf16", "fp32"]
Loaded = TypeVar("Loaded")

BF16_ABILITIES = ("avx512_bf16", "amx_bf16", "bf16")
DEFAULT_OWNER = "sentence-transformers"
"""Whose model a name without an owner is, as the library reads it."""


def usual_precision() -> Precision:
    """Return ``bf16`` where this processor multiplies matrices in it, else ``fp32``."""
    return "bf16" if bf16_ability() else "fp32"


def bf16_ability() -> str | None:
    """Name what lets this processor multiply matrices in bfloat16; None when nothing does."""
    import torch

    abilities = torch.cpu.get_capabilities()
    return next((name for name in BF16_ABILITIES if abilities.get(name)), None)


def is_folder(source: str) -> bool:
    """Whether a model is given as a folder; the empty string is not the current one."""
    return bool(source) and Path(source).is_dir()


def load_model(source: str, precision: Precision) -> tuple["SentenceTransformer", Path]:
    """Load a model and return it with the folder that its files lie in.

    Args:
        source: a folder, which is loaded without contact to a hub, or a name.
        precision: of weights and arithmetic.

    Raises:
        EncoderBrokenError: it cannot be loaded; the reason is one line.
    """
    from huggingface_hub import snapshot_download

    def load(offline: bool) -> tuple["SentenceTransformer", Path]:
        model = _load_once(source, precision, offline=offline)
        if is_folder(source):
            return model, Path(source)
        # Nothing is downloaded here: what the library chose is on this machine already.
        folder = snapshot_download(_with_owner(source), local_files_only=True)  # nosec B615 – local
        return model, Path(folder)

    # A download without its modules.json would load, but with a pooling that is a guess.
    return load_quietly(source, load, mark="modules.json")


def load_quietly(source: str, load: Callable[[bool], Loaded], *, mark: str) -> Loaded:
    """Load a model of any kind, keeping the libraries' bars and warnings from the terminal.

    Args:
        source: a folder, or a name.
        load: loads it; told whether it must do without the hub.
        mark: a file of the model without which what was downloaded of it does not count.

    Raises:
        EncoderBrokenError: it cannot be loaded; the reason is one line.
    """
    from safetensors import SafetensorError

    # Whatever a folder may hold wrongly: settings, names of classes, weights, types of any of it.
    failures = (
        OSError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        ImportError,
        RuntimeError,
        SafetensorError,
        pickle.UnpicklingError,
    )
    reason = "there is no such folder"
    with _quiet():
        for offline in _attempts(source, mark):
            try:
                return load(offline)
            except failures as error:
                reason = next(iter(str(error).strip().splitlines()), "") or type(error).__name__
    raise EncoderBrokenError(name=source, reason=reason[:200])


def _attempts(source: str, mark: str) -> list[bool]:
    """Whether to stay offline, try by try; no try at all for a path that leads nowhere."""
    from huggingface_hub import try_to_load_from_cache

    if is_folder(source):
        return [True]
    if source.count("/") > 1 or source.startswith(("/", ".", "~")) or "\\" in source or not source:
        return []
    with contextlib.suppress(ValueError):
        if isinstance(try_to_load_from_cache(_with_owner(source), mark), str):
            return [True, False]
    return [False]


def _with_owner(name: str) -> str:
    return name if "/" in name else f"{DEFAULT_OWNER}/{name}"


def _load_once(source: str, precision: Precision, *, offline: bool) -> "SentenceTransformer":
    import torch
    from huggingface_hub.constants import HF_HUB_CACHE
    from sentence_transformers import SentenceTransformer

    number = torch.bfloat16 if precision == "bf16" else torch.float32
    model = SentenceTransformer(
        source,
        device="cpu",
        cache_folder=None if is_folder(source) else HF_HUB_CACHE,
        local_files_only=offline,
        model_kwargs={"dtype": number},
    )
    # The keyword reaches the transformer only; a dense layer after it must compute in the same.
    return model.to(number).eval()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep progress bars and warnings of the libraries from the terminal while a model loads."""
    from transformers.utils import logging as typed_logging

    transformers_logging: Any = typed_logging

    library = logging.getLogger("sentence_transformers")
    level, verbosity = library.level, transformers_logging.get_verbosity()
    bars = transformers_logging.is_progress_bar_enabled()
    library.setLevel(logging.ERROR)
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        library.setLevel(level)
        transformers_logging.set_verbosity(verbosity)
        if bars:
            transformers_logging.enable_progress_bar()
