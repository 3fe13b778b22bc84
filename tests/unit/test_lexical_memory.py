"""The lexical index in memory keeps the contract."""

from collections.abc import Callable

import pytest

from knowledge.lexical_memory import MemoryLexicalIndex
from knowledge.protocols import LexicalIndex
from tests.contracts.lexical_index import LexicalIndexContract, TableInHand


class TestMemoryLexicalIndex(LexicalIndexContract):
    @pytest.fixture
    def make(self, table: TableInHand) -> Callable[[], LexicalIndex]:
        return lambda: MemoryLexicalIndex(synonyms=table)
