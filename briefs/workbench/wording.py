"""Every word that a person reads, from the gettext catalogues in ``locales``."""

import io
from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from briefs.errors import BriefsError
from embeddings.errors import EmbeddingsError
from knowledge.errors import KnowledgeError

LOCALES = Path(__file__).parent / "locales"
"""One folder a language, one file a room: ``zh/cli.po``, ``zh/errors.po``, ``zh/pages.po`` …"""
KnownError = BriefsError | KnowledgeError | EmbeddingsError


class Wording:
    """One language's words. Keys are short names; both languages have every one of them."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = _translations(language)

    def __call__(self, key: str, /, **values: object) -> str:
        """The words for `key`, with ``{name}`` filled in from `values`."""
        words = self._words.gettext(key)
        return words.format(**values) if values else words

    def error(self, error: KnownError) -> str:
        """The error's sentence in this language."""
        return self.sentence(error.sentence, error.details)

    def sentence(self, sentence: str, details: Mapping[str, object]) -> str:
        """An error's English sentence in this language, its details filled in."""
        return self._words.gettext(sentence).format(**details)


@cache
def wording(language: str) -> Wording:
    """The words of a language, read once."""
    return Wording(language)


def catalogue(language: str) -> Catalog:
    """All words of a language, as written in its files."""
    locale = "zh_CN" if language == "zh" else language
    joined = Catalog(locale=locale)
    for path in sorted((LOCALES / language).glob("*.po")):
        with path.open("rb") as source:
            for message in read_po(source, locale=locale):
                if message.id:
                    joined.add(message.id, message.string)
    return joined


def _translations(language: str) -> GNUTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)
