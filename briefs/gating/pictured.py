"""Whether a figure has a picture: a caption alone shows nobody anything."""

from collections.abc import Sequence
from dataclasses import replace

from briefs.cutting import is_drawn
from briefs.gate import Fault, FaultType, Outcome, Place, Verdict
from briefs.model import Evidence, StatementKind
from knowledge.errors import UnknownRecordError
from knowledge.store.documents import Documents


def pictured(
    verdict: Verdict,
    kind: StatementKind,
    text: str,
    *,
    evidence: Sequence[Evidence],
    documents: Documents,
) -> Verdict:
    """The verdict on a statement, with a fault more where it is a figure without a picture.

    A figure shows the part of the page that its first evidence boxes: there is none where the
    format has no printed pages, and where the words have no place on theirs.
    """
    if kind is not StatementKind.FIGURE or not evidence or _has_picture(evidence[0], documents):
        return verdict
    fault = Fault(FaultType.PICTURE, Place(text, 0, len(text)))
    return replace(verdict, outcome=Outcome.FAULT, faults=(*verdict.faults, fault))


def _has_picture(item: Evidence, documents: Documents) -> bool:
    page = item.spans[0].page
    try:
        version = documents.version(item.version_id)
        places = documents.places(item.version_id, [page]).get(page)
    except UnknownRecordError:
        return False
    if places is None or not is_drawn(version):
        return False
    return any(places.regions(span.start, span.end) for span in item.spans if span.page == page)
