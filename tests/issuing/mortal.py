"""Runs `publisher tick` in processes that kill themselves just before a transaction that wrote commits.

Started by a test with the folder of a site like those that it will be asked
about; reads a line of JSON for each call, answers with one. The processes go
through two readers at a time, so that an issue of a few readers has many steps.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import psycopg
from jinja2 import Environment
from sqlalchemy import Connection, Engine, event

import dying
from publisher.issuing import building

assert psycopg  # loaded once, for every fork
building.CHUNK = 2


def call_and_count(arguments: list[str], last: int) -> int:
    """Call the command line; how many transactions that wrote it committed, if it lived."""
    steps = dying.Steps(last)

    def executes(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            connection.info["wrote"] = True

    def commits(connection: Connection) -> None:
        if connection.info.pop("wrote", False):
            steps()

    event.listen(Engine, "before_cursor_execute", executes)
    event.listen(Engine, "commit", commits)
    dying.call(arguments)
    return steps.taken


if __name__ == "__main__":
    Environment.compile = dying.compiled_once(Environment.compile)  # type: ignore[method-assign, assignment]
    dying.call(["tick", "--site", sys.argv[1], "--now", sys.argv[2]])
    dying.call_and_count = call_and_count
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(dying.answer(**json.loads(line)))}\n")
        sys.stdout.flush()
