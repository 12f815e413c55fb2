"""What a doctor looks at where a site sends mail."""

from __future__ import annotations

import ipaddress
import ssl
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from publisher.cli.doctor.check import OK, PROBLEM, WARNING, Check
from publisher.cli.mail import moment
from publisher.errors import PublisherError
from publisher.issuing.standing import mail_standing
from publisher.mailing.message import reply_to, sender
from publisher.post import arming

if TYPE_CHECKING:
    from datetime import datetime

    from publisher.cli.doctor.check import Examined
    from publisher.config_mail import Mail
    from publisher.site import Site
    from publisher.transports.smtp import Smtp

#: RFC 2606, RFC 6761: names that are nobody's.
NOBODYS = ("example", "example.com", "example.net", "example.org", "invalid", "localhost", "test")
#: Whose senders the large providers refuse from anywhere else.
_MAILBOX_PROVIDERS = ("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com",
                      "icloud.com", "mail.ru", "yandex.ru", "yandex.kz")  # fmt: skip
_UNREAD = ("noreply", "no-reply", "donotreply", "do-not-reply")
#: How long the mail server may take for each answer, in seconds.
_PATIENCE = 10.0


def addresses(site: Site, now: datetime) -> Examined:
    """The sender, and whom answers reach."""
    del now
    settings = site.config
    name, answers = sender(settings), reply_to(settings)
    if finding := _about_sender(_domain(name), settings.mail):
        yield Check("sender", *finding)
    else:
        yield Check("sender", OK, name)
    if answers.partition("@")[0].lower() in _UNREAD:
        hint = "write reply_to = an address that somebody reads"
        yield Check("answers", PROBLEM, f"answers to mail go to {answers}", hint)
    elif not (settings.mail.reply_to or settings.site.contact):
        hint = "write [mail] reply_to or [site] contact: it must reach a person"
        yield Check("answers", WARNING, f"answers to mail go to its sender, {answers}", hint)
    else:
        yield Check("answers", OK, answers)


def _about_sender(domain: str, mail: Mail) -> tuple[str, str, str] | None:
    if domain in _MAILBOX_PROVIDERS:
        text = f"mail in the name of {domain} that does not come from there is refused everywhere"
        return PROBLEM, text, "write [mail] from = an address of a domain of your own"
    if mail.transport == "smtp" and any(domain == each or domain.endswith(f".{each}") for each in NOBODYS):
        return (
            WARNING,
            f"{domain} is a placeholder and nobody's domain",
            "write [mail] from = your own address",
        )
    return None


def transport(site: Site, now: datetime) -> Examined:
    """Whether mail can leave: the server answers, encrypted, and lets us in; no mail is sent."""
    del now
    if site.config.mail.transport == "maildir":
        yield Check("mail", OK, "captured in var/mail/: nothing is sent")
        return
    from publisher.transports import smtp

    try:
        server = smtp.configured(site.config, site.root)
        yield Check("mail", *_answer(server))
    except PublisherError as error:
        yield Check.of("mail", error)


def _answer(server: Smtp) -> tuple[str, str, str]:
    from publisher.mailing.policy import Stage
    from publisher.transports.smtp_session import Patience, Unready, connect

    where = f"{server.host}:{server.port}"
    brief = replace(server, patience=Patience(connect=_PATIENCE, command=_PATIENCE))
    try:
        session = connect(brief, time.monotonic() + 3 * _PATIENCE)
    except Unready as unready:
        return (
            PROBLEM,
            f"{where}: {unready.reply}",
            "see [mail] host and port, and whether a firewall is between",
        )
    try:
        encryption = session.sock.version() if isinstance(session.sock, ssl.SSLSocket) else None
        session.ask(Stage.CONNECT, "QUIT")
    finally:
        session.close()
    if encryption:
        return OK, f"{where} answers, {encryption}{', logged in' if server.username else ''}", ""
    if _is_here(server.host):
        return OK, f"{where} answers, not encrypted, on this machine", ""
    return WARNING, f"{where} answers, not encrypted", 'set tls = "starttls": mail holds addresses and links'


def armed(site: Site, now: datetime) -> Examined:
    """Whether this machine may send."""
    del now
    if site.config.mail.transport == "maildir":
        return
    if reason := arming.obstacle(site.root, site.config):
        hint = "run `publisher doctor --arm` if this machine is to mail every reader"
        yield Check("armed", WARNING, f"nothing is sent: {reason}", hint)
    else:
        yield Check("armed", OK, "this machine sends this site's mail")


def lists(site: Site, now: datetime) -> Examined:
    """Each list with when it is due, and what waits in the outbox or for a person."""
    standing = mail_standing(site, now)
    for each in standing.lists:
        due = f"due {moment(each.next_due)}" if each.next_due else "due with each release"
        readers = ", ".join(f"{count} {state}" for state, count in each.subscriptions.items()) or "no readers"
        yield Check("list", OK, f"{each.id}: {due}; {readers}")
    if standing.lists and not site.config.site.postal_address:
        hint = "write [site] postal_address: many countries want it in every mailing"
        yield Check("postal address", WARNING, "mail carries none", hint)
    waiting = ", ".join(f"{count} {state}" for state, count in standing.outbox.items())
    if waiting or standing.lists:
        yield Check("outbox", OK, waiting or "empty")
    for warning in standing.warnings:
        yield Check("issues", WARNING, warning)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
