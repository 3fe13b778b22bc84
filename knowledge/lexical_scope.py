"""Scopes as conditions of the tantivy index, and the fields that they ask.

A field is indexed once for each passage, so that a condition costs what its postings cost. Over
140,000 passages a search takes 1.2 ms, one with such a condition 2 to 7 ms; with the ids of the
documents allowed as terms it took 17 ms for 10,000 documents and 112 ms for 139,000.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import tantivy

from knowledge.access import Facets, Recorded, Scope, Viewer, day_number, last_day_number
from knowledge.model import Access, Filter

_TEXTS: Final = ("type", "issuer", "language", "access")
_NUMBERS: Final = ("branch", "maker", "issued")
_OF_VERSION: Final = "version_"
"""Before the fields of a version that is not public; others have none."""
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
    for name in ("branch", "maker"):
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

    def of(self, scope: Scope) -> list[Clause]:
        """Clauses to go beside the words; none when the scope keeps nothing out of this index."""
        hidden = [(tantivy.Occur.MustNot, query) for query in self._hidden(scope.viewer)]
        chosen = [(tantivy.Occur.Must, query) for query in self._selected(scope.selection)]
        return [*chosen, *hidden]

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
        if not frequency or not (within or self._are_some_removed()):
            return frequency
        held = unscored(tantivy.Query.term_query(self._schema, field, value, "basic"))
        query = tantivy.Query.boolean_query([*within, (tantivy.Occur.Must, held)])
        found = self._searcher.search(query, limit=1)
        # The engine's type stubs leave the count out.
        return int(found.count)  # type: ignore[attr-defined]

    def _are_some_removed(self) -> bool:
        # Frequencies count removed passages until they are merged away, and each has one level.
        every = sum(self._searcher.doc_freq("access", level.value) for level in Access)
        return every > self._searcher.num_docs

    def _hidden(self, viewer: Viewer) -> Iterator[tantivy.Query]:
        """What `Viewer.may_see` denies: as a rule that is little, and so quick to leave out."""
        if viewer.sees_everything:
            return
        made = [] if viewer.person_id is None else [viewer.person_id]
        for prefix in ("", _OF_VERSION):
            yield from self._kept_back(prefix, Access.NAMED, ("maker", made))
            if viewer.branches is not None:
                own = sorted(viewer.branches)
                yield from self._kept_back(prefix, Access.STAFF, ("branch", own))

    def _kept_back(
        self, prefix: str, access: Access, but: tuple[str, list[int]]
    ) -> Iterator[tantivy.Query]:
        field, values = but
        if self._searcher.doc_freq(f"{prefix}access", access.value):
            level = (tantivy.Occur.Must, self.one_of(f"{prefix}access", [access.value]))
            seen = [(tantivy.Occur.MustNot, self.one_of(prefix + field, values))] if values else []
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
    document.add_integer(f"{prefix}maker", record.made_by)


def unscored(query: tantivy.Query) -> tantivy.Query:
    """Give a query that admits the same passages and adds nothing to their scores."""
    return tantivy.Query.const_score_query(query, 0.0)
