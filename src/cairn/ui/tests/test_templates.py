"""No template of the project breaks the content policy, and every component is in the gallery."""

import re
from pathlib import Path

import pytest

from cairn.ui.tests.sheets import SOURCE, templates

COMPONENTS = SOURCE / "ui" / "templates" / "ui" / "components"
FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script with a body": re.compile(r"<script\b[^>]*>\s*[^\s<]", re.IGNORECASE),
    "a script without a source": re.compile(r"<script\b(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\s(?:on[a-z]+|hx-on[:\w.-]*)\s*=", re.IGNORECASE),
    "a javascript: address": re.compile(r"[\"']\s*javascript:", re.IGNORECASE),
    "an evaluated htmx value": re.compile(r"hx-(?:vals|headers)\s*=\s*[\"']?js:", re.IGNORECASE),
    "something fetched from elsewhere": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE
    ),
}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('<p class="a" style="color: red">', "a style attribute"),
        ("<style>p {}</style>", "a style element"),
        ("<script>go()</script>", "a script with a body"),
        ('<button onclick="go()">', "an event attribute"),
        ('<button hx-on:click="go()">', "an event attribute"),
        ('<a href="javascript:go()">', "a javascript: address"),
        ('<img src="https://example.org/a.png">', "something fetched from elsewhere"),
    ],
)
def test_the_rule_finds_what_the_policy_forbids(text: str, kind: str) -> None:
    assert FORBIDDEN[kind].search(text)


@pytest.mark.parametrize("template", templates(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_template_holds_nothing_that_the_policy_forbids(template: Path) -> None:
    # What the template language writes is not markup.
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template.read_text(), flags=re.DOTALL)
    found = [kind for kind, pattern in FORBIDDEN.items() if pattern.search(text)]
    assert found == []


def test_every_component_is_in_the_gallery() -> None:
    gallery = "".join(
        path.read_text() for path in (SOURCE / "ui" / "templates" / "ui").rglob("gal*/*.html")
    )
    gallery += (SOURCE / "ui" / "templates" / "ui" / "gallery.html").read_text()
    by_tag = {
        "badge": "state_badge",
        "field": "form_fields",
        "error_summary": "form_fields",
        "form_fields": "form_fields",
        "clock": "clock",
    }
    for component in COMPONENTS.glob("[!_]*.html"):
        name = component.stem
        used = by_tag.get(name, f'"{name}"')
        assert f"{used}" in gallery, name


def test_every_style_sheet_of_a_component_belongs_to_something_drawn() -> None:
    drawn = "".join(path.read_text() for path in templates())
    drawn += "".join(path.read_text() for path in SOURCE.rglob("*.py") if "tests" not in path.parts)
    # Django writes these, or htmx does.
    others = {"htmx-request", "text"}
    for sheet in (SOURCE / "ui" / "static" / "ui" / "css" / "components").glob("*.css"):
        for name in set(re.findall(r"\.([a-z][a-z0-9-]+)(?=[\s,:{.\[>)])", sheet.read_text())):
            stem = re.sub(r"-(?:\d+|[a-z]+)$", "-", name)
            assert name in drawn or stem in drawn or name in others, f"{sheet.name}: .{name}"
