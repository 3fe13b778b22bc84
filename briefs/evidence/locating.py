"""Quotes and the places where they stand."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from briefs.errors import SpanError
from briefs.evidence.numbers import cuts_number
from briefs.evidence.stream import Stream, folded, is_wide, runs
from briefs.model import Evidence
from knowledge.model import Page, Span
from knowledge.text import clean

_SEPARATORS = (" ", "")


def locate(
    quote: str, pages: Sequence[Page], *, near: Sequence[Span] = ()
) -> tuple[Span, ...] | None:
    """Find a quote word for word on the pages of one version.

    Looks for the exact words, then for words that differ only in width, white space, capitals and
    variant forms (`knowledge.text.fold`). The quote must be one contiguous run: nothing is ever
    assembled from two places. It may run over a page boundary, past running headers and footers;
    then each page gives a span of its own. A run that would begin or end inside a number is no
    occurrence (“5%” does not stand in “15%” or “-5%”, “二十万” not in “一百二十万”).

    Args:
        quote: the words; blanks at its ends are ignored.
        pages: of one version, in any order; a quote is never joined over a page that is missing.
        near: where the quote was taken from: an occurrence inside is preferred, then the first at
            or after its beginning, then the first of all. Exact words precede folded ones.

    Returns:
        The spans, ascending, or None when the quote does not stand there (or is blank).
    """
    wanted = clean(quote).strip()
    if not folded(wanted)[0]:
        return None
    ordered = sorted(pages, key=lambda page: page.index)
    by_index = {page.index: page for page in ordered}
    exact = [spans for spans in _exact(wanted, ordered) if _is_whole(spans, by_index)]
    best = _best(exact, [], near)
    if best and (not near or _rank(best, near) == 0):
        return best
    for separator in _SEPARATORS:
        stream = Stream(ordered, separator=separator)
        found = [spans for spans in stream.find(wanted) if _is_whole(spans, by_index)]
        if found:
            return _best(exact, found, near)
    return best


def words_at(spans: Sequence[Span], pages: Sequence[Page]) -> str:
    """Read the words at `spans`, joined.

    Between two spans a blank is put only where two words would run together, so Chinese text is
    joined without one.

    Raises:
        SpanError: a span names a page that is not among `pages`, or characters it has not.
    """
    by_index = {page.index: page for page in pages}
    text = ""
    for span in spans:
        page = by_index.get(span.page)
        if page is None or not 0 <= span.start < span.end <= len(page.text):
            raise SpanError(page=span.page, start=span.start, end=span.end)
        words = page.text[span.start : span.end]
        apart = text and not (text[-1].isspace() or words[0].isspace())
        if apart and not (is_wide(text[-1]) or is_wide(words[0])):
            text += " "
        text += words
    return text


def holds(evidence: Evidence, pages: Sequence[Page]) -> bool:
    """True when the quoted words stand at the evidence's spans, in one contiguous run.

    Compared like `locate`: exact, else folded, and cut through no number. Pages of another version
    never hold it.
    """
    own = [page for page in pages if page.version_id == evidence.version_id]
    if not evidence.spans or not folded(evidence.quote)[0]:
        return False
    try:
        words = words_at(evidence.spans, own)
    except SpanError:
        return False
    if not _contiguous(evidence.spans, own):
        return False
    if not _is_whole(evidence.spans, {page.index: page for page in own}):
        return False
    parts = [words_at([span], own) for span in evidence.spans]
    forms = {folded(words)[0], folded("".join(parts))[0]}
    return folded(evidence.quote)[0] in forms


def _contiguous(spans: Sequence[Span], pages: Sequence[Page]) -> bool:
    """True when nothing but white space and furniture lies between the spans."""
    by_index = {page.index: page for page in pages}
    for left, right in pairwise(spans):
        last, first = by_index[left.page], by_index[right.page]
        if left.page == right.page:
            gaps = [(last, left.end, right.start)]
        else:
            between = [by_index.get(index) for index in range(left.page + 1, right.page)]
            if right.page < left.page or None in between:
                return False
            gaps = [(last, left.end, len(last.text)), (first, 0, right.start)]
            gaps += [(page, 0, len(page.text)) for page in between if page]
        if any(start > end or _has_body(page, start, end) for page, start, end in gaps):
            return False
    return True


def _has_body(page: Page, start: int, end: int) -> bool:
    return any(
        page.text[max(first, start) : min(last, end)].strip()
        for first, last in runs(page)
        if max(first, start) < min(last, end)
    )


def _exact(wanted: str, pages: Sequence[Page]) -> Iterator[tuple[Span, ...]]:
    for page in pages:
        at = page.text.find(wanted)
        while at >= 0:
            yield (Span(page.index, at, at + len(wanted)),)
            at = page.text.find(wanted, at + 1)


def _is_whole(spans: Sequence[Span], by_index: Mapping[int, Page]) -> bool:
    first, last = spans[0], spans[-1]
    starts_inside = cuts_number(by_index[first.page].text, first.start)
    return not (starts_inside or cuts_number(by_index[last.page].text, last.end))


def _rank(found: tuple[Span, ...], near: Sequence[Span]) -> int:
    """0 inside `near`, 1 after it begins, 2 before it."""
    if not near:
        return 0
    begin, end = (near[0].page, near[0].start), (near[-1].page, near[-1].end)
    if (found[0].page, found[0].start) < begin:
        return 2
    return 0 if (found[-1].page, found[-1].end) <= end else 1


def _best(
    exact: Sequence[tuple[Span, ...]], loose: Sequence[tuple[Span, ...]], near: Sequence[Span]
) -> tuple[Span, ...] | None:
    candidates = [(0, found) for found in exact] + [(1, found) for found in loose]
    if not candidates:
        return None
    first = min(
        candidates,
        key=lambda each: (_rank(each[1], near), each[0], each[1][0].page, each[1][0].start),
    )
    return first[1]
