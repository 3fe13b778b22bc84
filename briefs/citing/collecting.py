"""The references of documents and of briefs, ready to be written in any form."""

from collections.abc import Sequence

from briefs.citing.exchange import Item
from briefs.citing.numbering import numbered
from briefs.store import Briefs
from knowledge.csl import key_of, work_of
from knowledge.model import Document, Version
from knowledge.store.documents import Documents


class Collecting:
    """Gathers references; reads SQL, changes nothing."""

    def __init__(self, documents: Documents, briefs: Briefs) -> None:
        self._documents = documents
        self._briefs = briefs

    def of_document(self, document_id: int) -> Item:
        """The current version of a document.

        Raises:
            UnknownRecordError: no such document.
        """
        document = self._documents.get(document_id)
        return _item(document, self._documents.version(document.current_version))

    def of_brief(self, brief_id: int) -> Sequence[Item]:
        """What a brief cites as it is now, by first appearance, each version once.

        Raises:
            UnknownBriefError: no such brief.
        """
        lines = self._briefs.get(brief_id).statements
        ids = list(numbered(item for line in lines for item in line.evidence))
        versions = self._documents.versions_by_id(ids)
        return [_item(self._documents.document_of_version(id_), versions[id_]) for id_ in ids]


def _item(document: Document, version: Version) -> Item:
    return Item(key_of(document, version), work_of(document, version))
