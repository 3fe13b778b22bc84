"""Every check behind one command: ``python -m tests``; arguments go to pytest."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHECKS = {
    "format": ["-m", "ruff", "format", "--check", "."],
    "lint": ["-m", "ruff", "check", "."],
    "types": ["-m", "mypy"],
    "layers": [
        "-c",
        "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())",
    ],
    "scan": ["-m", "bandit", "-q", "-r", "knowledge", "embeddings", "briefs", "app.py"],
    "tests": ["-m", "pytest"],
}


def main(arguments: list[str]) -> int:
    """Run every check, all of them even when one fails; returns 1 if any did."""
    failed = []
    for name, command in CHECKS.items():
        print(f"== {name}", flush=True)
        extra = arguments if name == "tests" else []
        if subprocess.run([sys.executable, *command, *extra], cwd=ROOT, check=False).returncode:
            failed.append(name)
    print(f"== failed: {', '.join(failed)}" if failed else "== all checks passed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
