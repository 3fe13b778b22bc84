"""How long a key at the desk takes to the screen, and a wrong figure to its mark, in a long brief.

Run ``python -m tests.benchmarks.desk [STATEMENTS]``; it needs Chromium. A brief of so many
statements (150 if nothing is said), every third with a wrong figure, is opened in a browser; one of
its statements is typed into.
"""

import statistics
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from briefs.model import Evidence, Statement, StatementKind
from briefs.workbench import serving
from briefs.workbench.bootstrap import Workbench
from knowledge.accounts.roles import Role
from tests.e2e.conftest import CHROMIUM
from tests.homes import cookies_of, fill, open_home

_PORT: Final = 8795
_TYPED: Final = """async (at) => {
  const root = document.querySelector('[data-testid=stBidiComponentIsolated]').shadowRoot;
  const field = root.querySelectorAll('.row textarea')[at], taken = [];
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  for (let i = 0; i < 40; i++) {
    const begun = performance.now();
    document.execCommand('insertText', false, '字');
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
    taken.push(performance.now() - begun);
    await new Promise((done) => setTimeout(done, 50));
  }
  return taken;
}"""


def _brief(bench: Workbench, count: int) -> int:
    passage = next(r.passage for r in bench.retriever.search("加装电梯 补助", 1))
    source = bench.editing.evidence_in(passage, "加装电梯每台财政补助不超过20万元。")
    lines = [_line(number, source) for number in range(count)]
    return bench.editing.create("长简报", lines, actor=bench.actor).id


def _line(number: int, source: Evidence) -> Statement:
    figure = 30 if number % 3 == 0 else 20
    text = f"加装电梯每台财政补助不超过{figure}万元。"
    return Statement(StatementKind.PARAPHRASE, text, (source,))


def _marked(page: Page, at: int) -> float:
    """Seconds from the last key to the mark under a wrong figure."""
    row = page.locator(".desk .row").nth(at)
    for figure, wanted in (("20", 0), ("30", 1)):
        row.locator("textarea").evaluate(
            "f => { f.focus(); const at = f.value.search(/[23]0万/); f.setSelectionRange(at, at + 2); }"
        )
        page.keyboard.type(figure)
        begun = time.perf_counter()
        while row.locator(".mark.fault").count() != wanted:
            time.sleep(0.005)
        taken = time.perf_counter() - begun
        page.locator('.desk .saved[data-state="saved"]').wait_for()
        page.wait_for_timeout(500)
    return taken


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 150
    with tempfile.TemporaryDirectory() as folder:
        bench = open_home(Path(folder))
        fill(bench, Path(folder))
        bench.index()
        brief_id = _brief(bench, count)
        cookies = cookies_of(bench, Role.LIBRARIAN)
        settings = replace(bench.settings, port=_PORT)
        threading.Thread(
            target=serving.serve, args=(settings,), kwargs={"bench": bench}, daemon=True
        ).start()
        address = f"http://127.0.0.1:{_PORT}"
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            context.add_cookies(
                [{"name": n, "value": v, "url": address} for n, v in cookies.items()]
            )
            page = context.new_page()
            time.sleep(5)
            page.goto(f"{address}/drafts?brief={brief_id}")
            page.locator(".desk .row").nth(count - 1).wait_for(timeout=60_000)
            at = count // 3 // 3 * 3 * 2
            typed = page.evaluate(_TYPED, at)
            page.wait_for_timeout(3000)
            marks = [_marked(page, at) for _ in range(8)]
            browser.close()
    print(f"{count} statements")
    print(f"key to screen: median {statistics.median(typed):.0f} ms, worst {max(typed):.0f} ms")
    print(f"last key to mark: median {statistics.median(marks):.2f} s, worst {max(marks):.2f} s")


if __name__ == "__main__":
    main()
