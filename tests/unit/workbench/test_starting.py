"""A search on the command line starts without the libraries that it does not need."""

import subprocess
import sys

from briefs.workbench.bootstrap import Workbench

SEARCH = """
import sys
from briefs.workbench import cli
assert cli._run(["--home", sys.argv[1], "search", "--mode", "lexical", "-k", "1", "图书馆"]) == 0
heavy = {
    "alembic", "cv2", "docx", "onnxruntime", "openpyxl", "pandas", "pptx", "rapidocr",
    "sentence_transformers", "streamlit", "tokenizers", "torch", "trafilatura", "transformers",
}
print("imported:", *sorted(heavy & set(sys.modules)))
"""


def test_a_search_imports_no_heavy_library(filled: Workbench) -> None:
    command = [sys.executable, "-c", SEARCH, str(filled.home)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "imported:"
