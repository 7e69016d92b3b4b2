"""The printed matter of an event: what stands in it, in three languages, and what never does."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pypdf
import pytest

from cairn.training.documents import agenda, badges, folder, sheets
from cairn.training.documents.folder_wording import Wording

ADDRESS = "https://invented.example/t/E01/7K-QM-3R/"
RENDERERS: dict[str, Callable[[dict[str, Any]], bytes]] = {
    "agenda": agenda.render_agenda,
    "badges": badges.render_badges,
    "plates": badges.render_name_plates,
    "sheets": sheets.render_sheets,
    "signs": sheets.render_door_signs,
    "folder": folder.render_folder,
}


def payload(language: str = "en", people: int = 3, **given: Any) -> dict[str, Any]:
    """An invented event of two days in Kathmandu, five and three quarter hours before UTC."""

    def session(title: str, starts: str, ends: str, room: str) -> dict[str, Any]:
        return {
            "title": title,
            "starts": f"2026-03-{starts}:00+00:00",
            "ends": f"2026-03-{ends}:00+00:00",
            "room": room,
            "trainers": ["H3K-2QW"],
            "materials": ["Invented handbook"],
        }

    return {
        "language": language,
        "generated_on": "2026-02-20",
        "event": {
            "reference": "E01",
            "title": "Invented training about a delicate subject",
            "lang": "en",
            "place": "Invented Hall",
            "country": "Nepal",
            "dates": "2–3 Mar 2026",
            "time_zone": "Asia/Kathmandu",
        },
        "sessions": [
            session("Invented opening", "02T03:15", "02T05:00", "Room A"),
            session("Invented casework", "02T07:45", "02T10:00", "Room B"),
            session("Invented closing", "03T03:15", "03T06:00", "Room A"),
        ],
        "participants": [
            {"code": f"7K-QM-{number:02}", "name": "", "agency": "Invented Police", "role": "Here"}
            for number in range(people)
        ],
        "staff": [{"code": "H3K-2QW", "name": "", "role": "Lead trainer"}],
        **given,
    }


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages]


def test_the_agenda_lists_sessions_by_local_day_and_hour() -> None:
    text = "\n".join(pages(agenda.render_agenda(payload())))
    assert text.index("2 March 2026") < text.index("Invented opening") < text.index("3 March 2026")
    assert "09:00–10:45" in text
    assert "13:30–15:45" in text
    assert "Asia/Kathmandu (UTC+5:45)" in text


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("name", list(RENDERERS))
def test_every_document_is_made_in_every_language_and_run_of_text(name: str, language: str) -> None:
    reader = pypdf.PdfReader(BytesIO(RENDERERS[name](payload(language))))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"].get("/Direction") == ("/R2L" if language == "ar" else "/L2R")
    assert "E01" in reader.pages[0].extract_text()


@pytest.mark.parametrize("name", list(RENDERERS))
def test_an_event_without_sessions_and_people_still_prints(name: str) -> None:
    empty = payload(sessions=[], participants=[], staff=[])
    assert len("".join(pages(RENDERERS[name](empty)))) > 20


def test_ten_badges_fill_a_sheet_and_each_carries_its_code() -> None:
    found = pages(badges.render_badges(payload(people=19)))
    assert len(found) == 2
    for number in range(19):
        assert sum(f"7K-QM-{number:02}" in page for page in found) == 1


def test_badges_and_door_signs_do_not_say_what_the_training_is_about() -> None:
    for name in ("badges", "plates", "signs"):
        text = "\n".join(pages(RENDERERS[name](payload())))
        assert "delicate subject" not in text
        assert "Invented casework" not in text


def test_a_badge_holds_the_address_when_there_is_one_and_else_the_code() -> None:
    wording = Wording(payload())
    person = {"code": "7K-QM-3R", "qr": ADDRESS}
    with_address, by_code = (
        badges.people({"participants": [each]}, wording)[0]
        for each in (person, {"code": "7K-QM-3R"})
    )
    assert with_address["svg"] == badges.qr_svg(ADDRESS)
    assert by_code["svg"] == badges.qr_svg("7K-QM-3R")
    assert with_address["alt"] == "QR code of 7K-QM-3R"


def test_names_stand_on_badges_only_when_the_payload_has_them() -> None:
    person = {"code": "7K-QM-3R", "name": "Invented Person", "role": ""}
    named = "\n".join(pages(badges.render_badges(payload(participants=[person]))))
    assert "Invented Person" in named
    assert "Name, written by hand" in named  # the trainer's badge, whose name was not opened
    coded = "\n".join(pages(badges.render_badges(payload())))
    assert coded.count("Name, written by hand") == 4


def test_a_sheet_for_each_day_has_a_column_for_each_half_day() -> None:
    content = sheets.sheets_content(payload())
    first, second = content["sheets"]
    assert [half["label"] for half in first["halves"]] == ["Morning", "Afternoon"]
    assert [half["hours"] for half in first["halves"]] == ["09:00–10:45", "13:30–15:45"]
    assert [half["label"] for half in second["halves"]] == ["Morning"]
    found = pages(sheets.render_sheets(payload()))
    assert len(found) == 2
    assert all(page.count("7K-QM-") == 3 for page in found)


def test_a_sheet_keeps_lines_for_people_who_were_not_enrolled() -> None:
    assert sheets.sheets_content(payload())["sheets"][0]["spare"] == 2
    assert sheets.sheets_content(payload(people=45))["sheets"][0]["spare"] == 4


def test_every_room_has_its_sign_with_its_own_hours() -> None:
    found = pages(sheets.render_door_signs(payload()))
    assert ["Room A" in page for page in found] == [True, False]
    assert "09:00–10:45" in found[0]
    assert "13:30–15:45" not in found[0]


def test_the_folder_holds_every_part_and_its_contents_lead_there() -> None:
    pdf = folder.render_folder(payload())
    found = pages(pdf)
    for part in ("Agenda", "Attendance sheets", "Badges", "Name plates", "Door signs"):
        assert part in found[0]
    outline = pypdf.PdfReader(BytesIO(pdf)).outline
    assert [item.title for item in outline if not isinstance(item, list)][-5:] == [
        "Agenda",
        "Attendance sheets",
        "Badges",
        "Name plates",
        "Door signs",
    ]


def test_markup_in_a_title_is_printed_as_it_stands() -> None:
    hostile = '#read("/etc/passwd") *bold*'
    given = payload()
    given["sessions"][0]["title"] = hostile
    assert hostile in "\n".join(pages(agenda.render_agenda(given)))
