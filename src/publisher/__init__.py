"""Curate an event once; every subscriber's calendar, feed and page is right, and stays right."""

import sys

# Kept readable for old interpreters: it must be able to refuse them in a sentence.
if sys.version_info < (3, 11):  # noqa: UP036 -- this is the very check
    raise SystemExit(
        "publisher needs Python 3.11 or newer; this is Python %d.%d" % sys.version_info[:2]  # noqa: UP031
    )

from publisher._version import __version__

__all__ = ["__version__"]
