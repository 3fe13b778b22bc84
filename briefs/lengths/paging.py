"""How many pages a form takes: counted on the PDF itself, not estimated."""

import re
from pathlib import Path
from typing import Final

from briefs.exporters import ExportFormat, export
from briefs.model import Publication

_PAGE: Final = re.compile(rb"/Type\s*/Page\b")


def pages_of(publication: Publication, *, font_folder: Path | None = None) -> int:
    """Pages of the publication's PDF, as the exporter lays it out: about half a second.

    Counted by the page objects, which the exporter's PDF holds uncompressed.

    Raises:
        SettingError: `font_folder` is not a folder.
    """
    return len(_PAGE.findall(export(publication, ExportFormat.PDF, font_folder=font_folder)))
