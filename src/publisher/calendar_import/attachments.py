"""Files of an event: those that the calendar carries become files beside the record, others stay links."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from publisher.calendar_import.texts import line, markdown
from publisher.ics.values import text
from publisher.model.fields import MAX_LINE
from publisher.model.urls import read_url

if TYPE_CHECKING:
    from publisher.calendar_import.losses import Losses
    from publisher.ics.components import Component
    from publisher.ics.lines import ContentLine

#: What is read here.
PROPERTIES = ("ATTACH", "IMAGE")
#: The first bytes of what is published beside records -> ending, and whether it is a picture.
_SORTS = (
    (re.compile(rb"%PDF-"), "pdf", False), (re.compile(rb"\x89PNG\r\n\x1a\n"), "png", True),
    (re.compile(rb"\xff\xd8\xff"), "jpg", True), (re.compile(rb"GIF8[79]a"), "gif", True),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "webp", True),
)  # fmt: skip
_MOST_BYTES = 20 << 20
_MOST_FILES = 50
_NAME_PARAMETERS = ("FILENAME", "X-FILENAME", "X-LABEL", "X-APPLE-FILENAME", "LABEL", "X-ORACLE-FILENAME")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass
class Attached:
    """What an event has beside its text."""

    #: File name -> bytes.
    files: dict[str, bytes] = field(default_factory=dict)
    #: As a record has them.
    attachments: list[dict[str, str]] = field(default_factory=list)
    image: dict[str, str] | None = None
    #: Links to files elsewhere, in Markdown.
    links: list[str] = field(default_factory=list)


def read_attachments(event: Component, title: str, losses: Losses) -> Attached:
    """The files of an event; `title` says what a picture is of that nobody has described."""
    found = Attached()
    for written in (each for name in ("IMAGE", "ATTACH") for each in event.all(name)):
        if is_inline(written):
            _keep(written, title, event.number, found, losses)
        else:
            _link(written, event.number, found, losses)
    return found


def is_inline(written: ContentLine) -> bool:
    """Whether the bytes stand in the calendar itself."""
    encoding = written.parameters.get("ENCODING", ("",))[0].upper()
    kind = written.parameters.get("VALUE", ("",))[0].upper()
    return kind == "BINARY" or encoding == "BASE64" or written.value.startswith("data:")


def _keep(written: ContentLine, title: str, of: int, found: Attached, losses: Losses) -> None:
    data = _bytes(written.value)
    sort = next((each for each in _SORTS if data and each[0].match(data)), None)
    if data is None or sort is None or len(data) > _MOST_BYTES or len(found.files) >= _MOST_FILES:
        message = f"the file in {written.name} is no pdf or picture that a record can have, and is left out"
        hint = "put it where readers can fetch it, and link it in the text"
        losses.tell(written.number, "import-attachment", message, hint, about=f"{written.number}", of=of)
        return
    _, ending, is_picture = sort
    label = next(
        (line(written.parameters[name][0]) for name in _NAME_PARAMETERS if name in written.parameters), ""
    )
    name = _file_name(label, ending, found.files)
    found.files[name] = data
    if is_picture and found.image is None and written.name == "IMAGE":
        found.image = {"file": name, "alt": (label or title)[:MAX_LINE]}
    else:
        found.attachments.append({"file": name, "title": (label or name)[:MAX_LINE]})


def _bytes(value: str) -> bytes | None:
    """The bytes of a BINARY value (RFC 5545 section 3.3.1) or of a data: address."""
    if value.startswith("data:"):
        head, _, value = value.partition(",")
        if not head.endswith(";base64"):
            return None
    try:
        return base64.b64decode(unquote(value), validate=True)
    except (binascii.Error, ValueError):
        return None


def _file_name(label: str, ending: str, taken: dict[str, bytes]) -> str:
    """A name that records can have, and no other file of the event has."""
    stem = _NOT_IN_NAMES.sub("-", label.rsplit(".", 1)[0]).strip("-._")[:60] or "attachment"
    names = (f"{stem}{number}.{ending}" for number in ("", *(f"-{n}" for n in range(2, _MOST_FILES + 2))))
    return next(name for name in names if name not in taken)


def _link(written: ContentLine, of: int, found: Attached, losses: Losses) -> None:
    address = text(written.value).strip()
    try:
        address = read_url(address)
    except ValueError:
        message = f"{written.name} names a file that readers cannot fetch, and is left out"
        losses.tell(
            written.number,
            "import-attachment",
            message,
            "put the file beside the record",
            about=address,
            of=of,
        )
        return
    label = next(
        (line(written.parameters[name][0]) for name in _NAME_PARAMETERS if name in written.parameters), ""
    )
    if written.name == "IMAGE":
        message = "the picture is elsewhere, and is left out"
        losses.tell(
            written.number,
            "import-attachment",
            message,
            "put it beside the record, as 'image'",
            about=address,
            of=of,
        )
        return
    label = label or unquote(urlsplit(address).path.rpartition("/")[2])
    found.links.append(f"[{markdown(label)}](<{address}>)" if label.strip() else f"<{address}>")
    message = "a file elsewhere is linked in the text"
    losses.tell(
        written.number,
        "import-attachment",
        message,
        "make sure that everybody may fetch it",
        about=address,
        of=of,
    )
