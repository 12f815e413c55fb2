"""What an event says is what its record says: no stranger's text becomes markup, nothing private is told."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendar_import.roundtrip import codes, events, only, read
from publisher.calendar_import.hypertext import html_to_markdown
from publisher.calendar_import.texts import markdown
from publisher.model.characters import find_control
from publisher.render.markup import html

START = "DTSTART:20270301T170000Z"
PDF = "JVBERi0xLjQK"


def event(*lines: str) -> dict[str, Any]:
    return dict(only(events(START, "SUMMARY:x", *lines)).fields)


def body(description: str) -> str:
    return only(events(START, "SUMMARY:x", f"DESCRIPTION:{description}")).body


def test_a_short_text_is_a_summary_a_longer_one_the_body() -> None:
    assert event("DESCRIPTION:Bring *two* pens\\, please.")["summary"] == "Bring *two* pens, please."
    assert body("First line.\\nSecond.\\n\\nNext.") == "First line.\\\nSecond.\n\nNext."


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("# no\\n- item", "\\# no\\\n\\- item"),
        ("1. one\\n2) two", "1\\. one\\\n2\\) two"),
        ("---\\nid: x", "\\---\\\nid: x"),
        ("a *b* _c_ `d`\\n", "a \\*b\\* \\_c\\_ \\`d\\`"),
        ("x\\n[a](javascript:1)", "x\\\n\\[a\\](javascript:1)"),
        (
            "see https://example.org/a_b?c=d. Or (https://example.org/(1))",
            "see <https://example.org/a_b?c=d>. Or (<https://example.org/(1)>)",
        ),
    ],
)  # fmt: skip
def test_nothing_in_a_plain_text_is_markup_but_addresses(description: str, expected: str) -> None:
    found = only(events(START, "SUMMARY:x", f"DESCRIPTION:{description}"))

    assert (found.body or markdown(str(found.fields.get("summary")))) == expected


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("<p>One</p><p>Two<br>Three</p>", "One\n\nTwo\\\nThree"),
        ("Do:<ul><li>a</li><li>b</li></ul>now", "Do:\n\n- a\n- b\n\nnow"),
        ('<a href="https://example.org/">here</a>', "[here](<https://example.org/>)"),
        ('<a href="https://example.org/">https://example.org</a><br>', "<https://example.org>"),
        ('<a href="javascript:alert(1)">here</a><br>', "here"),
        ("<b>all</b> of <i>it</i><br>", "**all** of *it*"),
        ("a<script>alert(1)</script><style>p{}</style><br>b", "a\\\nb"),
        ("<p>5 &lt; 6 &amp; *stars*</p>", "5 \\< 6 & \\*stars\\*"),
        ("<div>one<div>two</div></div>", "one\n\ntwo"),
    ],
)
def test_html_says_what_its_reader_saw(description: str, expected: str) -> None:
    assert body(description.replace(",", "\\,").replace(";", "\\;")) == expected


def test_the_html_of_outlook_counts_where_there_is_no_plain_text() -> None:
    html_alone = "X-ALT-DESC;FMTTYPE=text/html:<html><body><p>Hello</p></body></html>"

    assert only(events(START, "SUMMARY:x", "DESCRIPTION:\\n", html_alone)).body == "Hello"


WORDS = st.text(st.characters(codec="utf-8"), max_size=40).filter(lambda text: find_control(text) is None)
SIGNS = st.text(st.sampled_from("*_`[]()<>#+-=|~&!\\.1 \nab:/"), max_size=40)


@given(WORDS | SIGNS)
def test_a_plain_text_is_read_on_pages_as_it_was_written(text: str) -> None:
    """Smart punctuation aside, which pages have in all texts, and blanks."""
    page = html(markdown(text)).replace("<br>", "").replace("<p>", "").replace("</p>", "")
    shown = unescape(page)

    assert "<" not in page
    assert _letters(shown) == _letters(text)


def _letters(text: str) -> str:
    return "".join(each for each in text if each.isalnum() or each in "*_`[]()<>#+=|~&!\\:/")


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            [
                "<b>",
                "</b>",
                "<a href='",
                "https://x.org",
                "'>",
                "</a>",
                "<",
                ">",
                "<!--",
                "-->",
                "<script>",
                "</script>",
                "<li>",
                "&lt;script&gt;",
                "x",
                '"',
                "\n",
            ]
        ),
        max_size=20,
    ).map("".join)
)
def test_no_html_gets_through_whatever_it_is(text: str) -> None:  # fmt: skip
    page = html(html_to_markdown(text)).lower()

    assert "<script" not in page
    assert "javascript:" not in page.replace("&lt;", "<").split("href=")[-1] or "href" not in page


def test_an_event_without_a_name_is_called_by_its_place() -> None:
    assert only(events(START, "LOCATION:Town Hall")).fields["title"] == "Town Hall"
    assert only(events(START, "SUMMARY: ")).fields["title"] == "Untitled event"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("LOCATION:Hall 5\\, Abay Ave 14",), {"name": "Hall 5, Abay Ave 14"}),
        (("LOCATION:Library\\nAbay Ave 14\\nAlmaty",), {"name": "Library", "address": "Abay Ave 14, Almaty"}),
        (("LOCATION:Library", "GEO:43.2389;76.8897"), {"name": "Library", "geo": ["43.2389", "76.8897"]}),
        (("LOCATION:Library", "GEO:north"), {"name": "Library"}),
    ],
)
def test_a_place_is_what_location_and_geo_say(lines: tuple[str, ...], expected: dict[str, Any]) -> None:
    assert event(*lines)["place"] == expected


@pytest.mark.parametrize(
    ("line", "platform"),
    [
        ("X-GOOGLE-CONFERENCE:https://meet.google.com/abc-defg-hij", "Google Meet"),
        ("CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://zoom.us/j/123", "Zoom"),
        ("LOCATION:https://zoom.us/j/123?pwd=secret", "Zoom"),
        ("DESCRIPTION:Come in at https://teams.microsoft.com/l/meetup-join/19%3a", "Microsoft Teams"),
        ("LOCATION:https://video.example.org/room", None),
    ],
)
def test_the_way_into_a_meeting_is_kept_and_not_published(line: str, platform: str | None) -> None:
    drafts = read(events(START, "SUMMARY:x", line))
    (draft,) = drafts.drafts

    assert draft.fields["online"]["public"] is False
    assert draft.fields["online"].get("platform") == platform
    assert "https" not in draft.body + str(draft.fields.get("summary", ""))
    assert "place" not in draft.fields
    assert "import-meeting" in codes(drafts)


def test_what_google_and_zoom_write_around_a_meeting_is_left_out_of_the_text() -> None:
    edge = "-::~:~::~:~:~::~:~::-"
    google = f"Talk.\\n\\n{edge}\\nJoin: https://meet.google.com/abc\\nPIN: 12\\n{edge}"
    zoom = "Talk.\\nSomebody is inviting you to a scheduled Zoom meeting.\\nPasscode: 12"

    assert "12" not in str(event(f"DESCRIPTION:{google}"))
    assert "12" not in str(event(f"DESCRIPTION:{zoom}"))


def test_an_organiser_has_a_name_and_no_address_a_contact_both() -> None:
    said = event("ORGANIZER;CN=The Office:mailto:secret@example.org", "CONTACT:Office\\, office@example.org")

    assert said["organisers"] == [{"name": "The Office"}]
    assert said["contact"] == {"name": "Office", "email": "office@example.org"}
    assert codes(read(events(START, "SUMMARY:x", "ORGANIZER;CN=a@b.org:mailto:a@b.org"))) == [
        "import-personal"
    ]


def test_files_in_the_calendar_are_kept_by_what_they_are_not_by_what_they_say() -> None:
    draft = only(events(
        START, "SUMMARY:x",
        f"ATTACH;VALUE=BINARY;ENCODING=BASE64;FILENAME=../../Plan.exe:{PDF}",
        f"ATTACH;VALUE=BINARY;ENCODING=BASE64:{PDF}",
    ))  # fmt: skip

    assert list(draft.files) == ["Plan.pdf", "attachment.pdf"]
    assert [each["file"] for each in draft.fields["attachments"]] == ["Plan.pdf", "attachment.pdf"]


@pytest.mark.parametrize(
    "line",
    ["ATTACH;VALUE=BINARY;ENCODING=BASE64:TVqQ", "ATTACH:CID:part1", "ATTACH;VALUE=BINARY;ENCODING=BASE64:?"],
)
def test_a_file_that_nobody_can_have_is_told(line: str) -> None:  # fmt: skip
    drafts = read(events(START, "SUMMARY:x", line))

    assert drafts.drafts[0].files == {}
    assert codes(drafts) == ["import-attachment"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("CLASS:CONFIDENTIAL", "import-private"),
        ("COLOR:tomato", "import-property-lost"),
        ("COMMENT:once", "import-property-lost"),
        ("RESOURCES:Beamer", "import-property-lost"),
        ("STATUS:MAYBE", "import-property-lost"),
        ("URL:ftp://example.org", "import-property-lost"),
        ("ATTENDEE:mailto:a@example.org", "import-attendees"),
        (f"SUMMARY:y\nDESCRIPTION:{'x' * 1_000_001}", "import-text-changed"),
    ],
)
def test_what_is_not_kept_is_told_with_its_line(line: str, code: str) -> None:
    drafts = read(events(START, "SUMMARY:x", line))

    assert len(drafts.drafts) == 1
    assert code in codes(drafts)
    assert all(finding.span.line >= 4 for finding in drafts.findings)


@pytest.mark.parametrize(
    "name",
    [
        "DTSTAMP",
        "SEQUENCE",
        "TRANSP",
        "X-MICROSOFT-CDO-BUSYSTATUS",
        "X-MOZ-GENERATION",
        "X-APPLE-TRAVEL-DURATION",
        "PRIORITY",
    ],
)
def test_the_bookkeeping_of_programs_is_not_spoken_of(name: str) -> None:  # fmt: skip
    assert codes(read(events(START, "SUMMARY:x", f"{name}:1"))) == []


def test_one_event_tells_a_lost_property_once() -> None:
    assert codes(read(events(START, "SUMMARY:x", "COMMENT:a", "COMMENT:b", "COMMENT:c"))) == [
        "import-property-lost"
    ]


def test_a_calendar_that_takes_its_events_back_makes_them_cancelled() -> None:
    assert only(events(START, "SUMMARY:x", before="METHOD:CANCEL\n")).fields["status"] == "cancelled"
