"""Ticks without a pause: the real command line, again and again, until it is killed or told to end.

Started by a test with a site's folder, the instant of every tick, and a file whose presence ends it.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from dying import call

if __name__ == "__main__":
    _, folder, now, end = sys.argv
    while not Path(end).exists():
        call(["tick", "--site", folder, "--now", now])
