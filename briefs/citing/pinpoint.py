"""The page behind a citation's mark."""

from briefs.citing.cleaning import cleaned
from briefs.model import Citation


def pinpoint(citation: Citation) -> str:
    """The page as cited: its printed label, else its position; a range only where it is certain."""
    label = cleaned(citation.page_label or "")
    if citation.page is None:
        return label
    last = citation.spans[-1].page
    # Only one label is known; positions may continue it only where both count alike.
    if last > citation.page and label in {"", str(citation.page)}:
        return f"{citation.page}-{last}"
    return label or str(citation.page)
