"""Reads a draft as the record that it will be, so that nothing is written that a site would refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.model.records import Event
from publisher.model.recurrence import check_recurrence
from publisher.model.timing import event_time, occurrence_time
from publisher.model.when import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping


def prove(fields: Mapping[str, Any], body: str) -> str:
    """Why these fields are no sound record; nothing if they are."""
    try:
        event = Event.model_validate({**fields, "id": "draft", "body": body})
        time = event_time(event, "UTC")
        if event.recurrence and not isinstance(time, Unknown):
            check_recurrence(event, time, "UTC")
            for changed in event.recurrence.changed:
                occurrence_time(changed, event, "UTC")
    except (ValueError, OverflowError) as error:  # of pydantic; `Mistimed` and `BadRule` are such, too
        return _first_fault(error)
    return ""


def _first_fault(error: Exception) -> str:
    """What a finding says of an error: of pydantic's, which tell all fields at once, the first."""
    if not hasattr(error, "errors"):
        return str(error)
    fault = error.errors()[0]
    return f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
