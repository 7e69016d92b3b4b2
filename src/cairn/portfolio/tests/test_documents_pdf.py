"""Project page and partnership folder as PDF, from payloads of invented projects."""

from io import BytesIO
from typing import Any

import pypdf
import pytest

from cairn.portfolio.documents import (
    Volume,
    folder_volumes,
    labels,
    render_project_page,
    render_project_pages,
    volumes,
)
from cairn.portfolio.documents.folder import folder_content
from cairn.portfolio.documents.page import page_content
from cairn.portfolio.documents.wording import Wording, paragraphs
from cairn.portfolio.tests.document_payloads import (
    MADE_ON,
    SQUARE,
    folder,
    invented_project,
    page,
)
from cairn.ui.pdf import PdfFailed, shelf


def quiet(done: int, total: int, label: str) -> None:
    """Progress that nobody watches."""


def reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """Text with plain spaces: a long title breaks at a line, figures hold no-break spaces."""
    joined = " ".join(sheet.extract_text() for sheet in reader(pdf).pages)
    return " ".join(joined.replace("\u200b", "").split())


def one_folder(payload: dict[str, Any]) -> bytes:
    made = list(folder_volumes(payload, progress=quiet))
    assert [volume.name for volume in made] == ["partnership-folder"]
    return made[0].pdf


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_both_documents_are_tagged_with_title_and_language(language: str) -> None:
    files = {
        "Invented project 0001": render_project_page(page(invented_project(), language)),
        "Invented folder": one_folder(folder([invented_project()], language)),
    }
    for title, pdf in files.items():
        catalogue: Any = reader(pdf).trailer["/Root"]
        assert catalogue["/Lang"] == language
        assert catalogue["/MarkInfo"]["/Marked"]
        assert "/StructTreeRoot" in catalogue
        details = reader(pdf).metadata
        assert details is not None
        assert details.title == title


def test_a_project_page_tells_what_the_records_hold() -> None:
    text = text_of(render_project_page(page(invented_project())))
    for expected in (
        "INV0001",
        "Invented state",
        "US$ 913,351",
        "US$ 300,000.50",
        "US$ 613,350.50",
        "33% of the budget is pledged",
        "printed: US$ 610,000",
        "Invented partner (hosts the workshops)",
        "1 February 2024 – 31 January 2026",
        "Inventia, Invented Union",
        "To be determined: two countries not chosen yet",
        "As printed: Invented region as printed",
        "Second invented paragraph.",
        "1. Invented component",
        "Invented activity",
        "S/RES/0000 – Invented mandate",
        "10–12 February 2025",
        "Invented trainers selected (of 22) 5 people",
        "More invented training",
        "1,200",
        "Inventia (also the recipient State)",
        "6 May 2024",
        "Donor not named",
        "220,000.50",
        "\N{MINUS SIGN}3,350.50",
        "Source: Invented source document",
        "made on 4 March 2026",
        "Page 1 of ",
    ):
        assert expected in text, expected


def test_a_total_of_events_covers_only_what_was_counted_and_says_so() -> None:
    text = text_of(render_project_page(page(invented_project())))
    assert "All events 52 12" in text
    assert "Women were counted in 1 of 2 events" in text
    assert "Participants were counted" not in text


def test_what_was_printed_alike_is_not_repeated() -> None:
    text = text_of(render_project_page(page(invented_project())))
    assert "printed: $ 913,351" not in text
    unclear = invented_project(budget=75600, budget_as_printed="US$ 756,00")
    assert "printed: US$ 756,00" in text_of(render_project_page(page(unclear)))


def test_a_project_with_only_an_id_has_a_page() -> None:
    text = text_of(render_project_page(page({"id": "X0001"})))
    assert "X0001" in text
    assert "Not recorded" in text
    assert "Training and other events" not in text


def test_a_budget_only_in_words_is_shown_as_printed() -> None:
    varies = invented_project(
        budget=None,
        budget_as_printed="Varies by programme",
        shortfall=None,
        shortfall_as_printed=None,
        funded_share=None,
    )
    text = text_of(one_folder(folder([varies])))
    assert "Not recorded" in text
    assert "printed: Varies by programme" in text


def test_more_pledged_than_the_budget_is_no_negative_shortfall() -> None:
    over = invented_project(budget=100, pledged=150, shortfall=-50, funded_share=1.5)
    text = text_of(render_project_page(page(over)))
    assert "Pledged above the budget: US$ 50" in text


def test_a_surplus_beside_a_shortfall_of_zero_is_shown() -> None:
    over = invented_project(shortfall=0, surplus=1250)
    assert "Pledged above the budget: US$ 1,250" in text_of(render_project_page(page(over)))


def test_a_finding_shows_the_printed_words_and_why() -> None:
    finding = {
        "project": "X0001",
        "code": "",
        "title": "Invented project 0001",
        "field": "budget_phases",
        "field_label": "Sum of phases",
        "printed": 3500000,
        "printed_text": "US$ 3,5 million",
        "computed": 3568800,
        "difference": 68800,
        "reason": "Rounded in print",
        "explanation": "invented explanation",
    }
    text = text_of(one_folder(folder([invented_project()], findings=[finding])))
    assert "Sum of phases" in text
    assert "US$ 3,5 million" in text
    assert "+68,800" in text
    assert "X0001 Invented" in text
    assert "invented explanation" in text


def test_a_cover_counts_every_project_that_the_folder_shows() -> None:
    projects = [invented_project(number) for number in range(1, 4)]
    payload = folder(projects)
    payload["totals"]["overall"]["projects"] = 2
    assert "Projects 3" in " ".join(reader(one_folder(payload)).pages[0].extract_text().split())


def test_a_project_without_pledges_says_so() -> None:
    bare = invented_project(pledges=[], pledged=0, funded_share=0.0)
    assert "US$ 0 No current pledges" in text_of(render_project_page(page(bare)))


def test_a_reduced_project_shows_no_place() -> None:
    text = text_of(render_project_page(page(invented_project(reduced=True, pledges=[]))))
    assert "Country withheld for safety" in text
    assert "Invented Union" not in text
    assert "Invented region" not in text


HOSTILE = '#read("/etc/passwd") *bold* $x$ "quoted" \\u{41} {amount}'


def test_hostile_text_is_printed_as_it_stands_wherever_it_comes_from() -> None:
    project = invented_project(
        title=HOSTILE,
        outline=HOSTILE,
        lead_entities=[HOSTILE],
        source=HOSTILE,
        status={"code": HOSTILE, "label": HOSTILE},
        components=[{"number": 1, "title": HOSTILE, "text": HOSTILE, "activities": [HOSTILE]}],
    )
    text = text_of(render_project_page(page(project)))
    assert text.count(HOSTILE) == 8
    listed = one_folder(folder([project], title=HOSTILE))
    assert text_of(listed).count(HOSTILE) >= 5


@pytest.mark.parametrize("title", ["", " ", "\u200b", "\x00"])
def test_a_title_that_cannot_be_seen_gives_way_to_the_code(title: str) -> None:
    pdf = render_project_page(page(invented_project(title=title)))
    details = reader(pdf).metadata
    assert details is not None
    assert details.title == "INV0001"


def test_a_very_long_word_stays_on_the_page() -> None:
    pdf = render_project_page(page(invented_project(title="Ж" * 400)))
    assert text_of(pdf).replace(" ", "").count("Ж") == 400
    edge = reader(pdf).pages[0].mediabox.right
    places: list[float] = []

    def note_place(text: str, cm: Any, tm: list[float], font: Any, size: Any) -> None:
        if "Ж" in text:
            places.append(tm[4] + cm[4])

    reader(pdf).pages[0].extract_text(visitor_text=note_place)
    assert len(places) > 5
    assert max(places) < edge


def test_text_of_the_other_direction_keeps_its_order() -> None:
    title = "مشروع (INV) 12"
    latin = text_of(render_project_page(page(invented_project(title=title))))
    assert "US$ 913,351" in latin
    arabic = text_of(render_project_page(page(invented_project(), "ar")))
    assert "Invented project 0001" in arabic
    assert "913,351 US$" in arabic
    assert "2025" in arabic


def test_arabic_words_can_be_copied_from_the_file() -> None:
    if "IBM Plex Sans Arabic" not in shelf().families:
        pytest.skip("no Arabic font with one glyph for each letter (IBM Plex Sans Arabic)")
    pdf = render_project_page(page(invented_project(), "ar", labels={"budget": "الميزانية"}))
    assert "الميزانية" in text_of(pdf)


def test_the_projects_own_text_is_marked_with_its_language() -> None:
    payload = page(invented_project(title_language="fr", title="Projet inventé"), "ar")
    root: Any = reader(render_project_page(payload)).trailer["/Root"]
    waiting, languages = [root["/StructTreeRoot"]["/K"]], set()
    while waiting:
        item = waiting.pop().get_object()
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict):
            languages.add(item.get("/Lang"))
            waiting.append(item.get("/K", pypdf.generic.NullObject()))
    assert "fr" in languages


def test_amounts_follow_the_language() -> None:
    text = text_of(render_project_page(page(invented_project(), "fr")))
    assert "913 351 $US" in text
    assert "février 2024" in text


def test_a_folder_lists_its_projects_with_page_numbers() -> None:
    pdf = one_folder(folder([invented_project(number) for number in range(1, 5)]))
    contents = " ".join(reader(pdf).pages[1].extract_text().split())
    for title in ("Introduction", "Invented north", "Invented project 0004 INV0004", "Totals"):
        assert title in contents
    outline = [item.title for item in reader(pdf).outline if not isinstance(item, list)]
    assert "Invented south" in outline


def test_a_folder_shows_each_projects_money_and_the_totals() -> None:
    finding = {**invented_project()["findings"][0], "project": {"code": "INV0001", "title": "T"}}
    text = text_of(one_folder(folder([invented_project()], findings=[finding])))
    for expected in (
        "US$ 220,000.50 – Inventia (also the recipient State)",
        "US$ 80,000 – Donor not named",
        "Field office: Invented office",
        "Every invented project.",
        "Parts of invented programmes.",
        "7,654,321 1,234,567 6,419,754",
        "All projects, each counted once 1 913,351",
        "INV0001 T Shortfall 610,000 613,350.50",
    ):
        assert expected in text, expected


def test_a_folder_without_projects_says_so() -> None:
    text = text_of(one_folder(folder([])))
    assert "There is no project to show." in text
    assert "All printed figures agree with the records." in text


def test_a_folder_without_optional_parts_is_made() -> None:
    bare = {
        "document": "partnership-folder",
        "language": "en",
        "generated_on": MADE_ON,
        "chapters": [{"code": "", "title": "", "projects": [{"id": "X1"}]}],
    }
    text = text_of(one_folder(bare))
    assert "Partnership folder" in text
    assert "X1" in text


def test_charts_of_the_payload_carry_their_words() -> None:
    charts = [{"svg": SQUARE, "alt": "An invented chart", "caption": "Invented caption"}]
    assert "Invented caption" in text_of(one_folder(folder([invented_project()], charts=charts)))


def test_a_failure_names_the_document() -> None:
    with pytest.raises(PdfFailed, match="partnership-folder"):
        list(folder_volumes(folder([], charts=[{"svg": "<svg", "alt": "Broken"}]), progress=quiet))


def test_the_same_payload_gives_the_same_file() -> None:
    payload = folder([invented_project()])
    assert one_folder(payload) == one_folder(payload)


@pytest.fixture
def small_volumes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volumes, "VOLUME_PROJECTS", 3)
    monkeypatch.setattr(volumes, "VOLUME_FINDINGS", 2)


@pytest.mark.usefixtures("small_volumes")
def test_a_large_folder_comes_in_volumes_that_hold_each_project_once() -> None:
    projects = [invented_project(number) for number in range(1, 9)]
    findings = [
        {"field": "budget", "printed": number, "project": f"X{number}"} for number in range(3)
    ]
    reports: list[tuple[int, int]] = []
    made = list(
        folder_volumes(
            folder(projects, findings=findings),
            progress=lambda done, total, label: reports.append((done, total)),
        )
    )
    assert [volume.name for volume in made] == [
        f"partnership-folder-{number:02}-of-06" for number in range(1, 7)
    ]
    assert reports == [(0, 8), (0, 8), (3, 8), (6, 8), (8, 8), (8, 8), (8, 8)]
    texts = [text_of(volume.pdf) for volume in made]
    bodies = [
        " ".join(sheet.extract_text() for sheet in reader(volume.pdf).pages[2:]) for volume in made
    ]
    for number in range(1, 9):
        assert sum(f"Invented project {number:04}" in body for body in bodies[1:]) == 1
    assert "INV0001 – INV0003" in texts[0]
    assert "Invented north (continued)" in texts[2]
    assert "Volume 2 of 6" in texts[1]
    assert "Every invented project." in texts[0]
    assert "Every invented project." not in texts[1]
    assert "US$ 913,351" in texts[3]
    assert "Annex" in texts[5]
    roots: list[Any] = [reader(volume.pdf).trailer["/Root"] for volume in made]
    assert all("/StructTreeRoot" in root for root in roots)


@pytest.mark.usefixtures("small_volumes")
def test_long_texts_fill_a_volume_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(volumes, "VOLUME_LETTERS", 1000)
    payload = folder([invented_project(number, outline="x" * 900) for number in range(1, 3)])
    held = [piece.projects for piece in volumes.plan(payload, Wording.of(payload))]
    assert held == [0, 1, 1]


def test_many_pages_keep_their_order_and_report_progress() -> None:
    reports: list[tuple[int, int, str]] = []
    made: list[Volume] = list(
        render_project_pages(
            (page(invented_project(number)) for number in range(1, 8)),
            lambda done, total, label: reports.append((done, total, label)),
            total=7,
        )
    )
    assert [volume.name for volume in made] == [f"project-page-X{n:04}" for n in range(1, 8)]
    assert reports[-1] == (7, 7, "project-page-X0007")
    assert "Invented project 0007" in text_of(made[-1].pdf)


def test_a_file_name_holds_no_path() -> None:
    made = list(render_project_pages([page(invented_project(id="../a b/ü"))], quiet))
    assert made[0].name == "project-page--a-b-"


def test_labels_of_the_payload_come_before_our_own() -> None:
    text = text_of(render_project_page(page(invented_project(), labels={"budget": "My budget"})))
    assert "My budget" in text
    assert "Total pledges" in text


def test_every_label_is_a_text_in_every_language() -> None:
    for language in ("en", "fr", "ar"):
        assert all(isinstance(text, str) and text for text in labels(language).values())
        assert labels(language).keys() == labels("en").keys()


def test_values_with_braces_are_not_filled_again() -> None:
    wording = Wording("en", {"made_on": "{document}, made on {date}"})
    assert wording.say("made_on", document="{date}", date="today") == "{date}, made on today"


def test_bullets_of_printed_sources_become_lists() -> None:
    parts = paragraphs("Tools:\n\uf0b7 first\n- second\n\nAn end.\nAnother line")
    assert [(part["kind"], part["items"]) for part in parts] == [
        ("text", ["Tools:"]),
        ("list", ["first", "second"]),
        ("text", ["An end."]),
        ("text", ["Another line"]),
    ]


def test_contents_are_plain_data_for_other_forms() -> None:
    content = page_content(page(invented_project()))
    assert content["head"]["title"] == "Invented project 0001"
    assert folder_content(folder([]))["is_empty"] is True
