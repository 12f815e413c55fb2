"""What Markdown costs: pyromark, markdown-it-py, and each with nh3 behind it.

The texts are the bodies of content/, made up to 1,000. The figures are CPU time
of this process a record, the best of several passes: on a shared machine the
ratios are worth more than the microseconds. markdown-it-py is here because rich
needs it, and only for this comparison.
"""

from __future__ import annotations

import time
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

import nh3
import pyromark
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CONTENT = Path(__file__).parent.parent / "content"
RECORDS, PASSES = 1_000, 5


def bodies() -> list[str]:
    """The text below the front matter of every record, repeated up to RECORDS."""
    texts = [path.read_text("utf-8").split("---\n", 2)[-1].strip() for path in sorted(CONTENT.rglob("*.md"))]
    return list(islice(cycle(filter(None, texts)), RECORDS))


def cost(render: Callable[[str], object], texts: Sequence[str]) -> float:
    """CPU time a text in microseconds, the best of all passes."""
    passes = []
    for _ in range(PASSES):
        before = time.process_time()
        for text in texts:
            render(text)
        passes.append(time.process_time() - before)
    return min(passes) / len(texts) * 1e6


def main() -> None:
    """Print a line for each candidate."""
    texts = bodies()
    options = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_FOOTNOTES
    fast, pure = pyromark.Markdown(options=options), MarkdownIt("commonmark").enable("table")
    html = {text: fast.html(text) for text in texts}
    size = sum(len(text.encode()) for text in texts) / len(texts)
    print(f"{len(texts)} bodies of {size:.0f} bytes on average; CPU microseconds a body, best of {PASSES}")
    candidates: dict[str, Callable[[str], object]] = {
        "pyromark": fast.html,
        "nh3 on its result": lambda text: nh3.clean(html[text]),
        "pyromark and nh3": lambda text: nh3.clean(fast.html(text)),
        "markdown-it-py": pure.render,
        "markdown-it-py and nh3": lambda text: nh3.clean(pure.render(text)),
    }
    costs = {name: cost(render, texts) for name, render in candidates.items()}
    for name, spent in costs.items():
        print(f"{name:<24} {spent:8.1f}   {spent / costs['pyromark']:6.1f} x pyromark")


if __name__ == "__main__":
    main()
