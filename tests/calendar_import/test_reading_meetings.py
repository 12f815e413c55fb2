"""How one enters a meeting stays out of what is published, in whatever language the invitation is."""

# ruff: noqa: E501 -- invitations as they are written

from __future__ import annotations

import pytest

from calendar_import.roundtrip import codes, events, read

START = "DTSTART:20270301T090000Z"

OUTLOOK = (
    "Agenda: budget\\n________________\\nMicrosoft Teams Need help?\\nJoin the meeting now"
    "<https://teams.microsoft.com/l/meetup-join/19%3aX>\\nMeeting ID: 345 678 901 22\\nPasscode: aB3xY9\\n"
    "Dial in by phone\\n+1 323-555-0100\\,\\,99887766#\\nPhone conference ID: 998 877 66#\\n"
)
OUTLOOK_HTML = (
    '<p>Agenda: budget</p><p>Microsoft Teams</p><div><a href="https://teams.microsoft.com/l/meetup-join/x">'
    "Join</a></div><div>Meeting ID: <span>345 678 901 22</span></div><div>Passcode: <b>aB3xY9</b></div>"
    '<div><a href="tel:+13235550100\\,\\,99887766">+1 323-555-0100\\,\\,99887766#</a></div>'
)
RUSSIAN = (
    "Agenda: budget\\n\\nПодключиться к конференции Zoom\\nИдентификатор конференции: 345 678 901 22\\n"
    "Код доступа: aB3xY9"
)
RUSSIAN_TEAMS = "Agenda: budget\\nИдентификатор собрания: 345 678 901 22\\nСекретный код: aB3xY9"
KAZAKH = "Agenda: budget\\nКонференция идентификаторы: 345 678 901 22\\nКіру коды: aB3xY9\\nҚұпия сөз: aB3xY9"
GERMAN = (
    "Agenda: budget\\nBesprechungs-ID: 345 678 901 22\\nKenncode: aB3xY9\\nZugangscode: aB3xY9\\n"
    "Telefonkonferenz-ID: 998 877 66#"
)
FRENCH = (
    "Agenda: budget\\nID de réunion : 345 678 901 22\\nCode d’accès : aB3xY9\\nCode secret : aB3xY9\\n"
    "Mot de passe : aB3xY9"
)
ZOOM = (
    "Agenda: budget\\n\\nAnna is inviting you to a scheduled Zoom meeting.\\n\\nJoin Zoom Meeting\\n"
    "https://us02web.zoom.us/j/34567890122?pwd=aB3xY9\\n\\n\\nMeeting ID: 345 678 901 22\\nPasscode: aB3xY9\\n\\n"
    "One tap mobile\\n+16465588656\\,\\,34567890122#\\,\\,\\,\\,*445566# US\\n\\nDial by your location\\n"
    "        +1 646 558 8656 US (New York)\\n34567890122@zoomcrc.com"
)
NEXT_LINE = "Agenda: budget\\nMeeting ID:\\n345 678 901 22\\nPasscode:\\n\\naB3xY9"
SAFE = (
    "Agenda: budget\\nhttps://eur01.safelinks.protection.outlook.com/?url="
    "https%3A%2F%2Fteams.microsoft.com%2Fl%2Fmeetup-join%2F345&data=aB3xY9"
)
SECRETS = ["345", "aB3xY9", "99887766", "998 877 66", "445566", "646", "zoomcrc", "323", "meetup"]


@pytest.mark.parametrize("name", ["DESCRIPTION", "X-ALT-DESC;FMTTYPE=text/html"])
@pytest.mark.parametrize(
    "text",
    [
        OUTLOOK, OUTLOOK_HTML, RUSSIAN, RUSSIAN_TEAMS, KAZAKH, GERMAN, FRENCH, ZOOM, NEXT_LINE, SAFE,
        OUTLOOK.replace("\\n", "<br>"), RUSSIAN.replace("\\n", "<br/>"),
    ],
)  # fmt: skip
def test_no_number_or_code_of_an_invitation_is_left_in_the_text(text: str, name: str) -> None:
    drafts = read(events(START, "SUMMARY:x", f"{name}:{text}"))
    (draft,) = drafts.drafts
    told = f"{draft.body}{draft.fields.get('summary', '')}"

    assert [secret for secret in SECRETS if secret in told] == []
    assert "Agenda: budget" in told
    assert not told.endswith("\\")


@pytest.mark.parametrize("text", [OUTLOOK, RUSSIAN, KAZAKH, GERMAN, FRENCH, ZOOM, SAFE])
def test_an_event_whose_text_invited_to_a_meeting_is_a_draft_until_somebody_has_read_it(text: str) -> None:
    drafts = read(events(START, "SUMMARY:x", f"DESCRIPTION:{text}"))

    assert drafts.drafts[0].fields["draft"] is True
    (told,) = [each for each in drafts.findings if "description" in each.message]
    assert told.code == "import-meeting"
    assert told.message == (
        "the description tells how one enters a meeting: what looks like it is left out, the record is a draft"
    )
    assert told.hint == "read the text for what is left of it, then delete 'draft'"


@pytest.mark.parametrize(
    "line",
    [
        "Join Zoom https://zoom.us/j/123456789?pwd=SECRET\\nMeeting ID 123 passcode 999",
        "Zoom ID: 123 456 7890 password 999",
        "Dial +1 323 555 0100\\,\\,999#",
        "Пароль 999",
        "Құпиясөз: 999",
        "PIN: 999#",
        "PIN-код: 999",
        "Host key: 999999",
        "Kennwort: 999",
        "sip:999@lync.example.org",
        "会议号：999 999 999",
        "https://tel.meet/abc-defg-hij?pin=999",
        "Contraseña: 999",
    ],
)
def test_lines_that_let_somebody_in_go_in_any_form(line: str) -> None:
    drafts = read(events(START, "SUMMARY:x", f"DESCRIPTION:Welcome\\n{line}"))
    told = str({**drafts.drafts[0].fields, "online": ""}) + drafts.drafts[0].body

    assert "999" not in told
    assert "SECRET" not in told
    assert "Welcome" in told
    assert drafts.drafts[0].fields["draft"] is True


@pytest.mark.parametrize("line", ["LOCATION:Zoom\\, Meeting ID 345 678 9012\\, passcode 999999"])
def test_a_place_that_tells_a_code_is_no_place(line: str) -> None:
    drafts = read(events(START, "SUMMARY:x", line))

    assert "place" not in drafts.drafts[0].fields
    assert "import-meeting" in codes(drafts)
    assert drafts.drafts[0].fields["draft"] is True


@pytest.mark.parametrize(
    "title", ["Council\\, https://zoom.us/j/3456789012?pwd=x", "Council\\, passcode: 999999"]
)
def test_a_title_that_tells_how_one_comes_in_makes_a_draft(title: str) -> None:
    drafts = read(events(START, f"SUMMARY:{title}"))

    assert drafts.drafts[0].fields["title"].startswith("Council")
    assert "zoom.us" not in drafts.drafts[0].fields["title"]
    assert "999999" not in drafts.drafts[0].fields["title"]
    assert drafts.drafts[0].fields["draft"] is True
    assert "import-meeting" in codes(drafts)


@pytest.mark.parametrize(
    "text",
    [
        "Tel: +7 727 123 45 67\\nOffice 12",
        "The passcode will be sent to those who have registered.",
        "How to choose a password: a lecture on 12 rules",
        "Пароль: история одного слова",
        "Room 345\\, building 678",
        "Code of conduct: see page 12",
        "Registration: https://us02web.zoom.us/webinar/register/WN_x",
        "Call +7 727 123 45 67\\, ext. 12",
    ],
)
def test_a_text_that_lets_nobody_in_stays_as_it_is(text: str) -> None:
    drafts = read(events(START, "SUMMARY:x", f"DESCRIPTION:{text}"))
    (draft,) = drafts.drafts
    told = f"{draft.body}{draft.fields.get('summary', '')}"

    assert codes(drafts) == []
    assert "draft" not in draft.fields
    assert all(word in told for word in text.replace("\\n", " ").replace("\\,", ",").split()[:3])
