"""How issues and deliveries are shown, to people and to machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publisher.model.mailing import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from publisher.model.mailing import Issue
    from publisher.post.run import Delivered


def moment(at: datetime) -> str:
    """An instant, to the minute."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def counted(counts: Mapping[Any, int]) -> str:
    """How many of which: `12 sent, 1 failed`."""
    return ", ".join(f"{number} {state}" for state, number in counts.items() if number)


def issue_line(issue: Issue) -> str:
    """An issue, and how it stands."""
    why = f": {issue.reason}" if issue.reason else ""
    return f"{issue.list} {issue.period}  {issue.state}{why}"


def issue_as_json(issue: Issue) -> dict[str, Any]:
    """An issue for machines."""
    return {
        "list": issue.list,
        "period": issue.period,
        "state": issue.state,
        "reason": issue.reason or None,
        "due_at": issue.due_at.isoformat(),
        "cut_at": issue.cut_at.isoformat(),
        "not_after": issue.not_after.isoformat(),
    }


def delivered_lines(done: Delivered) -> Iterator[str]:
    """What a delivering came to."""
    if done.counts:
        yield f"mail: {counted({state: done.counts[state] for state in DeliveryState})}"
    if done.resumes:
        yield f"mail: the limit is reached; the next message may leave at {moment(done.resumes)}"
    if done.problem:
        yield f"mail: nothing more can be sent: {done.problem}"
    yield from (f"mail: a message cannot be written: {reason}" for reason in sorted(set(done.unwritten)))


def delivered_as_json(done: Delivered) -> dict[str, Any]:
    """The same for machines."""
    return {
        "counts": {state: done.counts[state] for state in DeliveryState if done.counts[state]},
        "problem": done.problem or None,
        "resumes": done.resumes and done.resumes.isoformat(),
        "unwritten": list(done.unwritten),
    }
