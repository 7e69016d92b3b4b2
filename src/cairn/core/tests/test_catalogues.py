"""Catalogues: what is extracted, kept, refused and compiled."""

import gettext
import json
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from cairn.core.management import catalogues
from cairn.core.management.catalogues import EOT, Message

CODE = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext

# Translators: at the top of the page.
title = gettext_lazy("Projects")
label = pgettext("money", "Pledge")
many = ngettext("%(count)d project", "%(count)d projects", 2)
greeting = _("Welcome, %(name)s.") % {"name": "x"}
"""
TEMPLATE = """
  <h1>{% translate "Projects" %}</h1>
{% if a %}
      {% blocktranslate count n=n trimmed %}
        {{ n }} donor's row
      {% plural %}
        {{ n }} donors' rows
      {% endblocktranslate %}
 {% endif %}
{% component title=_("Open the folder") %}
{% translate "Pledge" context "promise" %} 100 % (free
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A package with one module and one template; its tests and its other files do not count."""
    files = {
        "app/views.py": CODE,
        "app/templates/app/page.html": TEMPLATE,
        "app/templates/app/tests/page.html": '{% translate "Hand in the test" %}',
        "app/tests/test_views.py": '_("Only a test")',
        "app/notes.txt": '{% translate "Only a note" %}',
    }
    for name, text in files.items():
        path = tmp_path / "source" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "source"


def test_texts_of_code_and_templates_are_extracted(source: Path) -> None:
    found = catalogues.extract(source)
    assert set(found) == {
        "Projects",
        f"money{EOT}Pledge",
        f"promise{EOT}Pledge",
        "%(count)d project",
        "Welcome, %(name)s.",
        "%(n)s donor's row",
        "Open the folder",
        "Hand in the test",
    }
    assert found["%(n)s donor's row"].plural == "%(n)s donors' rows"
    assert found["Projects"].files == {"app/views.py", "app/templates/app/page.html"}
    assert found["Projects"].comments == ["Translators: at the top of the page."]


def translated(source: Path, language: str) -> catalogues.Messages:
    """A full catalogue: every text with a mark of its language."""
    messages = catalogues.merge(catalogues.extract(source), {}, language)
    for message in messages.values():
        message.strings = [f"{language} {message.plural or message.singular}"] * len(
            message.strings
        )
    return messages


@pytest.mark.parametrize(("language", "forms"), [("fr", 2), ("ar", 6)])
def test_a_catalogue_is_read_back_as_it_was_written(
    source: Path, tmp_path: Path, language: str, forms: int
) -> None:
    messages = translated(source, language)
    path = tmp_path / "django.po"
    path.write_text(catalogues.as_text(messages, language))
    again = catalogues.read(path, language)
    assert again == messages
    assert len(again["%(count)d project"].strings) == forms
    assert catalogues.as_text(again, language) == path.read_text()
    assert catalogues.findings(catalogues.extract(source), again, language) == []


def test_a_catalogue_holds_no_line_numbers_or_dates(source: Path) -> None:
    text = catalogues.as_text(translated(source, "fr"), "fr")
    assert "#: app/views.py\n" in text
    assert "Date" not in text


def test_merging_keeps_translations_and_drops_what_is_gone(source: Path) -> None:
    old = translated(source, "fr")
    old["Gone"] = Message("Gone", strings=["Parti"])
    del old["Projects"]
    merged = catalogues.merge(catalogues.extract(source), old, "fr")
    assert "Gone" not in merged
    assert merged["Projects"].strings == [""]
    assert merged["Open the folder"].strings == ["fr Open the folder"]


def test_a_changed_plural_is_looked_at_again(source: Path) -> None:
    old = translated(source, "fr")
    old["%(count)d project"].plural = "%(count)d schemes"
    merged = catalogues.merge(catalogues.extract(source), old, "fr")
    assert merged["%(count)d project"].fuzzy
    assert not merged["%(count)d project"].is_translated


def test_each_gap_is_found_and_named(source: Path) -> None:
    extracted = catalogues.extract(source)
    messages = translated(source, "fr")
    messages["Gone"] = Message("Gone", strings=["Parti"])
    messages["Projects"].strings = [""]
    messages["Open the folder"].fuzzy = True
    messages["Welcome, %(name)s."].strings = ["Bienvenue, %(nom)s."]
    del messages[f"money{EOT}Pledge"]
    found = "\n".join(catalogues.findings(extracted, messages, "fr"))
    for line in (
        "'Projects' is not translated",
        "'Open the folder' is marked fuzzy",
        "'Welcome, %(name)s.' has nom, which the text does not have",
        "'Welcome, %(name)s.' lacks name",
        "'money | Pledge' is not in the catalogue",
        "'Gone' is in no code any more",
    ):
        assert line in found


@pytest.mark.parametrize(
    ("language", "strings", "fits"),
    [
        ("ar", ["لا", "واحد", "اثنان", "%(n)d", "%(n)d", "%(n)d"], True),
        ("ar", ["لا", "واحد", "اثنان", "قليل", "%(n)d", "%(n)d"], False),
        ("fr", ["un projet", "%(n)d projets"], True),
        ("fr", ["%(n)d projet", "des projets"], False),
        ("fr", ["un projet", "%(n)d projets, 5 % en plus"], False),
        ("fr", ["un projet", "%(n)d projets, 5 %% en plus"], True),
    ],
)
def test_only_forms_for_one_number_may_leave_the_figure_out(
    language: str, strings: list[str], fits: bool
) -> None:
    message = Message("%(n)d project", "%(n)d projects", strings=strings)
    assert (catalogues.mismatches(message, language) == []) is fits


def test_what_is_missing_can_be_filled_in_and_handed_back(source: Path) -> None:
    messages = catalogues.merge(catalogues.extract(source), {}, "ar")
    asked = json.loads(json.dumps(catalogues.missing(messages)))
    assert asked["%(count)d project"] == {"plural": "%(count)d projects", "forms": [""] * 6}
    for key, value in asked.items():
        if value:
            value["forms"] = [value["plural"]] * 6
        else:
            asked[key] = key
    assert catalogues.fill(messages, asked, "ar") == ([], [])
    assert catalogues.missing(messages) == {}


@pytest.mark.parametrize("wrong", ["Bienvenue", ["Bienvenue, %(name)s.", "deux"], 7, None])
def test_one_wrong_translation_fills_nothing(source: Path, wrong: object) -> None:
    messages = catalogues.merge(catalogues.extract(source), {}, "fr")
    given = {"Projects": "Projets", "Welcome, %(name)s.": wrong, "No such text": "x"}
    problems, unknown = catalogues.fill(messages, given, "fr")
    assert len(problems) == 1
    assert unknown == ["No such text"]
    assert messages["Projects"].strings == [""]


def test_a_compiled_catalogue_speaks(source: Path) -> None:
    messages = translated(source, "ar")
    messages["Open the folder"].fuzzy = True
    messages["%(count)d project"].strings = [f"form {n}" for n in range(6)]
    spoken = gettext.GNUTranslations(BytesIO(catalogues.compiled(messages, "ar")))
    assert spoken.gettext("Projects") == "ar Projects"
    assert spoken.pgettext("money", "Pledge") == "ar Pledge"
    assert spoken.gettext("Open the folder") == "Open the folder"
    forms = [spoken.ngettext("%(count)d project", "%(count)d projects", n) for n in (0, 1, 2)]
    assert forms == ["form 0", "form 1", "form 2"]
    assert spoken.ngettext("%(count)d project", "%(count)d projects", 105) == "form 3"
    assert spoken.ngettext("%(count)d project", "%(count)d projects", 11) == "form 4"
    assert spoken.ngettext("%(count)d project", "%(count)d projects", 100) == "form 5"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("messages", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_command_goes_from_empty_to_complete(
    source: Path, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cairn.core.management.commands.messages.SOURCE", source)
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    with pytest.raises(CommandError, match="16 findings"):
        run("--check")
    run()
    assert "fr: 8 texts, 8 untranslated, 0 new" in run()
    for language in catalogues.PLURALS:
        asked = json.loads(run("--missing", language))
        answers = {
            key: [value["plural"]] * len(value["forms"]) if value else key
            for key, value in asked.items()
        }
        file = tmp_path / "answers.json"
        file.write_text(json.dumps(answers))
        run("--fill", str(file), language)
    assert "8 texts, complete in every language" in run("--check")
    run("--compile")
    assert sorted(path.parts[-3] for path in tmp_path.rglob("*.mo")) == ["ar", "fr"]
