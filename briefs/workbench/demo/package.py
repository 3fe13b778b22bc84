"""Office packages (zip files of XML) that are the same bytes every time."""

import io
import re
import zipfile
from typing import Final

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_SAVED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_MADE: Final = re.compile(rb"<dcterms:created[^>]*>([^<]*)</dcterms:created>")


def stable(package: bytes) -> bytes:
    """Write an Office package anew without the clock: fixed times, last saved when it was made."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # Else it is the system that the package was made on.
            entry.create_system = 3
            data = old.read(name)
            if name == "docProps/core.xml" and (made := _MADE.search(data)):
                data = _SAVED.sub(rb"\g<1>" + made.group(1) + rb"\g<2>", data)
            new.writestr(entry, data)
    return buffer.getvalue()
