"""The lexical index in memory keeps the contract."""

from collections.abc import Callable

import pytest

from knowledge.lexical_memory import MemoryLexicalIndex
from knowledge.protocols import LexicalIndex
from tests.contracts.lexical_index import LexicalIndexContract


class TestMemoryLexicalIndex(LexicalIndexContract):
    @pytest.fixture
    def make(self) -> Callable[[], LexicalIndex]:
        return MemoryLexicalIndex
