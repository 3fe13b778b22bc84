"""The lexical index that the product uses: tantivy, an embedded BM25 engine.

On disk: ``format.json`` (what made it), ``writer.lock``, ``tantivy/`` (the engine's own files).
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, repeat
from pathlib import Path
from typing import Final

import numpy as np
import tantivy
from filelock import FileLock, Timeout

from embeddings.protocols import Ids
from knowledge.access import Scope
from knowledge.asked import Asked, Choice, asked, names_asked, rarity, shares
from knowledge.errors import IndexBusyError, IndexWriteError
from knowledge.lexical_files import clear_unfinished, is_sound, needed, start_empty
from knowledge.lexical_scope import Clause, Conditions, add_fields, add_values, unscored
from knowledge.protocols import LexicalEntry, LexicalHit
from knowledge.synonyms import Table, no_synonyms
from knowledge.tokens import TOKENIZER_VERSION, names_of, tokens

SCHEMA_VERSION: Final = 2
"""Changes whenever fields or their settings do."""

_FORMAT: Final = {"schema": SCHEMA_VERSION, "tokenizer": TOKENIZER_VERSION}
_BLANKS: Final = "blanks"
_WRITER_MEMORY: Final = 96_000_000
_NONE_YET: Final = "there is none yet"
_SCORE_DIGITS: Final = 4
_MOST_TERMS: Final = 400
_FEW: Final = 2_000
"""Passages that are scored one by one; more are scored a stretch of the index at a time."""
_MOST_ADDED: Final = 100
"""Clauses that are added one upon the other."""


class TantivyIndex:
    """`LexicalIndex` on disk; any number of processes read it, one at a time writes.

    A folder that is damaged or was made by another format or tokenizer starts empty, and
    `opened_fresh` says why: the caller fills it again by catching up. Searches may run in several
    threads, also while another thread or process writes. Scores are BM25 (k1 1.2, b 0.75).

    Title, headings and text are one field. Measured on 140,000 statute articles with questions
    that name the law, nDCG@10 is 0.78 so, and at most 0.57 with titles in a weighted field of
    their own; on judged sets without such questions they differ by less than 0.01.
    """

    def __init__(
        self,
        folder: Path,
        *,
        patience: float = 10.0,
        synonyms: Table = no_synonyms,
        state: Path | None = None,
    ) -> None:
        """Open the index in `folder`, or start an empty one there.

        Args:
            folder: made if it does not exist.
            patience: seconds to wait for another writer before `IndexBusyError`.
            synonyms: asked at every search, so that a change of the table counts at once.
            state: the file that says how far it is filled (`LexicalIndexing`); goes if it is empty.
        """
        self._folder = folder
        self._patience = patience
        self._synonyms = synonyms
        self._schema = _schema()
        self.opened_fresh: str | None = None
        """Why the index started empty (an English phrase); None when it was opened as it was."""
        folder.mkdir(parents=True, exist_ok=True)
        if fault_of(folder):
            with self._writing():
                # Another process may have been in the middle of making or writing it.
                self.opened_fresh = fault_of(folder)
                if self.opened_fresh:
                    if state is not None:
                        # First: no process may take what is empty for filled.
                        state.unlink(missing_ok=True)
                    start_empty(folder, self._schema, made_by=_FORMAT)
        self._index = _open(folder)

    @property
    def damage(self) -> str | None:
        """Why what was on disk could not be used; None when it was sound or nothing was there."""
        return None if self.opened_fresh == _NONE_YET else self.opened_fresh

    def __len__(self) -> int:
        return self._index.searcher().num_docs

    def refresh(self) -> None:
        """See what another process has committed since."""
        self._index.reload()

    def ids(self) -> Ids:
        """All passage ids of the last commit, by whichever process, ascending."""
        self._index.reload()
        searcher = self._index.searcher()
        every = searcher.search(
            tantivy.Query.all_query(), limit=max(1, searcher.num_docs), count=False
        )
        return np.sort(np.array(_ids_at(searcher, every), dtype=np.int64))

    def update(self, *, remove: Ids, add: Iterable[LexicalEntry]) -> None:
        """Remove and add in one commit; an id that is added replaces what was held under it.

        Whatever ends it early – an error in `add`, a kill – leaves the index as it was.

        Raises:
            IndexBusyError: another writer did not finish within `patience`.
            IndexWriteError: the disk is full or may not be written.
        """
        with self._writing():
            with self._refusals():
                clear_unfinished(self._folder / "tantivy")
                # Opened anew, for the engine only ever deletes files that it knew of when opened.
                self._index = _open(self._folder)
                writer = self._index.writer(_WRITER_MEMORY, 1)
            try:
                self._write(writer, remove=remove, add=add)
            except BaseException:
                with suppress(ValueError, OSError):
                    writer.rollback()
                raise
            finally:
                # Also gives up the engine's own lock, and leaves few segments.
                with suppress(ValueError, OSError):
                    writer.wait_merging_threads()
            self._index.reload()

    def search(self, query: str, k: int, *, scope: Scope) -> list[LexicalHit]:
        """Find up to `k` passages; see `LexicalIndex`. A query without words finds nothing."""
        searcher = self._index.searcher()
        words = self._asked(searcher, query)
        if words.is_empty or k < 1 or not searcher.num_docs:
            return []
        conditions = Conditions(self._schema, searcher)
        within = conditions.of(scope)
        possible = names_asked(query, self._synonyms())
        named = _named(possible, lambda name: conditions.count("names", name, within=within) > 0)
        exact: list[LexicalHit] = []
        if named:
            must = [*within, (tantivy.Occur.Must, conditions.one_of("names", named))]
            exact = _best(searcher, _adding(must, self._words(searcher, words)), k, exact=True)
        if len(exact) == k:
            return exact
        others = self._ranked(searcher, words, k + len(exact), within=within)
        seen = {hit.passage_id for hit in exact}
        return (exact + [hit for hit in others if hit.passage_id not in seen])[:k]

    def _ranked(
        self, searcher: tantivy.Searcher, query: Asked, k: int, *, within: list[Clause]
    ) -> list[LexicalHit]:
        """The best by words alone.

        The engine passes over what cannot rank only where words have one form; so passages that
        hold another form are ranked apart. Each passage's score is the higher of the two.
        """
        typed = self._words(searcher, query.as_typed)
        hits = _best(searcher, _within(within, typed), k, exact=False)
        forms = [self._whole(form) for choice in query.choices for form in choice[1:]]
        holding = tantivy.Query.boolean_query(forms)
        held = searcher.search(holding, limit=1)
        # The engine's type stubs leave the count out.
        if not forms or not (count := held.count):  # type: ignore[attr-defined]
            return hits
        must = [*within, (tantivy.Occur.Must, unscored(holding))]
        restricted = (_adding if count <= _FEW else _within)(must, self._words(searcher, query))
        more = _best(searcher, restricted, k, exact=False)
        best = {hit.passage_id: hit for hit in sorted([*hits, *more], key=lambda hit: hit.score)}
        return sorted(best.values(), key=lambda hit: (-hit.score, hit.passage_id))[:k]

    def _whole(self, form: Counter[str]) -> Clause:
        every = self._clauses(form, tantivy.Occur.Must)
        return tantivy.Occur.Should, tantivy.Query.boolean_query(every)

    def _asked(self, searcher: tantivy.Searcher, query: str) -> Asked:
        words = asked(query, self._synonyms())
        if len(words.plain) > _MOST_TERMS:
            return words.as_typed
        return words.where(lambda term: searcher.doc_freq("words", term) > 0)

    def scores(self, query: str, passages: Sequence[int]) -> list[float]:
        """What each passage scores for the words of a query; see `LexicalIndex`."""
        searcher = self._index.searcher()
        asking = self._asked(searcher, query)
        if asking.is_empty or not passages or not searcher.num_docs:
            return [0.0] * len(passages)
        among = Conditions(self._schema, searcher).one_of("id", passages)
        words = self._words(searcher, asking)
        found = searcher.search(
            _adding([(tantivy.Occur.Must, among)], words), limit=len(passages), count=False
        )
        held = (round(score, _SCORE_DIGITS) for score, _ in found.hits)
        scored = dict(zip(_ids_at(searcher, found), held, strict=True))
        return [scored.get(passage_id, 0.0) for passage_id in passages]

    def frequencies(self, terms: Sequence[str], *, scope: Scope) -> list[int]:
        """How many passages within the scope hold each term; see `LexicalIndex`."""
        conditions = Conditions(self._schema, self._index.searcher())
        within = conditions.of(scope)
        return [conditions.count("words", term, within=within) for term in terms]

    def _words(self, searcher: tantivy.Searcher, query: Asked) -> list[Clause]:
        weights = query.plain
        if len(weights) > _MOST_TERMS:
            frequency = {term: searcher.doc_freq("words", term) for term in weights}
            rarest = sorted(weights, key=lambda term: (frequency[term] or len(self), term))
            weights = Counter({term: weights[term] for term in rarest[:_MOST_TERMS]})
        choices = [self._choice(searcher, choice) for choice in query.choices]
        return [*self._clauses(weights, tantivy.Occur.Should), *choices]

    def _choice(self, searcher: tantivy.Searcher, choice: Choice) -> Clause:
        every = searcher.num_docs
        weighed = shares(choice, rarity=lambda t: rarity(every, searcher.doc_freq("words", t)))
        occurs = (tantivy.Occur.Should, *repeat(tantivy.Occur.Must, len(choice) - 1))
        forms = [
            tantivy.Query.boost_query(
                tantivy.Query.boolean_query(self._clauses(form, occur)), share
            )
            for form, occur, share in zip(choice, occurs, weighed, strict=True)
        ]
        return tantivy.Occur.Should, tantivy.Query.disjunction_max_query(forms)

    def _clauses(self, weights: Counter[str], occur: tantivy.Occur) -> list[Clause]:
        return [(occur, self._term("words", term, weight)) for term, weight in weights.items()]

    def _term(self, field: str, value: str, weight: int = 1) -> tantivy.Query:
        term = tantivy.Query.term_query(self._schema, field, value, "freq")
        return term if weight == 1 else tantivy.Query.boost_query(term, float(weight))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        # A lock object of its own each time: threads of one process exclude each other too, and
        # the system gives the lock up when a process is killed.
        lock = FileLock(self._folder / "writer.lock", timeout=self._patience)
        try:
            lock.acquire()
        except Timeout as error:
            raise IndexBusyError(path=self._folder) from error
        try:
            yield
        finally:
            lock.release()

    def _write(
        self, writer: tantivy.IndexWriter, *, remove: Ids, add: Iterable[LexicalEntry]
    ) -> None:
        # Each id is looked up: to delete what is not there would cost more, and so would all ids.
        searcher = self._index.searcher()
        for passage_id in remove.tolist():
            if searcher.doc_freq("id", passage_id):
                writer.delete_documents_by_term("id", passage_id)
        added: set[int] = set()
        for entry in add:
            document = _document(entry)
            with self._refusals():
                if entry.passage_id in added or searcher.doc_freq("id", entry.passage_id):
                    writer.delete_documents_by_term("id", entry.passage_id)
                writer.add_document(document)
            added.add(entry.passage_id)
        with self._refusals():
            writer.commit()

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """Turn what the engine raises when the disk refuses into this package's error."""
        try:
            yield
        except (ValueError, OSError) as error:
            raise IndexWriteError(path=self._folder, reason=error) from error


def _named(possible: list[tuple[str, ...]], is_carried: Callable[[str], bool]) -> list[str]:
    """Of each thing that a query names, the longest name that some passage carries."""
    carried = (next(filter(is_carried, names), None) for names in possible)
    return sorted({name for name in carried if name})


def fault_of(folder: Path) -> str | None:
    """Say why the index in `folder` cannot be used, as an English phrase; None when it can.

    Reads every byte once: tantivy keeps a CRC-32 at the end of each file but does not check it.
    """
    try:
        made_by = json.loads((folder / "format.json").read_text("utf-8"))
    except FileNotFoundError:
        return _NONE_YET
    except (OSError, ValueError):
        return "its format file is damaged"
    if made_by != _FORMAT:
        return "it was made by another version of Zhiku"
    return _damage(folder)


def _damage(folder: Path) -> str | None:
    engine = folder / "tantivy"
    try:
        meta = json.loads((engine / "meta.json").read_text("utf-8"))
        for path in needed(engine, meta):
            if not is_sound(path):
                return f"it is damaged: {path.name}"
        # Only now: the engine aborts with a panic, no ordinary exception, on some damaged files.
        return None if _open(folder).schema == _schema() else "it is damaged: other fields"
    except (ValueError, OSError, KeyError, TypeError) as error:
        return f"it is damaged: {error}"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    # Signed: deleting by a term of an unsigned field silently deletes nothing (tantivy 0.27).
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_integer_field("document", indexed=True)
    builder.add_text_field("words", tokenizer_name=_BLANKS, index_option="freq")
    builder.add_text_field("names", tokenizer_name="raw", index_option="basic")
    add_fields(builder)
    return builder.build()


def _open(folder: Path) -> tantivy.Index:
    index = tantivy.Index.open(str(folder / "tantivy"))
    index.register_tokenizer(
        _BLANKS, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    )
    # Searches see a commit when `refresh` says so, not at some moment in between.
    index.config_reader("manual")
    return index


def _document(entry: LexicalEntry) -> tantivy.Document:
    document = tantivy.Document()
    document.add_integer("id", entry.passage_id)
    document.add_integer("document", entry.document_id)
    words = (tokens(part) for part in (entry.title, *entry.heading, entry.text))
    document.add_text("words", " ".join(chain.from_iterable(words)))
    for name in names_of(entry):
        document.add_text("names", name)
    add_values(document, entry.facets)
    return document


def _within(must: Sequence[Clause], words: Sequence[Clause]) -> tantivy.Query:
    """Passages that all of `must` admit and that have any of the words."""
    query = tantivy.Query.boolean_query(list(words))
    return tantivy.Query.boolean_query([*must, (tantivy.Occur.Must, query)]) if must else query


def _adding(must: Sequence[Clause], words: Sequence[Clause]) -> tantivy.Query:
    """The few passages that all of `must` admit, with the scores of the words they have.

    Of several optional clauses the engine scores 4,096 passages around each one asked for, of a
    single clause that passage alone: up to three times as fast for 1,000 passages.
    """
    query = tantivy.Query.boolean_query(list(must))
    if len(words) > _MOST_ADDED:
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query), *words])
    for clause in words:
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), clause])
    return query


def _best(
    searcher: tantivy.Searcher, query: tantivy.Query, k: int, *, exact: bool
) -> list[LexicalHit]:
    """Search so that equal scores fall by id, also across the last place.

    The engine breaks ties by place on disk, so it is asked for more until a lower score appears.
    """
    limit = k + 16
    while True:
        found = searcher.search(query, limit=min(limit, searcher.num_docs), count=False)
        scores = [round(score, _SCORE_DIGITS) for score, _ in found.hits]
        if len(scores) < limit or scores[-1] < scores[k - 1]:
            break
        limit *= 4
    ranked = sorted(
        zip(scores, _ids_at(searcher, found), strict=True), key=lambda hit: (-hit[0], hit[1])
    )
    return [LexicalHit(passage_id, score, exact) for score, passage_id in ranked[:k]]


def _ids_at(searcher: tantivy.Searcher, found: tantivy.SearchResult) -> list[int]:
    values = searcher.fast_field_values("id", [address for _, address in found.hits])
    return [int(value) for value in values if value is not None]
