"""Certificates as PDF: one page each, in the holder's language, with a QR code that phones read."""

import io
from dataclasses import replace
from datetime import date

import pypdf
import pytest

from cairn.training.documents.certificate import Sheet, certificates_pdf, payload
from cairn.training.rules.choices import CredentialKind

TODAY = date(2026, 3, 2)
SHEET = Sheet(
    number="K7Q-M2R-9HW",
    kind=CredentialKind.ACHIEVEMENT,
    language="en",
    issuer="Invented Training Programme",
    achieved="Training of trainers: recognise, protect, report",
    about="Eighteen hours in three days; at least 80 % present, at least 70 % of the test.",
    address="https://training.example.org/check/#" + "x" * 480,
    page="training.example.org/check/",
    issued_on=TODAY,
    valid_until=date(2029, 3, 2),
    holder="Nobody Invented",
    place="Nowhere",
    starts=date(2026, 2, 17),
    ends=date(2026, 2, 19),
)


def pages(sheets: list[Sheet]) -> list[str]:
    pdf = certificates_pdf(sheets, document="certificates-test", today=TODAY)
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


@pytest.mark.processes
@pytest.mark.once  # no database at all
def test_thirty_certificates_are_one_document_of_thirty_pages() -> None:
    many = [replace(SHEET, number=f"K7Q-M2R-{number:03}") for number in range(30)]
    found = pages(many)
    assert len(found) == 30
    assert "K7Q-M2R-029" in found[29]
    assert all("Nobody Invented" in text for text in found)


def test_attendance_and_achievement_do_not_say_the_same() -> None:
    attended, achieved = pages([replace(SHEET, kind=CredentialKind.ATTENDANCE), SHEET])
    assert "Confirmation of attendance" in attended
    assert "took part in" in attended
    assert "completed successfully" in achieved
    assert "Confirmation of attendance" not in achieved


def test_without_consent_there_is_a_line_instead_of_a_name() -> None:
    (text,) = pages([replace(SHEET, holder="")])
    assert "Name, written by the holder" in text
    assert "Nobody Invented" not in text


def test_each_page_is_in_the_language_of_its_holder() -> None:
    sheets = [
        replace(SHEET, language="fr", achieved="Formation des formateurs (inventée)"),
        replace(SHEET, language="ar", achieved="تدريب المدربين", holder="اسم مخترع"),
    ]
    french, arabic = pages(sheets)
    assert "2 mars 2026" in french
    assert "تدريب" in arabic
    assert [sheet["lang"] for sheet in payload(sheets)["sheets"]] == ["fr", "ar"]


@pytest.mark.parametrize("kind", CredentialKind)
def test_every_kind_has_its_words(kind: CredentialKind) -> None:
    (sheet,) = payload([replace(SHEET, kind=kind)])["sheets"]
    assert sheet["heading"]
    assert sheet["labels"]["did"]
    assert sheet["svg"].startswith("<svg")


def test_what_does_not_expire_says_so() -> None:
    (sheet,) = payload([replace(SHEET, valid_until=None, starts=None, ends=None, place="")])[
        "sheets"
    ]
    assert [fact["value"] for fact in sheet["facts"]] == ["2 Mar 2026", "It does not expire"]
