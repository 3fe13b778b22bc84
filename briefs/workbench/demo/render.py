"""Writing the demo collection as the files that a library would be given."""

from pathlib import Path

from briefs.workbench.demo.content import MARK, DemoDocument, documents, source_text
from briefs.workbench.demo.markup import parts_of
from briefs.workbench.demo.pdf import pdf_bytes
from briefs.workbench.demo.sheets import xlsx_bytes
from briefs.workbench.demo.word import docx_bytes


def write_collection(folder: Path) -> list[Path]:
    """Write all files of the demo collection into `folder`, which is made when it is missing.

    Files of the same names are overwritten, others left alone. The bytes are the same every time.
    Needs no network.

    Returns:
        The files' paths, in the order of `documents`.

    Raises:
        OSError: the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for document in documents():
        path = folder / document.file
        path.write_bytes(_bytes(document))
        paths.append(path)
    return paths


def _bytes(document: DemoDocument) -> bytes:
    suffix = Path(document.file).suffix
    sources = [source_text(name) for name in document.sources]
    if suffix == ".xlsx":
        names = [f"{Path(name).stem.rpartition('-')[2]}年" for name in document.sources]
        tables = list(zip(names, sources, strict=True))
        return xlsx_bytes(tables, document.metadata, mark=MARK)
    if suffix == ".pdf":
        return pdf_bytes(parts_of(sources[0]), document.metadata, mark=MARK)
    if suffix == ".docx":
        return docx_bytes(parts_of(sources[0]), document.metadata, mark=MARK)
    return sources[0].encode(document.encoding)
