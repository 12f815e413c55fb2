"""The remote protocol of Mozilla's programs: send a script into the running program, get its value back.

A message is `LENGTH:[...]`. A command is `[0, id, name, parameters]`, its answer `[1, id, error, result]`.
Only loopback is spoken to, and only what driving Thunderbird needs is here.
"""

import json
import socket
from itertools import count
from typing import Any, Self


class RemoteError(Exception):
    """The program could not do as it was told; the message is its own."""


class Marionette:
    """One open connection to one program."""

    def __init__(self, connection: socket.socket) -> None:
        """Talk over a socket connected to the program's Marionette port."""
        self.connection = connection
        self._numbers = count(1)  # They pair an answer with its command.

    @classmethod
    def connect(cls, port: int, *, patience: float) -> Self:
        """Open a session that runs scripts with the program's own privileges; `patience` is in seconds."""
        connection = socket.create_connection(("127.0.0.1", port), timeout=patience)
        remote = cls(connection)
        remote._receive()  # The greeting names the protocol's version.
        remote.command("WebDriver:NewSession", {})
        remote.command("WebDriver:SetTimeouts", {"script": int(patience * 1000)})
        remote.command("Marionette:SetContext", {"value": "chrome"})
        return remote

    def run(self, script: str, *arguments: Any) -> Any:
        """Return what the body of an async function returns; it sees `args`."""
        wrapped = f"""
            const [args, done] = [Array.from(arguments).slice(0, -1), arguments[arguments.length - 1]];
            (async () => {{ {script} }})().then(
                value => done({{ value }}), error => done({{ error: `${{error}}\\n${{error.stack}}` }}));
        """
        answer = self.command(
            "WebDriver:ExecuteAsyncScript",
            {"script": wrapped, "args": list(arguments), "newSandbox": True, "sandbox": "system"},
        )["value"]
        if "error" in answer:
            raise RemoteError(answer["error"])
        return answer.get("value")

    def command(self, name: str, parameters: dict[str, Any]) -> Any:
        """Do one command and return its result."""
        number = next(self._numbers)
        message = json.dumps([0, number, name, parameters]).encode()
        self.connection.sendall(b"%d:%b" % (len(message), message))
        _, answered, error, result = self._receive()
        if error is not None:
            raise RemoteError(f"{name}: {error['message']}")
        if answered != number:
            raise RemoteError(f"{name}: expected answer {number}, got {answered}")
        return result

    def _receive(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self._bytes(1)
        return json.loads(self._bytes(int(length[:-1])))

    def _bytes(self, wanted: int) -> bytes:
        received = b""
        while len(received) < wanted:
            chunk = self.connection.recv(wanted - len(received))
            if not chunk:
                raise RemoteError("the program closed the connection")
            received += chunk
        return received
