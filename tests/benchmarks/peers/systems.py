"""The systems compared, each as its documentation sets it up.

Every system is imported when it is made: this module needs none, and the memory of each is its own.
Where jieba is named, texts and queries are cut into words by its search mode beforehand, and what the
peer documents for the purpose (a pattern, a kind of tokenizer) makes it take these words.
"""

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeAlias

from knowledge.judged import JudgedSet
from tests.benchmarks.peers.prepared import Prepared, own_encoder

_CHARACTERS: Final = r"(?u)[\u3400-\u9fff]|[^\W\u3400-\u9fff]+"
"""A Chinese character, or a run of other word characters."""
_WORDS: Final = r"(?u)\w+"
"""Words of a text that has been cut into words."""


Cut: TypeAlias = Callable[[str], str]
"""Puts blanks between the words of a text."""


class System(Protocol):
    """Something that searches."""

    def keep(self, judged: JudgedSet, given: Prepared) -> None:
        """Take the texts into the collection, durably; nothing where there is none."""
        ...

    def index(self, given: Prepared) -> None:
        """Index the texts, until they can be found."""
        ...

    def search(self, place: int, k: int) -> Sequence[str]:
        """Ids of the judged texts of the `k` best passages for the query at `place`."""
        ...


class Peer:
    """A system that keeps no collection beside its index."""

    def keep(self, judged: JudgedSet, given: Prepared) -> None:
        """Do nothing."""


class Zhiku:
    """The product itself, on disk in a throw-away home, default settings."""

    def __init__(self) -> None:
        from briefs.workbench.bootstrap import Workbench
        from briefs.workbench.settings import Settings
        from tests.benchmarks.peers.preparing import load

        self._scratch = tempfile.TemporaryDirectory(prefix="zhiku-peers-")
        self._settings = Settings(Path(self._scratch.name))
        self._workbench, self._load = Workbench, load

    def keep(self, judged: JudgedSet, given: Prepared) -> None:
        """Commit each text as a document of its own, and look for copies."""
        self._queries = given.queries
        self._opened = self._workbench(self._settings, encoder=own_encoder(given))
        self._load(self._opened, judged)
        self._opened.likeness.catch_up()

    def index(self, given: Prepared) -> None:
        """Index words and vectors."""
        self._opened.index()

    def search(self, place: int, k: int) -> Sequence[str]:
        """Search, the look for new documents included, and copies not put together."""
        found = self._opened.retriever.search(self._queries[place], k, collapse=False)
        return [result.document.source.partition(":")[2] for result in found]


class Txtai(Peer):
    """txtai: ``Embeddings(hybrid=True)``, BM25 beside vectors, its own defaults otherwise."""

    def __init__(self, cut: Cut | None = None) -> None:
        self._txtai = import_module("txtai")
        self._cut = cut or _as_it_is
        # Its default is Unicode's word boundaries, which put every Chinese character alone.
        self._tokens: dict[str, Any] = {} if cut is None else {"tokenizer": {"regexp": _WORDS}}

    def index(self, given: Prepared) -> None:
        """Index texts under their row numbers."""
        self._given = given
        texts = [self._cut(text) for text in given.texts]
        self._queries = [self._cut(query) for query in given.queries]
        known = dict(zip(texts, given.vectors, strict=True))
        asked = dict(zip(self._queries, given.query_vectors, strict=True))
        tables = [known]

        def transform(texts: Sequence[str]) -> list[Any]:
            return [tables[-1][text] for text in texts]

        # What hybrid=True stands for, that a tokenizer may be named.
        scoring = {"method": "bm25", "terms": True, "normalize": True, **self._tokens}
        self._embeddings = self._txtai.Embeddings(
            hybrid=True, scoring=scoring, method="external", transform=transform
        )
        self._embeddings.index(enumerate(texts))
        tables.append(asked)

    def search(self, place: int, k: int) -> Sequence[str]:
        """Search."""
        found = self._embeddings.search(self._queries[place], k)
        return [self._given.sources[row] for row, _ in found]


class Haystack(Peer):
    """Haystack's documented hybrid pipeline: in-memory BM25 and vectors into a DocumentJoiner."""

    def __init__(self, join_mode: str, cut: Cut | None = None) -> None:
        os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
        self._join_mode = join_mode
        self._cut = cut or _as_it_is
        # Its default pattern puts every Chinese character alone.
        self._tokens = {} if cut is None else {"bm25_tokenization_regex": _WORDS}
        self._haystack = import_module("haystack")
        self._stores = import_module("haystack.document_stores.in_memory")
        self._retrievers = import_module("haystack.components.retrievers.in_memory")
        self._joiners = import_module("haystack.components.joiners.document_joiner")

    def index(self, given: Prepared) -> None:
        """Write documents and put the pipeline together."""
        self._given = given
        rows = zip(given.texts, given.vectors, strict=True)
        store = self._stores.InMemoryDocumentStore(**self._tokens)
        store.write_documents(
            [
                self._haystack.Document(
                    id=str(place), content=self._cut(text), embedding=row.tolist()
                )
                for place, (text, row) in enumerate(rows)
            ]
        )
        pipeline = self._haystack.Pipeline()
        pipeline.add_component("words", self._retrievers.InMemoryBM25Retriever(store))
        pipeline.add_component("vectors", self._retrievers.InMemoryEmbeddingRetriever(store))
        pipeline.add_component("joiner", self._joiners.DocumentJoiner(join_mode=self._join_mode))
        pipeline.connect("words", "joiner")
        pipeline.connect("vectors", "joiner")
        self._pipeline = pipeline

    def search(self, place: int, k: int) -> Sequence[str]:
        """Run the pipeline."""
        asked = {
            "words": {"query": self._cut(self._given.queries[place]), "top_k": k},
            "vectors": {"query_embedding": self._given.query_vectors[place].tolist(), "top_k": k},
        }
        documents = self._pipeline.run(asked)["joiner"]["documents"]
        return [self._given.sources[int(document.id)] for document in documents[:k]]


class LlamaIndex(Peer):
    """LlamaIndex's documented QueryFusionRetriever over a vector index and its BM25 retriever.

    ``num_queries=1`` as its documentation says, to ask what was typed and no made-up variants.
    """

    def __init__(self, token_pattern: str | None = None, cut: Cut | None = None) -> None:
        self._core = import_module("llama_index.core")
        self._schema = import_module("llama_index.core.schema")
        self._fusion = import_module("llama_index.core.retrievers")
        self._bm25 = import_module("llama_index.retrievers.bm25")
        self._mocks = import_module("llama_index.core.llms")
        self._cut = cut or _as_it_is
        # Words are the retriever's default: runs of two word characters or more.
        self._tokens = {} if token_pattern is None else {"token_pattern": token_pattern}

    def index(self, given: Prepared) -> None:
        """Index nodes that have their vectors already."""
        self._given = given
        rows = zip(given.texts, given.vectors, strict=True)
        nodes = [
            self._schema.TextNode(id_=str(place), text=self._cut(text), embedding=row.tolist())
            for place, (text, row) in enumerate(rows)
        ]
        model = self._core.MockEmbedding(embed_dim=given.vectors.shape[1])
        index = self._core.VectorStoreIndex(nodes, embed_model=model)
        self._by_vector = index.as_retriever()
        self._by_words = self._bm25.BM25Retriever.from_defaults(nodes=nodes, **self._tokens)
        self._fused = self._fusion.QueryFusionRetriever(
            [self._by_vector, self._by_words],
            llm=self._mocks.MockLLM(),
            mode="reciprocal_rerank",
            num_queries=1,
            use_async=False,
        )

    def search(self, place: int, k: int) -> Sequence[str]:
        """Retrieve."""
        for retriever in (self._by_vector, self._by_words, self._fused):
            retriever.similarity_top_k = min(k, len(self._given.texts))
        vector = self._given.query_vectors[place].tolist()
        query = self._schema.QueryBundle(self._cut(self._given.queries[place]), embedding=vector)
        return [self._given.sources[int(each.node.node_id)] for each in self._fused.retrieve(query)]


def _as_it_is(text: str) -> str:
    return text


def _jieba() -> Cut:
    """Cuts a text into words as jieba does for search engines."""
    jieba = import_module("jieba")
    # Its dictionary, before anything is on the clock.
    jieba.initialize()
    return lambda text: " ".join(jieba.cut_for_search(text))


SYSTEMS: Final[Mapping[str, Callable[[], System]]] = MappingProxyType(
    {
        "zhiku": Zhiku,
        "txtai hybrid": Txtai,
        "txtai hybrid, jieba": lambda: Txtai(_jieba()),
        "haystack concatenate": lambda: Haystack("concatenate"),
        "haystack rrf": lambda: Haystack("reciprocal_rank_fusion"),
        "haystack rrf, jieba": lambda: Haystack("reciprocal_rank_fusion", _jieba()),
        "llamaindex rrf": LlamaIndex,
        "llamaindex rrf, characters": lambda: LlamaIndex(_CHARACTERS),
        "llamaindex rrf, jieba": lambda: LlamaIndex(_WORDS, _jieba()),
    }
)
"""Makers by the name shown; making one raises ImportError where it is not installed."""
