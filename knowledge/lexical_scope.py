"""Scopes as conditions of the tantivy index, and the fields that they ask.

A field is indexed once for each passage, so that a condition costs what its postings cost. Over
140,000 passages a search takes 1.2 ms, one with such a condition 2 to 7 ms; with the ids of the
documents allowed as terms it took 17 ms for 10,000 documents and 112 ms for 139,000.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import tantivy

from knowledge.access import Facets, Recorded, Scope, Viewer, day_number, last_day_number
from knowledge.filter import Filter
from knowledge.model import Access

_TEXTS: Final = ("type", "issuer", "language", "access")
_NUMBERS: Final = ("branch", "person", "shared", "issued")
_OF_VERSION: Final = "version_"
"""Before the fields of a version that is not public; others have none."""
_SHARED: Final = 1
Clause = tuple[tantivy.Occur, tantivy.Query]
_ALWAYS: Final = 99_999_999
"""Later than any date."""


def add_fields(builder: tantivy.SchemaBuilder) -> None:
    """Add the fields that scopes ask, besides ``document``."""
    for name in _TEXTS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in _NUMBERS:
        builder.add_integer_field(name, indexed=True, fast=name == "issued")
    builder.add_text_field(f"{_OF_VERSION}access", tokenizer_name="raw", index_option="basic")
    for name in ("branch", "person", "shared"):
        builder.add_integer_field(_OF_VERSION + name, indexed=True)


def add_values(document: tantivy.Document, facets: Facets) -> None:
    """Fill those fields; what is unknown stays empty and no filter lets it through."""
    document.add_text("type", facets.type.value)
    _add_held(document, "", facets)
    if facets.version is not None:
        _add_held(document, _OF_VERSION, facets.version)
    if facets.issuer is not None:
        document.add_text("issuer", facets.issuer)
    if facets.language is not None:
        document.add_text("language", facets.language)
    if facets.issued_on is not None:
        document.add_integer("issued", day_number(facets.issued_on))


class Conditions:
    """Makes queries that admit what a scope admits; they add nothing to a score."""

    def __init__(self, schema: tantivy.Schema, searcher: tantivy.Searcher) -> None:
        self._schema = schema
        self._searcher = searcher
        self._hidden_from: dict[Viewer, list[tantivy.Query]] = {}
        # Frequencies count removed passages until they are merged away, and each has one level.
        self.ever = sum(searcher.doc_freq("access", level.value) for level in Access)
        """How many passages the engine counts, removed ones included."""
        self.are_some_removed = self.ever > searcher.num_docs
        """Whether any of them are removed."""

    def of(self, scope: Scope) -> list[Clause]:
        """Clauses to go beside the words; none when the scope keeps nothing out of this index."""
        chosen = [(tantivy.Occur.Must, query) for query in self._selected(scope.selection)]
        return [*chosen, *self.outside(scope.viewer)]

    def outside(self, viewer: Viewer) -> list[Clause]:
        """Clauses that leave out what is hidden from a viewer; none when nothing can be."""
        return [(tantivy.Occur.MustNot, query) for query in self.hidden(viewer)]

    def one_of(self, field: str, values: Iterable[int] | Iterable[str]) -> tantivy.Query:
        """That a field has one of these values."""
        wanted = list(values)
        if not wanted:
            return tantivy.Query.empty_query()
        if len(wanted) == 1:
            return unscored(tantivy.Query.term_query(self._schema, field, wanted[0], "basic"))
        return unscored(tantivy.Query.term_set_query(self._schema, field, wanted))

    def count(self, field: str, value: str, *, within: list[Clause]) -> int:
        """How many passages that the clauses admit have a value in a field, removed ones apart."""
        frequency = self._searcher.doc_freq(field, value)
        if not frequency or not (within or self.are_some_removed):
            return frequency
        return self._counted([*within, self._holds(field, value)])

    def holding(self, term: str, *, viewer: Viewer) -> int:
        """How many passages that a viewer may see hold a word, removed ones apart."""
        if self.are_some_removed or not (hidden := self.hidden(viewer)):
            return self.count("words", term, within=self.outside(viewer))
        frequency = self._searcher.doc_freq("words", term)
        if not frequency:
            return 0
        # What is hidden is less than what holds a common word.
        any_hidden = tantivy.Query.boolean_query([(tantivy.Occur.Should, q) for q in hidden])
        kept = self._counted([(tantivy.Occur.Must, any_hidden), self._holds("words", term)])
        return frequency - kept

    def _holds(self, field: str, value: str) -> Clause:
        held = tantivy.Query.term_query(self._schema, field, value, "basic")
        return tantivy.Occur.Must, unscored(held)

    def admitted(self, within: list[Clause]) -> int:
        """How many passages the clauses admit, removed ones apart."""
        if not within:
            return self._searcher.num_docs
        every = unscored(tantivy.Query.all_query())
        return self._counted([*within, (tantivy.Occur.Must, every)])

    def _counted(self, clauses: list[Clause]) -> int:
        found = self._searcher.search(tantivy.Query.boolean_query(clauses), limit=1)
        # The engine's type stubs leave the count out.
        return int(found.count)  # type: ignore[attr-defined]

    def hidden(self, viewer: Viewer) -> list[tantivy.Query]:
        """What `Viewer.may_see` denies: as a rule that is little, and so quick to leave out."""
        known = self._hidden_from.get(viewer)
        if known is None:
            known = self._hidden_from[viewer] = list(self._hidden(viewer))
        return known

    def _hidden(self, viewer: Viewer) -> Iterator[tantivy.Query]:
        if viewer.sees_everything:
            return
        themselves = [] if viewer.person_id is None else [viewer.person_id]
        for prefix in ("", _OF_VERSION):
            yield from self._kept_back(prefix, Access.NAMED, {"person": themselves})
            if viewer.branches is not None:
                own, shared = sorted(viewer.branches), [_SHARED] if viewer.is_staff else []
                seen = {"branch": own, "shared": shared}
                yield from self._kept_back(prefix, Access.STAFF, seen)

    def _kept_back(
        self, prefix: str, access: Access, but: Mapping[str, list[int]]
    ) -> Iterator[tantivy.Query]:
        if self._searcher.doc_freq(f"{prefix}access", access.value):
            level = (tantivy.Occur.Must, self.one_of(f"{prefix}access", [access.value]))
            seen = [
                (tantivy.Occur.MustNot, self.one_of(prefix + field, values))
                for field, values in but.items()
                if values
            ]
            yield tantivy.Query.boolean_query([level, *seen])

    def _selected(self, selection: Filter) -> Iterator[tantivy.Query]:
        """What `Scope.admits` says of a filter."""
        asked: tuple[tuple[str, Iterable[int] | Iterable[str]], ...] = (
            ("type", sorted(kind.value for kind in selection.types)),
            ("issuer", sorted(selection.issuers)),
            ("document", sorted(selection.documents)),
            ("language", sorted(selection.languages)),
            ("branch", sorted(selection.branches)),
            ("access", sorted(level.value for level in selection.access)),
        )
        for field, values in asked:
            if values:
                yield self.one_of(field, values)
        if selection.issued_from or selection.issued_to:
            first = day_number(selection.issued_from) if selection.issued_from else 0
            last = last_day_number(selection.issued_to) if selection.issued_to else _ALWAYS
            yield unscored(
                tantivy.Query.range_query(
                    self._schema, "issued", tantivy.FieldType.Integer, first, last
                )
            )


def _add_held(document: tantivy.Document, prefix: str, record: Recorded) -> None:
    document.add_text(f"{prefix}access", record.access.value)
    document.add_integer(f"{prefix}branch", record.branch_id)
    for person in sorted({record.made_by, *record.recipients}):
        document.add_integer(f"{prefix}person", person)
    if record.shared:
        document.add_integer(f"{prefix}shared", _SHARED)


def unscored(query: tantivy.Query) -> tantivy.Query:
    """Give a query that admits the same passages and adds nothing to their scores."""
    return tantivy.Query.const_score_query(query, 0.0)
