"""Texts without what lets somebody into a meeting: its address, its number, its codes, the phone to dial.

Google, Microsoft, Zoom and Webex write such lines into descriptions, in the language of whoever invites;
people copy them into titles and places. What is found by looks can be too little or too much: so whoever publishes
the text is told to read it first.
"""

# ruff: noqa: E501, ISC004 -- one label a line, in the letters of its language

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import unquote

from publisher.calendar_import.meetings import ENTRY

#: What stands in a text for an address that was taken out of it.
_REMOVED = "[…]"
#: A heading or a line around the codes is no longer than this.
_SHORT = 80

# Addresses

_ADDRESS = re.compile(r"https?://[^\s<>\"“”«»]+")
#: Pages that tell the numbers to dial, or let somebody in by phone.
_BY_PHONE = re.compile(
    r"https?://(?:[\w-]{1,63}\.){0,8}(?:tel\.meet/|dialin\.teams\.microsoft\.com/|zoom(?:gov)?\.(?:us|com)/u/"
    r"|teams\.microsoft\.com/meetingoptions)",
    re.IGNORECASE,
)

# Blocks

#: What Google puts around all that it says of a meeting.
_GOOGLE = ("-::~:~::~", "::~:~::-")
#: The lines that Microsoft puts around it, and what tells that it is that.
_RULE = re.compile(r"^[_.]{10,}\s*$", re.MULTILINE)
_TEAMS = re.compile(r"teams\.(?:microsoft|live)\.com|Microsoft Teams", re.IGNORECASE)
#: With what Zoom begins it; two empty lines end it.
_ZOOM = "inviting you to a scheduled Zoom meeting"

# Lines

#: What numbers and codes are called, without regard to case.
_MEETING = r"(?:meeting|webinar|event|conference|zoom|teams|webex|phone conference|video(?: conference)?|participant|attendee|host)"
_LABELS = (
    # English
    rf"{_MEETING}[ -]?(?:id|number|code|key|password|pin)", r"pass ?code", r"password", r"access (?:code|key|number)",
    r"security (?:code|key)", r"(?:host|entry|dial-in|numeric) (?:code|key|pin|password)", r"pin(?:[ -](?:code|код))?",
    r"dial[ -]?in(?: number| code)?", r"tenant key", r"vtc(?: conference)? id",
    # Russian
    r"идентификатор\w* (?:\w+ )?(?:конференции|собрания|встречи|вебинара|совещания|мероприятия)",
    r"(?:id|ид|номер|код|пароль) (?:телефонной )?(?:конференции|собрания|встречи|вебинара|совещания|мероприятия)",
    r"код[а-я]* (?:доступа|безопасности|входа|участника|организатора)", r"секретный код", r"пароль(?: доступа)?",
    r"пин(?:[ -]?код)?", r"ключ (?:организатора|доступа)",
    # Kazakh
    r"(?:конференция|жиналыс|кездесу|вебинар|іс-шара)(?:ның|тың|дың|нің)? "
    r"(?:идентификатор\w*|id|ид|коды|нөмірі|құпия ?сөзі|паролі)",
    r"(?:кіру|рұқсат|қатынасу|қатынау|қол ?жеткізу|қауіпсіздік) (?:коды|кілті)", r"құпия ?(?:сөз|код)\w*",
    # German
    r"(?:meeting|besprechungs?|konferenz|telefonkonferenz|webinar|sitzungs?|veranstaltungs)[ -]?"
    r"(?:id|nummer|kennnummer|kennung|kennwort|passwort|code)", r"kenn(?:code|wort|nummer)", r"passwort",
    r"(?:zugangs|zugriffs|einwahl|sicherheits|teilnehmer|host)-?(?:code|nummer|daten|schlüssel|pin)",
    # French, Spanish, Italian, Portuguese
    r"(?:id|identifiant|numéro|code|mot de passe) (?:de |du |d['’])?(?:la |l['’])?"
    r"(?:réunion|conférence|webinaire|séance|évènement|événement)(?: téléphonique)?",
    r"code (?:secret|d['’]accès|de sécurité|confidentiel)", r"mot de passe",
    r"(?:id|número|código) (?:de |da |do )?(?:la |el )?(?:reunión|conferencia|reunião|conferência|seminario)",
    r"(?:código|clave) de (?:acceso|acesso|seguridad)", r"contraseña", r"senha", r"id (?:della )?riunione",
    r"codice (?:di accesso|d['’]accesso)",
    # Ukrainian, Polish, Turkish, Chinese
    r"ідентифікатор (?:конференції|наради|зустрічі)", r"код доступу", r"id spotkania", r"kod dostępu", r"hasło",
    r"toplantı (?:kimliği|no|numarası)", r"geçiş kodu", r"parola", r"会议\s?(?:id|号|密码)", r"密码",
)  # fmt: skip
_LABEL = rf"(?<!\w)(?:{'|'.join(_LABELS)})(?!\w)"
_AFTER = r"(?:[ ]?\([^()]{0,40}\))?"
#: A label, and a number or a word with a digit; after a colon also a word that stands alone.
_CODE = re.compile(rf"{_LABEL}{_AFTER}(?:\s*[:：=#№–-]\s*|\s+(?:is |ist )?)\W{{0,5}}[^\W\d]{{0,40}}\d")
_ALONE = re.compile(rf"{_LABEL}{_AFTER}\s*[:：=]\s*\S{{3,60}}\s*$")
_CLOSED = re.compile(rf"{_LABEL}：?{_AFTER}\s*[:：]")
_LABEL_ONLY = re.compile(rf"\W*{_LABEL}{_AFTER}\s*[:：=]?\s*")
_VALUE_ONLY = re.compile(r"\W*(?:\d[\d -]{2,30}|\S{3,60})\W*")
#: What a phone dials by itself after a pause, or a number that a hash ends; other ways in.
_DIALLED = re.compile(
    r"\d[\d ().-]{5,20},[, ]{0,20}[\d*]{1,40}#|\d ?,,+ ?[*\d]|(?<![\w#])\d[\d ]{3,20}#(?!\w)|tel:\+?[\d-]{1,40}[,;p]"
    r"|sips?:\S{0,60}\d|(?<!\d)\d{6,20}(?:\.\d{1,10})?@\S{0,80}(?:zoom|webex|lync|teams|meet|plcm|video|vc)"
)
#: What stands around the codes of an invitation, and says nothing without them.
_PHONE = re.compile(r"\W*\+?\d[\d ().-]{6,}\d(?!\d)")
_PLATFORM = r"(?:zoom|teams|webex|google meet|skype|meeting|конференц|встреч|собрани|réunion|besprechung|жиналыс|кездесу)"
_JOIN = re.compile(
    r"join|click|link|rejoindre|teilnehm|beitreten|подключ|присоедин|войти|ссылк|қосыл|кіру|сілтеме|unirse|partecipa"
)
_AROUND = re.compile(
    rf"(?:join|rejoindre|подключ|присоедин|қосыл|beitreten|teilnehm).{{0,40}}{_PLATFORM}|{_PLATFORM}.{{0,40}}(?:қосыл|beitreten|teilnehm)"
    r"|one tap mobile|dial by your location|dial in by phone|find (?:a|your) local number|need help\?|join by (?:phone|sip|h\.323)"
    r"|or call in|schnelleinwahl|набор одним|набрать по|позвонить по телефону"
)
_MARKUP = re.compile(r"\\(?=[^\w\s])|\*\*|\\$")


def without_invitations(text: str, *, is_markdown: bool, is_one: bool) -> str:
    """The text without the lines that let somebody into a meeting; `is_one` says that it is known to have some.

    Of Markdown, lines stay as they are written; a line that breaks before nothing does not.
    """
    lines = text.split("\n")
    plain = [_plain(line) if is_markdown else _plain(line, marks=False) for line in lines]
    gone = {number for number, line in enumerate(plain) if lets_in(line)} | _split(plain)
    if gone or is_one:
        gone |= {number for number, line in enumerate(plain) if line and _belongs(line)}
    if not gone:
        return text
    kept = ["" if number in gone else line for number, line in enumerate(lines)]
    return "\n".join(_unbroken(kept) if is_markdown else _squeezed(kept, gone))


def _plain(line: str, *, marks: bool = True) -> str:
    """A line as it is read, in small letters, without Markdown's marks."""
    line = line.casefold().replace("\u00a0", " ")
    return (_MARKUP.sub("", line) if marks else line).strip()


def lets_in(line: str) -> bool:
    """Whether a line, in small letters, has a number or a code of a meeting."""
    return any(each.search(line) is not None for each in (_CODE, _ALONE, _DIALLED))


def _split(plain: list[str]) -> set[int]:
    """Codes on the line after what they are called."""
    seen = [number for number, line in enumerate(plain) if line]
    return {
        number
        for label, value in pairwise(seen)
        if max(len(plain[label]), len(plain[value])) <= _SHORT
        and _LABEL_ONLY.fullmatch(plain[label])
        and _VALUE_ONLY.fullmatch(plain[value])
        for number in (label, value)
    }


def _belongs(line: str) -> bool:
    """Whether a line of an invitation is part of what it says about coming in."""
    if _CLOSED.search(line) or (len(line) <= _SHORT and _PHONE.match(line)):
        return True
    rest = line.replace(_REMOVED, "").strip(" <>()[]:.-–—")
    if _REMOVED in line and (not rest or (len(rest) <= _SHORT and _JOIN.search(rest))):
        return True
    return len(line) <= _SHORT and _AROUND.search(line) is not None


def _squeezed(lines: list[str], gone: set[int]) -> list[str]:
    """The lines without those that are gone."""
    return [line for number, line in enumerate(lines) if number not in gone]


def _unbroken(lines: list[str]) -> list[str]:
    """Markdown in which no line breaks (a backslash at its end) before an empty one."""
    found = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        slashes = len(line) - len(line.rstrip("\\"))
        found.append(line[:-1] if slashes % 2 and not following.strip() else line)
    return found


# Blocks and addresses


def without_addresses(text: str) -> str:
    """A text without the addresses that let somebody in, and without the blocks that programs write of them."""
    return _ADDRESS.sub(_unless_entry, _without_google(_without_teams(_without_zoom(text))))


def _unless_entry(address: re.Match[str]) -> str:
    """Nothing of an address that lets somebody in, also if another one leads to it."""
    seen = unquote(unquote(address[0])) if "%" in address[0] else address[0]
    return _REMOVED if ENTRY.search(seen) or _BY_PHONE.search(seen) else address[0]


def _without_google(description: str) -> str:
    begin, end = _GOOGLE
    first, *others = description.split(begin)
    kept = [first]
    for other in others:
        _, closed, rest = other.partition(end)
        kept.append(rest if closed else other)
    return "".join(kept)


def _without_teams(description: str) -> str:
    """What stands between two ruled lines goes, if it is about a meeting; the last one may stand alone."""
    rules = list(_RULE.finditer(description)) if _TEAMS.search(description) else []
    if not rules:
        return description
    edges = [*(rule.start() for rule in rules), len(description)]
    kept = description[: edges[0]]
    for begin, end in pairwise(edges):
        part = description[begin:end]
        is_empty = not _RULE.sub("", part).strip()
        kept += "" if is_empty or _TEAMS.search(part) else part
    return kept


def _without_zoom(description: str) -> str:
    before, found, after = description.partition(_ZOOM)
    if not found:
        return description
    rest = after.partition("\n\n\n")[2]
    paragraph = before.rpartition("\n")[0]
    return f"{paragraph}\n{rest}"


def is_one(text: str) -> bool:
    """Whether a title or a place has what lets somebody in."""
    return without_addresses(text) != text or any(lets_in(line.casefold()) for line in text.split("\n"))


def cleaned(text: str) -> str:
    """A title or a place without what lets somebody in; the rest of the line that has a code goes with it."""
    told = without_addresses(text)
    lines = (_cut(line) for line in told.split("\n"))
    return "\n".join(line for line in lines if line)


def _cut(line: str) -> str:
    """A line up to its first number or code."""
    plain = line.casefold()
    found = [each.start() for way in (_CODE, _ALONE, _DIALLED) if (each := way.search(plain))]
    kept = line[: min(found)] if found and len(plain) == len(line) else "" if found else line
    return kept.replace(_REMOVED, "").strip(" ,;:|/<>()[]-–—")
