"""What becomes of messages: sent once, in order, to whoever may be written to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publisher.model.mailing import DeliveryState, IssueState
from publisher.store import tables

from .mailroom import address

if TYPE_CHECKING:
    from smtpserver import SmtpServer

    from .mailroom import Mailroom


def test_every_reader_gets_their_digest_once_and_the_issue_is_done(room: Mailroom, server: SmtpServer) -> None:
    room.send_to(server.port)
    made = room.fill(30)

    done = room.deliver()

    assert sorted(taken.recipient for taken in server.taken) == sorted(map(address, range(1, 31)))
    assert done.counts == {DeliveryState.SENT: 30}
    assert done.done == (made.id,)
    assert set(room.states().values()) == {DeliveryState.SENT}
    assert [row.state for row in room.all(tables.issue)] == [IssueState.DONE]
    assert {row.told_until for row in room.all(tables.subscription)} == {made.cut_at}
    assert room.deliver().counts == {}
