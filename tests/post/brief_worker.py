"""Delivers with leases of a second: `python brief_worker.py SITE NOW`; prints what it came to."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path

from publisher.post.outbox import deliver
from publisher.post.postbox import Postbox
from publisher.post.run import Terms

BRIEF = Terms(batch=5, lease=timedelta(seconds=1), hand_over=timedelta(seconds=1))

if __name__ == "__main__":
    done = deliver(Postbox.open(Path(sys.argv[1])), datetime.fromisoformat(sys.argv[2]), terms=BRIEF)
    print({str(state): count for state, count in done.counts.items()})
