"""The columns of a file of subscribers, and how a cell is kept from being a formula.

The form is CSV (RFC 4180) in UTF-8 with a line of names on top, in any order.
Several values in a cell are separated by `;`.
"""

from __future__ import annotations

EMAIL = "email"
LANGUAGE = "language"
LISTS = "lists"
TOPICS = "topics"
ORGANISATIONS = "organisations"
EVENTS = "events"
TIMEZONE = "timezone"
CONSENT_SOURCE = "consent_source"
CONSENT_DATE = "consent_date"
#: Only in what was exported: how the subscriptions of a line stand.
STATE = "state"

#: In the order of an export.
COLUMNS = (
    EMAIL, LANGUAGE, LISTS, TOPICS, ORGANISATIONS, EVENTS, TIMEZONE, CONSENT_SOURCE, CONSENT_DATE, STATE,
)  # fmt: skip

#: What makes a spreadsheet take a cell for a formula (CWE-1236).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(cell: str) -> str:
    """The cell as a spreadsheet shows it and does not calculate it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
