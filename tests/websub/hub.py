"""A small hub and a subscriber, as the W3C Recommendation WebSub has them, on free ports of 127.0.0.1.

The hub takes subscriptions and asks the subscriber whether they are meant
(section 5), takes pings, fetches what changed and passes it on, signed
(section 7). It can be told to answer pings otherwise.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import socket
import ssl
import struct
import threading
import urllib.request
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import parse_http_list

from trustme import LeafCert

#: Longer than anything here takes; a test that waits so long has failed.
PATIENCE = 30.0
FORM = "application/x-www-form-urlencoded"

Form = dict[str, str]


@dataclass(frozen=True)
class Says:
    """A ping is answered so."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Raw:
    """A ping is answered with these bytes, which may be no HTTP at all."""

    data: bytes


@dataclass(frozen=True)
class Resets:
    """The connection is reset instead of an answer."""


@dataclass(frozen=True)
class Hangs:
    """There is no answer until the hub is closed."""


Answer = Says | Raw | Resets | Hangs


def links_of(headers: HTTPMessage) -> dict[str, list[str]]:
    """The targets of Link headers (RFC 8288), by their relation."""
    found: dict[str, list[str]] = {}
    for line in headers.get_all("Link") or []:
        for link in parse_http_list(line):
            target, _, parameters = link.strip().partition(">")
            relation = parameters.partition("rel=")[2].strip('"')
            found.setdefault(relation, []).append(target.removeprefix("<"))
    return found


def fetch(url: str, **headers: str) -> tuple[bytes, HTTPMessage]:
    """What is at an address of this machine."""
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 -- an address of a test
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 -- likewise
        return answer.read(), answer.headers


def post(url: str, data: bytes, headers: dict[str, str]) -> int:
    """The status of the answer to a POST."""
    request = urllib.request.Request(url, data, headers, method="POST")  # noqa: S310 -- an address of a test
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 -- likewise
        return int(answer.status)


class _Quiet(BaseHTTPRequestHandler):
    """Answers without a word on standard error."""

    def log_message(self, *_: Any) -> None:
        """Nothing."""

    def form(self) -> Form:
        """The fields of a form that was sent."""
        return {name: values[-1] for name, values in parse_qs(self.body().decode()).items()}

    def body(self) -> bytes:
        """What was sent."""
        return self.rfile.read(int(self.headers["Content-Length"]))

    def say(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        """Answer."""
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Listening(ABC):
    """A server in a thread of its own, as a context."""

    path = "/"

    def __init__(self, port: int = 0, tls: LeafCert | None = None) -> None:
        self.closing, self._scheme = threading.Event(), "https" if tls else "http"
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.configure_cert(context)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @abstractmethod
    def _handler(self) -> type[_Quiet]:
        """What answers a request."""

    @property
    def url(self) -> str:
        """Where it is."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}{self.path}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@dataclass(frozen=True)
class Subscription:
    """Who wants what, and the secret by which they know the hub."""

    callback: str
    topic: str
    secret: str


class Hub(_Listening):
    """A hub; `script` holds what it answers to the next pings, by default it takes them all."""

    path = "/hub/secret-of-ours?key=hidden"

    def __init__(
        self, *script: Answer, relays: bool = False, port: int = 0, tls: LeafCert | None = None
    ) -> None:
        self.script, self.relays = deque(script), relays
        #: The forms of all pings, in the order in which they came.
        self.heard: list[Form] = []
        self.seen: list[tuple[str, str]] = []
        self.subscriptions: list[Subscription] = []
        self.faults: list[str] = []
        #: Called with each ping before it is answered.
        self.on_ping: Callable[[Form], None] = lambda _: None
        #: Answers every ping about a feed that ends so in this way.
        self.dislikes: dict[str, Answer] = {}
        self._passed_on: dict[str, bytes] = {}
        self._lock = threading.Lock()
        super().__init__(port, tls)

    @property
    def told(self) -> list[str]:
        """The feeds that it heard of, by their paths."""
        return [urlsplit(form["hub.url"]).path.removeprefix("/") for form in self.heard]

    def _handler(self) -> type[_Quiet]:
        hub = self

        class Handler(_Quiet):
            def do_POST(self) -> None:
                hub.seen.append((self.path, self.headers["Content-Type"]))
                form = self.form()
                match form.get("hub.mode"):
                    case "subscribe":
                        self.say(202)
                        hub.verify(form)
                    case "publish":
                        hub.take(self, form)
                    case _:
                        self.say(400)

        return Handler

    def verify(self, form: Form) -> None:
        """Ask the subscriber whether the subscription is meant (section 5.3)."""
        challenge = secrets.token_hex(8)
        asked = {
            "hub.mode": "subscribe",
            "hub.topic": form["hub.topic"],
            "hub.challenge": challenge,
            "hub.lease_seconds": "864000",
        }
        body, _ = fetch(f"{form['hub.callback']}?{urlencode(asked)}")
        if body.decode() == challenge:
            self.subscriptions.append(
                Subscription(form["hub.callback"], form["hub.topic"], form["hub.secret"])
            )

    def take(self, handler: _Quiet, form: Form) -> None:
        """Answer a ping, and pass on what it is about."""
        with self._lock:
            self.heard.append(form)
            answer = next(
                (answer for end, answer in self.dislikes.items() if form["hub.url"].endswith(end)), None
            )
            answer = answer or (self.script.popleft() if self.script else Says(202))
        self.on_ping(form)
        match answer:
            case Says(status, headers, body):
                handler.say(status, headers, body)
            case Raw(data):
                handler.wfile.write(data)
            case Resets():
                linger = struct.pack("ii", 1, 0)
                handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                handler.connection.close()
            case Hangs():
                self.closing.wait(PATIENCE)
        handler.close_connection = True
        if self.relays and isinstance(answer, Says) and answer.status < 300:
            self._pass_on(form["hub.url"])

    def _pass_on(self, topic: str) -> None:
        """Fetch a topic, and send it to whoever subscribed, if it is not as it was (section 7)."""
        body, headers = fetch(topic)
        links = links_of(headers)
        if links != {"hub": [self.url], "self": [topic]}:
            self.faults.append(f"{topic} has the links {links}")
        if self._passed_on.get(topic) == body:
            return
        self._passed_on[topic] = body
        for each in [each for each in self.subscriptions if each.topic == topic]:
            signature = hmac.new(each.secret.encode(), body, hashlib.sha256).hexdigest()
            said = {
                "Content-Type": headers["Content-Type"],
                "Link": f'<{self.url}>; rel="hub", <{topic}>; rel="self"',
                "X-Hub-Signature": f"sha256={signature}",
            }
            post(each.callback, body, said)


class Subscriber(_Listening):
    """Somebody who follows topics: finds their hub, subscribes, and takes what is sent."""

    path = "/callback"

    def __init__(self) -> None:
        self.secret, self.wanted = secrets.token_hex(16), set[str]()
        #: Topic and bytes of what came, when its signature was right.
        self.received: Queue[tuple[str, bytes]] = Queue()
        self.verified: Queue[str] = Queue()
        super().__init__()

    def _handler(self) -> type[_Quiet]:
        subscriber = self

        class Handler(_Quiet):
            def do_GET(self) -> None:
                asked = {name: values[-1] for name, values in parse_qs(urlsplit(self.path).query).items()}
                if asked["hub.topic"] not in subscriber.wanted:
                    self.say(404)
                    return
                self.say(200, body=asked["hub.challenge"].encode())
                subscriber.verified.put(asked["hub.topic"])

            def do_POST(self) -> None:
                body = self.body()
                signature = hmac.new(subscriber.secret.encode(), body, hashlib.sha256).hexdigest()
                if self.headers["X-Hub-Signature"] == f"sha256={signature}":
                    subscriber.received.put((links_of(self.headers)["self"][0], body))
                self.say(204)

        return Handler

    def follow(self, topic: str) -> bytes:
        """Subscribe to a topic where its own headers lead (sections 4 and 5); what it is now."""
        body, headers = fetch(topic)
        links = links_of(headers)
        (wanted,), hub = links["self"], links["hub"][0]
        self.wanted.add(wanted)
        form = {
            "hub.mode": "subscribe", "hub.topic": wanted, "hub.callback": self.url,
            "hub.secret": self.secret,
        }  # fmt: skip
        assert post(hub, urlencode(form).encode(), {"Content-Type": FORM}) == 202
        assert self.verified.get(timeout=PATIENCE) == wanted
        return body
