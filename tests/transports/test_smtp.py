"""Mail by SMTP: whatever the server does, it is known what became of the message."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from publisher.config import parse
from publisher.mailing.message import Outgoing
from publisher.mailing.policy import (
    LOST,
    WITHHELD,
    Deferred,
    Failed,
    Halt,
    InDoubt,
    Outcome,
    Reply,
    Sent,
    Stage,
    next_state,
)
from publisher.transports import TransportFault, configured
from publisher.transports.smtp import BadPassword, Smtp
from publisher.transports.smtp_session import Patience
from smtpserver import GOOD, Drop, Early, Late, Slowly, SmtpServer

if TYPE_CHECKING:
    from pathlib import Path

SENDER, READER = "digest@news.example.org", "Reader@example.org"
NOW = datetime(2026, 6, 8, 3, tzinfo=UTC)
LATEST = NOW + timedelta(days=3)
#: So long that a busy machine keeps it, and so short that nobody waits for what never comes.
SOON = 0.8
ENOUGH = Patience(connect=20, command=20, message=20, whole=60)
PASSWORD = "correct horse пароль"  # noqa: S105 -- of a server that lives as long as a test


def message(number: int = 1, body: bytes = b"Hello\r\n", recipient: str = READER) -> Outgoing:
    data = b"Subject: %d\r\n\r\n%s" % (number, body)
    return Outgoing(sender=SENDER, recipient=recipient, data=data, message_id=f"<{number}@news.example.org>")


def client(server: SmtpServer, **settings) -> Smtp:
    """A transport that speaks to a server as the server wants it."""
    known = {"host": "127.0.0.1", "port": server.port, "tls": server.tls, "ehlo": "news.example.org"}
    if server.tls != "none":
        known["context"] = server.trusting()
    return Smtp(**{"patience": ENOUGH, **known, **settings})


def sent(transport: Smtp, *messages: Outgoing) -> list[Reply]:
    """The replies to messages over one connection."""
    with transport.open() as connection:
        return [connection.send(each) for each in messages or (message(),)]


def outcome(reply: Reply, attempts: int = 1) -> Outcome:
    return next_state(reply, attempts, NOW, LATEST)


def commands(server: SmtpServer) -> list[str]:
    """The verbs that a server has heard, over all connections."""
    return [line.split(" ")[0].upper() for heard in server.heard for line in heard]


def test_a_message_arrives_as_it_is() -> None:
    body = b".\r\n..\r\n.begins with a dot\r\nnot. at the start\r\n\r\n" + b"x" * 998 + b"\r\n.\r\n"
    with SmtpServer() as server:
        (reply,) = sent(client(server), message(body=body))

    assert reply == Reply(code=250, enhanced="2.0.0", text="taken", stage=Stage.AFTER_DATA)
    assert outcome(reply) == Sent()
    (taken,) = server.taken
    assert taken.data == b"Subject: 1\r\n\r\n" + body
    assert (taken.sender, taken.recipients, taken.ehlo) == (SENDER, (READER,), "news.example.org")


def test_a_message_that_begins_with_a_dot_arrives_as_it_is() -> None:
    dotted = replace(message(), data=b".Subject: x\r\n\r\n.\r\n")
    with SmtpServer() as server:
        sent(client(server), dotted)

    assert [taken.data for taken in server.taken] == [dotted.data]


def test_messages_share_a_connection_and_it_ends_politely() -> None:
    with SmtpServer() as server:
        replies = sent(client(server), *(message(number) for number in range(3)))

    assert [reply.code for reply in replies] == [250, 250, 250]
    assert len(server.taken) == 3
    assert commands(server) == ["EHLO", *["MAIL", "RCPT", "DATA"] * 3, "QUIT"]
    assert len(server.heard) == 1


def test_nothing_is_said_to_a_server_that_there_is_no_message_for() -> None:
    with SmtpServer() as server, client(server).open():
        pass

    assert server.heard == []


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
#: What a server does -> the reply that decides, and what becomes of the message at the first attempt.
BEHAVIOUR = {
    "says 220 and hangs up": ({"connect": [Drop("220 hello")]}, LOST, Stage.CONNECT, Deferred(NOW + MINUTE)),
    "hangs up at once": ({"connect": [Drop()]}, LOST, Stage.CONNECT, Deferred(NOW + MINUTE)),
    "is too busy": ({"connect": ["421 4.3.2 no"]}, 421, Stage.CONNECT, Deferred(NOW + 5 * MINUTE)),
    "refuses us": ({"connect": ["554 5.7.1 no"]}, 554, Stage.CONNECT, Halt("554 5.7.1 to connect: no")),
    "refuses EHLO": ({"ehlo": ["550 no"]}, 550, Stage.CONNECT, Halt("550 to connect: no")),
    "refuses the sender": ({"mail": ["553 5.1.8 no"]}, 553, Stage.MAIL, Halt("553 5.1.8 to mail: no")),
    "wants a login": ({"mail": ["530 5.7.0 no"]}, 530, Stage.MAIL, Halt("530 5.7.0 to mail: no")),
    "defers the sender": ({"mail": ["450 4.1.8 no"]}, 450, Stage.MAIL, Deferred(NOW + 5 * MINUTE)),
    "hangs up at MAIL": ({"mail": [Drop()]}, LOST, Stage.MAIL, Deferred(NOW + MINUTE)),
    "knows nobody": ({"rcpt": ["550 5.1.1 no"]}, 550, Stage.RCPT, Failed(True, "550 5.1.1 to rcpt: no")),
    "is full": ({"rcpt": ["552 5.2.2 no"]}, 552, Stage.RCPT, Failed(False, "552 5.2.2 to rcpt: no")),
    "grey-lists": ({"rcpt": ["450 4.2.0 no"]}, 450, Stage.RCPT, Deferred(NOW + 5 * MINUTE)),
    "distrusts us": ({"rcpt": ["554 5.7.1 no"]}, 554, Stage.RCPT, Deferred(NOW + HOUR)),
    "goes away at RCPT": ({"rcpt": [Drop("421 4.3.0 no")]}, 421, Stage.RCPT, Deferred(NOW + 5 * MINUTE)),
    "hangs up at RCPT": ({"rcpt": [Drop()]}, LOST, Stage.RCPT, Deferred(NOW + MINUTE)),
    "refuses DATA": ({"data": ["554 5.7.1 no"]}, 554, Stage.DATA, Deferred(NOW + HOUR)),
    "says 250 to DATA": ({"data": ["250 ok"]}, 250, Stage.DATA, Deferred(NOW + MINUTE)),
    "hangs up at DATA": ({"data": [Drop()]}, LOST, Stage.DATA, Deferred(NOW + MINUTE)),
    "refuses the message": ({"message": ["554 5.7.1 no"]}, 554, Stage.AFTER_DATA, Deferred(NOW + HOUR)),
    "defers it": ({"message": ["451 4.3.0 no"]}, 451, Stage.AFTER_DATA, Deferred(NOW + 5 * MINUTE)),
    "hangs up after the dot": ({"message": [Drop()]}, LOST, Stage.AFTER_DATA, InDoubt(NOW + 10 * MINUTE)),
    "babbles after the dot": ({"message": ["hm"]}, LOST, Stage.AFTER_DATA, InDoubt(NOW + 10 * MINUTE)),
    "says 250 and hangs up": ({"message": [Drop("250 2.0.0 ok")]}, 250, Stage.AFTER_DATA, Sent()),
    "says more": ({"message": ["250-2.0.0 one\n250 2.0.0 two"]}, 250, Stage.AFTER_DATA, Sent()),
    "dribbles": ({step: [Slowly()] for step in GOOD}, 250, Stage.AFTER_DATA, Sent()),
}  # fmt: skip


@pytest.mark.parametrize("behaviour", BEHAVIOUR)
def test_whatever_a_server_does_there_is_one_thing_to_do(behaviour: str) -> None:
    script, code, stage, expected = BEHAVIOUR[behaviour]
    with SmtpServer(script=script) as server:
        (reply,) = sent(client(server))

    assert (reply.code, reply.stage) == (code, stage)
    assert outcome(reply) == expected


#: More than the buffers between client and server hold: it is not sent as long as nobody reads it.
HUGE = message(body=b"x" * 60 + b"\r\n" + b"y" * 24_000_000 + b"\r\n")


def test_a_server_that_hangs_up_before_the_dot_has_no_message() -> None:
    with SmtpServer(script={"message": [Early(at=1000)]}) as server:
        (reply,) = sent(client(server), HUGE)

    assert (reply.code, reply.stage) == (LOST, Stage.DATA)
    assert outcome(reply) == Deferred(NOW + MINUTE)


def test_a_server_that_refuses_in_the_middle_never_gets_the_dot() -> None:
    with SmtpServer(script={"message": [Early("552 5.3.4 too long", at=1000, closes=False)]}) as server:
        replies = sent(client(server), HUGE, message(2))

    assert str(replies[0]) == "552 5.3.4 to data: too long"
    assert replies[1].code == 250
    assert [taken.data[:10] for taken in server.taken] == [b"Subject: 2"]


#: Far longer than anybody waits here; the server is ended before.
LATE = Late(20)


@pytest.mark.parametrize(
    ("script", "patience", "stage", "expected"),
    [
        ({"connect": [LATE]}, replace(ENOUGH, connect=SOON), Stage.CONNECT, Deferred(NOW + MINUTE)),
        ({"ehlo": [LATE]}, replace(ENOUGH, command=SOON), Stage.CONNECT, Deferred(NOW + MINUTE)),
        ({"rcpt": [LATE]}, replace(ENOUGH, command=SOON), Stage.RCPT, Deferred(NOW + MINUTE)),
        ({"message": [LATE]}, replace(ENOUGH, message=SOON), Stage.AFTER_DATA, InDoubt(NOW + 10 * MINUTE)),
        # A byte now and then keeps nobody waiting for longer.
        ({"rcpt": [Slowly(pause=0.2)]}, replace(ENOUGH, command=SOON), Stage.RCPT, Deferred(NOW + MINUTE)),
        ({"rcpt": [LATE]}, replace(ENOUGH, whole=SOON), Stage.RCPT, Deferred(NOW + MINUTE)),
    ],
    ids=["greeting", "EHLO", "RCPT", "message", "dripping", "the whole of it"],
)
def test_a_silent_server_is_not_waited_for_for_ever(
    script, patience, stage: Stage, expected: Outcome
) -> None:
    with SmtpServer(script=script) as server:
        (reply,) = sent(client(server, patience=patience))

    assert (reply.code, reply.stage) == (LOST, stage)
    assert "timed out" in reply.text
    assert outcome(reply) == expected


def test_a_reply_without_end_is_none() -> None:
    with SmtpServer(script={"rcpt": ["250-and so on\n" * 10_000 + "250 done"]}) as server:
        (reply,) = sent(client(server))

    assert (reply.code, reply.stage) == (LOST, Stage.RCPT)


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with SmtpServer() as server:
        absent = client(server)
    (reply,) = sent(absent)

    assert str(reply) == "no reply to connect: connection refused"
    assert outcome(reply) == Deferred(NOW + MINUTE)


def test_a_refused_reader_does_not_disturb_the_next() -> None:
    refusals = {"gone@example.org": "550 5.1.1 <gone@example.org>: no such user"}
    with SmtpServer(refusals=refusals) as server:
        replies = sent(client(server), message(1, recipient="gone@example.org"), message(2))

    assert [reply.code for reply in replies] == [550, 250]
    assert commands(server) == ["EHLO", "MAIL", "RCPT", "RSET", "MAIL", "RCPT", "DATA", "QUIT"]


def test_a_message_that_may_not_go_any_more_is_taken_back_before_its_text_is_sent() -> None:
    with SmtpServer() as server, client(server).open() as connection:
        withheld = connection.send(message(1), lambda: False)
        (heard,) = server.heard
        before = list(heard)
        reply = connection.send(message(2), lambda: True)

    assert withheld == Reply(code=WITHHELD, stage=Stage.DATA)
    assert before == ["ehlo news.example.org", f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{READER}>", "RSET"]
    assert reply.code == 250
    assert [taken.data[:10] for taken in server.taken] == [b"Subject: 2"]
    assert len(server.heard) == 1


def test_whether_a_message_may_go_is_asked_when_everything_but_its_text_was_answered() -> None:
    asked: list[list[str]] = []
    with SmtpServer() as server, client(server).open() as connection:

        def may_go() -> bool:
            asked.append(commands(server))
            return True

        connection.send(message(), may_go)

    assert asked == [["EHLO", "MAIL", "RCPT"]]


def test_a_server_that_cannot_clear_the_table_is_left() -> None:
    with SmtpServer(script={"rcpt": ["450 4.2.0 later"], "rset": ["500 what?"]}) as server:
        replies = sent(client(server), message(1), message(2))

    assert [reply.code for reply in replies] == [450, 250]
    assert len(server.heard) == 2


GOOD_MAIL = "250 2.1.0 ok"


@pytest.mark.parametrize("farewell", [Drop("421 4.4.2 idle for too long"), Drop()], ids=["421", "silently"])
def test_a_connection_that_ended_between_messages_is_opened_again(farewell: Drop) -> None:
    with SmtpServer(script={"mail": [GOOD_MAIL, farewell]}) as server:
        replies = sent(client(server), message(1), message(2))

    assert [reply.code for reply in replies] == [250, 250]
    assert [taken.data[:10] for taken in server.taken] == [b"Subject: 1", b"Subject: 2"]
    assert len(server.heard) == 2


def test_it_is_opened_again_once_not_for_ever() -> None:
    with SmtpServer(script={"mail": [GOOD_MAIL, *[Drop("421 4.3.2 bye")] * 3]}) as server:
        replies = sent(client(server), message(1), message(2))

    assert [reply.code for reply in replies] == [250, 421]
    assert len(server.heard) == 2


def test_a_message_is_never_sent_twice_by_itself() -> None:
    """Once the dot was sent, whether to send again is not decided here."""
    with SmtpServer(script={"message": ["250 2.0.0 ok", Drop()]}) as server:
        replies = sent(client(server), message(1), message(2))

    assert [reply.code for reply in replies] == [250, LOST]
    assert len(server.taken) == 2


def test_a_refusal_is_kept_without_the_readers_address_and_without_controls() -> None:
    refusal = "550-5.1.1 <READER@example.org>:\n550 5.1.1 \x1b[31munknown\x07 in\t virtual table" + "." * 999
    with SmtpServer(script={"rcpt": [refusal]}) as server:
        (reply,) = sent(client(server))

    assert reply.enhanced == "5.1.1"
    assert reply.text.startswith("<R***@e***>: ?[31munknown? in virtual table...")
    assert len(reply.text) <= 300


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("moved to new.one+list@sub.example.com, not here", "moved to n***@s***, not here"),
        ("<a@b.example>,<c@d.example>: both", "<a***@b***>,<c***@d***>: both"),
        ("'o'brien@example.org' is unknown", "o***@e*** is unknown"),
        ('[mailto:a@b.example](c@d.example) "e@f.example"', '[mailto:a***@b***](c***@d***) "e***@f***"'),
        ("читатель@пример.рф", "ч***@п***"),
        ("x" * 280 + " someone@example.org", "x" * 280 + " s***@e***"),
    ],
    ids=["another", "two", "quoted", "in brackets", "not ASCII", "where it is cut"],
)
def test_no_address_of_anybody_is_kept_of_a_reply(said: str, kept: str) -> None:
    with SmtpServer(script={"rcpt": [f"551 5.1.6 {said}"]}) as server:
        (reply,) = sent(client(server))

    assert reply.text == kept


class TestEncryption:
    @pytest.mark.parametrize("tls", ["starttls", "implicit"])
    def test_mail_is_encrypted(self, tls) -> None:
        with SmtpServer(tls=tls) as server:
            (reply,) = sent(client(server))

        assert outcome(reply) == Sent()
        assert [taken.encrypted for taken in server.taken] == [True]

    def test_nothing_is_sent_where_encryption_is_not_offered(self) -> None:
        with SmtpServer(users={"news": PASSWORD}) as server:
            transport = client(server, tls="starttls", username="news", password=PASSWORD)
            with pytest.raises(TransportFault) as fault:
                sent(transport)

        assert str(fault.value) == (
            f"127.0.0.1:{server.port}: the server does not offer STARTTLS, so nothing is sent to it\n"
            'hint: find out why; tls = "implicit" is for port 465, tls = "none" for a server on this machine'
        )
        assert commands(server) == ["EHLO"]

    @pytest.mark.parametrize("tls", ["starttls", "implicit"])
    @pytest.mark.parametrize(
        ("certificate", "reason"),
        [
            ("wrong host", "ip address mismatch"),
            ("expired", "certificate has expired"),
            ("unknown", "unable to get local issuer certificate"),
        ],
    )
    def test_nothing_is_sent_to_a_server_that_cannot_prove_its_name(self, tls, certificate, reason) -> None:
        with SmtpServer(tls=tls, certificate=certificate, users={"news": PASSWORD}) as server:
            transport = client(server, username="news", password=PASSWORD)
            with pytest.raises(TransportFault, match="the server's certificate is not trusted") as fault:
                sent(transport)

        assert reason in str(fault.value)
        assert not {"AUTH", "MAIL"} & set(commands(server))
        assert server.taken == []

    def test_nothing_is_sent_where_encryption_is_refused(self) -> None:
        with SmtpServer(tls="starttls", script={"starttls": ["454 4.7.0 not now", "501 5.5.1 no"]}) as server:
            replies = sent(client(server), message(1), message(2))

        assert [outcome(reply) for reply in replies] == [
            Deferred(NOW + 5 * MINUTE),
            Halt("501 5.5.1 to connect: no"),
        ]
        assert "MAIL" not in commands(server)

    def test_a_server_that_does_not_speak_tls_is_told_apart_from_one_that_is_away(self) -> None:
        with SmtpServer() as server:
            transport = client(server, tls="implicit", context=server.trusting())
            with pytest.raises(TransportFault, match=r"cannot be encrypted: .*\nhint: set \[mail\] tls"):
                sent(transport)

    def test_what_was_said_before_encryption_does_not_count_after_it(self) -> None:
        """Whoever sits in between could put in a reply of their own (CVE-2011-0411)."""
        injected = "220 go\n250-injected\n250 AUTH PLAIN"
        with SmtpServer(tls="starttls", script={"starttls": [injected]}) as server:
            transport = client(server, username="news", password=PASSWORD)
            with pytest.raises(TransportFault, match="the server offers none"):
                sent(transport)

        assert "AUTH" not in commands(server)


class TestLogin:
    @pytest.mark.parametrize("mechanisms", ["PLAIN LOGIN", "LOGIN", "CRAM-MD5 LOGIN PLAIN"])
    @pytest.mark.parametrize("tls", ["starttls", "implicit", "none"])
    def test_any_password_logs_in(self, tls, mechanisms: str) -> None:
        with SmtpServer(tls=tls, users={"news": PASSWORD}, mechanisms=mechanisms) as server:
            (reply,) = sent(client(server, username="news", password=PASSWORD))

        assert outcome(reply) == Sent()
        assert [taken.user for taken in server.taken] == ["news"]

    @pytest.mark.parametrize("auth", ["plain", "login"])
    def test_it_logs_in_as_it_is_told_to(self, auth) -> None:
        with SmtpServer(users={"news": PASSWORD}) as server:
            sent(client(server, auth=auth, username="news", password=PASSWORD))

        assert [line.split(" ")[1] for line in server.heard[0] if line.startswith("AUTH")] == [auth.upper()]

    def test_it_does_not_log_in_if_told_not_to(self) -> None:
        with SmtpServer(users={"news": PASSWORD}) as server:
            (reply,) = sent(client(server, auth="none", username="news", password=PASSWORD))

        assert outcome(reply) == Halt("530 5.7.0 to mail: log in first")

    @pytest.mark.parametrize("mechanisms", ["PLAIN", "LOGIN"])
    def test_a_wrong_password_halts_and_is_shown_to_nobody(self, mechanisms: str) -> None:
        with SmtpServer(users={"news": "another"}, mechanisms=mechanisms) as server:
            transport = client(server, username="news", password=PASSWORD)
            with pytest.raises(TransportFault) as fault:
                sent(transport)

        assert str(fault.value) == (
            f"127.0.0.1:{server.port}: the server refuses the login of 'news' (535 5.7.8)\n"
            "hint: correct [mail] username, or what stands in the password file"
        )
        assert PASSWORD not in repr(transport)
        assert "MAIL" not in commands(server)

    def test_a_login_that_has_to_wait_is_nobodys_fault(self) -> None:
        with SmtpServer(users={"news": PASSWORD}, script={"auth": [f"454 4.7.0 {PASSWORD}"]}) as server:
            (reply,) = sent(client(server, username="news", password=PASSWORD))

        assert reply == Reply(code=454, enhanced="4.7.0", stage=Stage.CONNECT)
        assert outcome(reply) == Deferred(NOW + 5 * MINUTE)

    def test_a_server_without_the_login_that_was_asked_for(self) -> None:
        with SmtpServer(users={"news": PASSWORD}, mechanisms="CRAM-MD5") as server:
            transport = client(server, username="news", password=PASSWORD)
            with pytest.raises(
                TransportFault, match="expected a login by PLAIN or LOGIN, the server offers CRAM"
            ):
                sent(transport)


LOGIN = {"username": "news", "password_file": "password"}


class TestSettings:
    def transport(self, root: Path, **mail) -> Smtp:
        site = {
            "url": "https://news.example.org/calendar",
            "identity": "example.org,2026",
            "title": {"en": "A Calendar"},
        }
        config = parse({"site": site, "mail": {"transport": "smtp", "host": "smtp.example.org", **mail}})
        made = configured(config, root)
        assert isinstance(made, Smtp)
        return made

    def test_the_settings_say_which_server(self, tmp_path: Path) -> None:
        made = self.transport(tmp_path)

        assert (made.host, made.port, made.tls, made.username) == ("smtp.example.org", 587, "starttls", None)
        assert made.ehlo == "news.example.org"

    def test_the_password_is_the_first_line_of_its_file(self, tmp_path: Path) -> None:
        file = tmp_path / "password"
        file.write_text(f"{PASSWORD}\nanything\n", "utf-8")
        file.chmod(0o600)

        made = self.transport(tmp_path, **LOGIN)

        assert made.password == PASSWORD

    @pytest.mark.parametrize(
        ("text", "mode", "finding", "hint"),
        [
            (b"secret\n", 0o644, "others may read or change it (mode 0644)", "run `chmod 600 {file}`"),
            (b"secret\n", 0o640, "others may read or change it (mode 0640)", "run `chmod 600 {file}`"),
            (b"\nsecret\n", 0o600, "expected a password, got none", "write it into the first line"),
            (b"", 0o600, "expected a password, got none", "write it into the first line"),
            (b"\xff\n", 0o600, "expected UTF-8", "save the file with the encoding UTF-8"),
            (None, 0, "no such file or directory", "correct [mail] password_file, or put the password there"),
        ],
    )
    def test_a_password_file_that_cannot_be_used_is_refused(
        self, tmp_path: Path, text, mode, finding, hint
    ) -> None:
        file = tmp_path / "password"
        if text is not None:
            file.write_bytes(text)
            file.chmod(mode)

        expected = re.escape(f"{file}: {finding}\nhint: {hint.format(file=file)}")
        with pytest.raises(BadPassword, match=f"^{expected}$"):
            self.transport(tmp_path, **LOGIN)
