"""The lexical index that the product uses: tantivy, an embedded BM25 engine.

On disk: ``format.json`` (what made it), ``writer.lock``, ``tantivy/`` (the engine's own files).
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
import tantivy
from filelock import FileLock, Timeout

from embeddings.protocols import Ids
from knowledge.access import Scope
from knowledge.asked import Asked, asked, names_asked
from knowledge.errors import IndexBusyError, IndexWriteError
from knowledge.lexical_files import clear_unfinished, is_sound, needed, start_empty
from knowledge.lexical_ranking import MOST_TERMS, Ranking, ids_at
from knowledge.lexical_scope import add_fields, add_values
from knowledge.lexical_state import State, Weighing
from knowledge.protocols import LexicalEntry, LexicalHit
from knowledge.synonyms import Table, no_synonyms
from knowledge.tokens import TOKENIZER_VERSION, names_of, tokens

SCHEMA_VERSION: Final = 3
"""Changes whenever fields or their settings do."""

_FORMAT: Final = {"schema": SCHEMA_VERSION, "tokenizer": TOKENIZER_VERSION}
_BLANKS: Final = "blanks"
_WRITER_MEMORY: Final = 96_000_000
_NONE_YET: Final = "there is none yet"


class TantivyIndex:
    """`LexicalIndex` on disk; any number of processes read it, one at a time writes.

    A folder that is damaged or was made by another format or tokenizer starts empty, and
    `opened_fresh` says why: the caller fills it again by catching up. Searches may run in several
    threads, also while another thread or process writes. Scores are BM25 (k1 1.2, b 0.75), weighed
    for the viewer where anything is hidden from them (`knowledge.lexical_state`).

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
        self._reading = Lock()
        self._commit: bytes | None = None
        self.refresh()

    @property
    def damage(self) -> str | None:
        """Why what was on disk could not be used; None when it was sound or nothing was there."""
        return None if self.opened_fresh == _NONE_YET else self.opened_fresh

    def __len__(self) -> int:
        return self._state.searcher.num_docs

    def refresh(self) -> None:
        """See what another process has committed since; what was counted stays where none has."""
        # One at a time: no older state may take the place of a newer one.
        with self._reading:
            # Before the engine looks: a commit in between is then seen the next time.
            commit = _commit_of(self._folder)
            if commit is None or commit != self._commit:
                self._index.reload()
                self._state = State(self._schema, self._index.searcher())
                self._commit = commit

    def ids(self) -> Ids:
        """All passage ids of the last commit, by whichever process, ascending."""
        self.refresh()
        searcher = self._state.searcher
        every = searcher.search(
            tantivy.Query.all_query(), limit=max(1, searcher.num_docs), count=False
        )
        return np.sort(np.array(ids_at(searcher, every), dtype=np.int64))

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
            self.refresh()

    def search(self, query: str, k: int, *, scope: Scope) -> list[LexicalHit]:
        """Find up to `k` passages; see `LexicalIndex`. A query without words finds nothing."""
        state = self._state
        conditions, weighing = state.conditions, state.weighing(scope.viewer)
        words = self._asked(weighing, query)
        if words.is_empty or k < 1 or not state.searcher.num_docs:
            return []
        within = conditions.of(scope)
        ranking = Ranking(self._schema, weighing, within=within)
        possible = names_asked(query, self._synonyms())
        named = _named(possible, lambda name: conditions.count("names", name, within=within) > 0)
        exact: list[LexicalHit] = []
        if named:
            exact = ranking.carrying(conditions.one_of("names", named), words, k)
        if len(exact) == k:
            return exact
        others = ranking.ranked(words, k + len(exact))
        seen = {hit.passage_id for hit in exact}
        return (exact + [hit for hit in others if hit.passage_id not in seen])[:k]

    def _asked(self, weighing: Weighing, query: str) -> Asked:
        words = asked(query, self._synonyms())
        if len(words.plain) > MOST_TERMS:
            return words.as_typed
        return words.where(lambda term: weighing.frequency(term) > 0)

    def frequencies(self, terms: Sequence[str], *, scope: Scope) -> list[int]:
        """How many passages within the scope hold each term; see `LexicalIndex`."""
        state = self._state
        if scope.selection.is_open:
            return [state.frequency(term, viewer=scope.viewer) for term in terms]
        within = state.conditions.of(scope)
        return [state.conditions.count("words", term, within=within) for term in terms]

    def count(self, *, scope: Scope) -> int:
        """How many passages the scope admits."""
        state = self._state
        if scope.selection.is_open:
            return state.count(scope.viewer)
        return state.conditions.admitted(state.conditions.of(scope))

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


def _commit_of(folder: Path) -> bytes | None:
    """What the engine wrote of its last commit or merging; None: the engine is to say why."""
    try:
        return (folder / "tantivy" / "meta.json").read_bytes()
    except OSError:
        return None


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
