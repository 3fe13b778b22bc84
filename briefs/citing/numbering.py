"""The numbers of references."""

from collections.abc import Iterable, Mapping

from briefs.model import Evidence


def numbered(evidence: Iterable[Evidence]) -> Mapping[int, int]:
    """Number sources by first appearance: ``version_id`` → 1, 2, 3, without gaps.

    One number per version, however often it is cited; two versions of one document are two
    sources, since each citation must keep opening the text it was taken from. Iterating over the
    mapping gives the versions in the order of their numbers.

    Args:
        evidence: of all statements, in the order in which a reader meets them.
    """
    numbers: dict[int, int] = {}
    for item in evidence:
        numbers.setdefault(item.version_id, len(numbers) + 1)
    return numbers
