"""Very small models of real kinds, written where a test wants one."""

from pathlib import Path
from typing import Any

from tests.homes import TEXTS

_SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]


def write_model(folder: Path, kind: Any, *, characters: str = "", labels: int = 1) -> Path:
    """Write a BERT of random weights, the same ones each time, that reads pairs of texts.

    Args:
        folder: where to; made.
        kind: a class of transformers, such as ``BertForSequenceClassification``.
        characters: what it tells apart; without them those of the texts of a filled home.
        labels: how many scores a pair gets.
    """
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split
    from tokenizers.processors import TemplateProcessing
    from transformers import BertConfig, PreTrainedTokenizerFast

    words = [*_SPECIAL, *sorted(set(characters or "".join(TEXTS.values())))]
    tokenizer = Tokenizer(WordLevel({word: n for n, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Split("", "isolated")
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    tokenizer_class: Any = PreTrainedTokenizerFast
    tokenizer_class(
        tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]", model_max_length=40
    ).save_pretrained(folder)
    torch.manual_seed(2)
    config_class: Any = BertConfig
    config = config_class(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=40,
        num_labels=labels,
        initializer_range=0.5,
    )
    kind(config).save_pretrained(folder)
    return folder
