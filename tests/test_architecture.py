"""Rules of the tree that import-linter cannot see."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands, load_command_class
from django.db import models

from cairn.core.classification import DECLARATIONS, Zone, stored_models
from cairn.vault.fields import SealedField, SealedModel
from cairn_tool.main import VERBS

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src"
# From the bottom up; the same order as the import contract in pyproject.toml.
LAYERS = [
    {"core"},
    {"vault"},
    {"ui"},
    {"access"},
    {"oversight"},
    {"imports"},
    {"portfolio", "library"},
    {"identification", "training", "assessment"},
    {"referral", "casework", "simulation"},
    {"observatory"},
    {"results"},
    {"exchange"},
    {"web", "field"},
    {"config"},
]
LAYER = {app: number for number, layer in enumerate(LAYERS) for app in layer}
# The zones of the design; an app that is not named is no zone of its own, so that every zone may
# point to it (organisations, accounts). `test_zones_are_those_of_the_declarations` holds the two.
ZONE = {
    "oversight": "oversight",
    "portfolio": "programme",
    "library": "programme",
    "training": "programme",
    "assessment": "programme",
    "simulation": "programme",
    "results": "programme",
    "identification": "identification",
    "field": "identification",
    "referral": "protection",
    "casework": "justice",
    "exchange": "exchange",
    "observatory": "statistics",
}
# Who may turn sealed values back into text, besides the vault: both ask, and write it down first.
MAY_OPEN = {
    "cairn.oversight.actions.notes",
    "cairn.oversight.actions.readings",
    # The rows of a file that waits for a word, for whoever brought it, with an entry in the log.
    "cairn.training.actions.staging",
}
NOT_OURS = {"var", "__pycache__", "node_modules"}
HIDDEN_BUT_OURS = {".ci", ".gitignore"}
# They make the demo accounts and records, before there is anybody to see them.
NO_DOORS = {path for path in (SOURCE / "cairn" / "web").glob("demo*.py")}
# Whole templates that pages of every app are built from.
SHARED_TEMPLATES = {"ui": {"ui", "components"}}
LONGEST_FILE = 500  # lines
LONGEST_FUNCTION = 70  # lines
# Put together here, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile("|".join(rf"(?<![\w.])/{top}/\w" for top in ("work", "root", "home")))
REGISTRIES = re.compile(
    "|".join(
        rf"{re.escape(name)}\.{ending}"
        for name, ending in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("yarnpkg", "com"),
            ("deb.debian", "org"),
        )
    )
)


def files(pattern: str, under: Path = SOURCE) -> list[Path]:
    """Files of the repository; what tools keep for themselves is passed over."""
    found = []
    for path in sorted(under.rglob(pattern)):
        parts = set(path.relative_to(ROOT).parts)
        hidden = {part for part in parts if part.startswith(".")} - HIDDEN_BUT_OURS
        if path.is_file() and not hidden and not NOT_OURS & parts:
            found.append(path)
    return found


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def foreign_keys() -> Iterator[tuple[str, str, str]]:
    """(name of the key, its app, the app it points to) for every key between our apps."""
    for model in apps.get_models(include_auto_created=True):
        for key in model._meta.get_fields():
            if isinstance(key, models.ForeignKey | models.ManyToManyField):
                target = key.related_model
                assert not isinstance(target, str)
                here, there = model._meta.app_config.name, target._meta.app_config.name
                if here.startswith("cairn.") and there.startswith("cairn."):
                    name = f"{model._meta.label}.{key.name}"
                    yield name, here.split(".")[1], there.split(".")[1]


def test_every_app_has_a_layer() -> None:
    ours = {
        config.name.split(".")[1] for config in apps.get_app_configs() if "cairn" in config.name
    }
    assert ours <= set(LAYER)


def test_foreign_keys_point_down_the_layers() -> None:
    keys = list(foreign_keys())
    assert keys
    assert [key for key in keys if key[1] != key[2] and LAYER[key[1]] <= LAYER[key[2]]] == []


def test_foreign_keys_never_cross_zones() -> None:
    crossing = [
        name
        for name, here, there in foreign_keys()
        if here in ZONE and there in ZONE and ZONE[here] != ZONE[there]
    ]
    assert crossing == []


def test_zones_are_those_of_the_declarations() -> None:
    said = {
        (declaration.app, declaration.zone.value)
        for declaration in DECLARATIONS.values()
        if declaration.app in ZONE
    }
    assert {app for app, _zone in said} >= {"identification", "referral", "oversight"}
    assert {pair for pair in said if ZONE[pair[0]] != pair[1]} == set()


def test_every_model_with_sealed_fields_has_a_key_of_the_zone_that_it_is_declared_in() -> None:
    sealed = [
        model
        for model in stored_models()
        if any(isinstance(field, SealedField) for field in model._meta.concrete_fields)
    ]
    assert {model._meta.app_label for model in sealed} >= {"identification", "referral"}
    wrong = []
    for model in sealed:
        declared = DECLARATIONS[model._meta.label].zone
        if not issubclass(model, SealedModel) or model.zone not in Zone or model.zone != declared:
            wrong.append(model._meta.label)
    assert wrong == []


def openings(text: str) -> list[str]:
    """How a module reaches for the opening of sealed values: by name, module or attribute."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            if node.module == "cairn.vault.opening" and names - {"Unreadable"}:
                found += sorted(names - {"Unreadable"})
            elif node.module == "cairn.vault" and "opening" in names:
                found.append("opening")
        elif isinstance(node, ast.Import):
            found += [name.name for name in node.names if name.name == "cairn.vault.opening"]
        elif isinstance(node, ast.Constant) and node.value == "cairn.vault.opening":
            found.append("its name as a text")
    return found


@pytest.mark.parametrize(
    "line",
    [
        "from cairn.vault.opening import open_values",
        "from cairn.vault.opening import open_values as read",
        "from cairn.vault import keyring, opening",
        "import cairn.vault.opening",
        'import_module("cairn.vault.opening")',
    ],
)
def test_a_way_round_the_audited_reading_is_seen(line: str) -> None:
    assert openings(line)


def test_only_the_audited_readings_open_sealed_values() -> None:
    opening = {
        ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for path in files("*.py")
        if "tests" not in path.parts and openings(path.read_text())
    }
    assert {name for name in opening if not name.startswith("cairn.vault.")} == MAY_OPEN


def doors() -> list[Path]:
    """Where requests come in: views, endpoints, and all of web but its queries."""
    kinds = ("views.py", "views_*.py", "views/*.py", "api.py", "api_*.py", "api/*.py")
    inside = [path for kind in kinds for path in files(kind)]
    web = [
        path
        for path in files("*.py", SOURCE / "cairn" / "web")
        if "tests" not in path.parts and path.stem != "queries"
    ]
    return sorted({*inside, *web} - NO_DOORS)


def test_pages_of_accounts_are_doors_too() -> None:
    assert {"views_account.py", "views_people.py"} <= {path.name for path in doors()}


@pytest.mark.parametrize("path", doors(), ids=relative)
def test_reads_go_through_visible_to(path: Path) -> None:
    # `open_to` is the narrower question: what an actor may see whole.
    reads = r"\w+\.objects\.(?!visible_to\(|open_to\()\w+"
    assert re.findall(reads, path.read_text()) == []


INLINE = {
    "script in the page": r"<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>",
    "style in the page": r"<style\b|\sstyle\s*=",
    "handler in the page": r"<[a-z][^>]*\s(?:on[a-z]+|hx-on[\w:.-]*)\s*=",
    "javascript address": r"javascript:|[\"']js:",
}


@pytest.mark.parametrize("path", files("*.html"), ids=relative)
def test_templates_hold_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text()
    assert [name for name, pattern in INLINE.items() if re.search(pattern, text)] == []


def test_every_template_lies_in_the_folder_of_its_app() -> None:
    stray = []
    for templates in SOURCE.glob("cairn/*/templates"):
        app = templates.parent.name
        for path in files("*.html", templates):
            parts = path.relative_to(templates).parts
            is_error_page = app == "ui" and re.fullmatch(r"[45]\d\d(_\w+)?\.html", parts[0])
            if parts[0] not in SHARED_TEMPLATES.get(app, {app}) and not is_error_page:
                stray.append(relative(path))
    assert stray == []


def test_the_readme_is_short() -> None:
    assert 0 < len((ROOT / "README.md").read_text().splitlines()) < 100


def test_every_setting_is_explained_and_every_explained_one_is_read() -> None:
    code = [*files("*.py", SOURCE / "cairn" / "config"), *files("*.py", SOURCE / "cairn_tool")]
    text = "\n".join(path.read_text() for path in code if "tests" not in path.parts)
    read = set(re.findall(r"\bCAIRN_[A-Z_]*[A-Z]\b", text))
    explained = re.findall(r"\bCAIRN_[A-Z_]*[A-Z]\b", (ROOT / "docs" / "settings.md").read_text())
    assert set(explained) ^ read == set()


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in files("*", ROOT):
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [
            f"{relative(path)}: {match[0]}"
            for pattern in (MACHINE_PATHS, REGISTRIES)
            for match in [pattern.search(text)]
            if match
        ]
    assert found == []


def our_commands() -> list[str]:
    return sorted(name for name, app in get_commands().items() if str(app).startswith("cairn."))


def test_there_are_management_commands() -> None:
    assert {"audit_verify", "messages", "notices"} <= set(our_commands())


@pytest.mark.parametrize("name", our_commands())
def test_every_management_command_can_be_reached_and_explains_itself(name: str) -> None:
    assert name not in VERBS, "the script has a word of its own for this"
    assert "-" not in name, "the script turns dashes into underscores"
    command = load_command_class(get_commands()[name], name)
    assert command.help.strip()
    assert command.create_parser("cairn", name).format_help()


def imported(path: Path) -> set[str]:
    """The top-level packages that a file imports, at its top or later."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize(
    "path", [ROOT / "cairn", *files("*.py", SOURCE / "cairn_tool")], ids=relative
)
def test_the_script_imports_only_the_standard_library(path: Path) -> None:
    assert imported(path) - set(sys.stdlib_module_names) - {"cairn_tool"} == set()


def test_migrations_do_not_import_the_code_of_today() -> None:
    found = [relative(path) for path in files("migrations/*.py") if "cairn" in imported(path)]
    assert found == []


def test_files_and_functions_stay_short() -> None:
    long = []
    for path in [*files("*.py"), *files("*.py", ROOT / "tests"), *files("*.py", ROOT / "bench")]:
        if "migrations" in path.parts:
            continue
        text = path.read_text()
        if len(text.splitlines()) > LONGEST_FILE:
            long.append(relative(path))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno:
                if node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION:
                    long.append(f"{relative(path)}:{node.lineno} {node.name}")
    assert long == []
