"""The demo: the collection of a fictional district, two inquiries, a brief and a draft.

Every text is invented, and every document says so (`MARK`). Rooms: ``content`` (the data, as
frozen dataclasses), ``render`` (writes the files), ``markup`` (the sources' few signs), ``pdf``,
``word`` and ``sheets`` (one format each), ``texts`` and the TOML files (the words themselves).
"""

from briefs.workbench.demo.content import (
    MARK,
    DemoBrief,
    DemoDocument,
    DemoInquiry,
    DemoQuote,
    DemoStatement,
    briefs,
    documents,
    inquiries,
    source_text,
)
from briefs.workbench.demo.render import write_collection

__all__ = [
    "MARK",
    "DemoBrief",
    "DemoDocument",
    "DemoInquiry",
    "DemoQuote",
    "DemoStatement",
    "briefs",
    "documents",
    "inquiries",
    "source_text",
    "write_collection",
]
