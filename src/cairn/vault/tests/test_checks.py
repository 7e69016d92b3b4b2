"""System checks: models that would only seem to be sealed, and code that goes around the doors."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.apps.registry import Apps
from django.db import models

from cairn.core.classification import Zone
from cairn.vault import checks
from cairn.vault.fields import SealedModel, SealedTextField
from cairn.vault.tests.models import Note, Ordered, Person

SOURCE = Path(checks.__file__).resolve().parents[1]
# What other contexts may import of the vault; all else is its own affair.
OPEN_TO_ALL = {
    "blind",
    "errors",
    "fields",
    "handed",
    "health",
    "issuing",
    "keyring",
    "rotation",
    "scratch",
    "signing",
    "texts",
    "wraps",
}
OPENER, UNREADABLE = "opening.open_values", "opening.Unreadable"
READINGS = "oversight/actions/readings.py"
# The desk's own notes and reasons, written down as well; never a person's record.
NOTES = "oversight/actions/notes.py"
# The rows of a file that waits for a word, for whoever brought it, with an entry in the log.
STAGING = "training/actions/staging.py"
# A kit destroys its root keys when it is wiped.
WIPING = "training/actions/kits_wiping.py"
# Shows where the root key comes from.
KEYS_PAGE = "oversight/queries/keys.py"


def codes(model: type[models.Model]) -> list[str | None]:
    return [each.id for each in checks.findings(model)]


def test_sound_models_have_no_findings() -> None:
    assert [*codes(Person), *codes(Note)] == []
    assert checks.check_sealed_models() == []


def test_order_index_and_uniqueness_are_refused() -> None:
    assert codes(Ordered) == ["vault.E003", "vault.E004", "vault.E004"]


def test_sealed_fields_need_a_model_with_a_key_and_a_zone() -> None:
    registry: Any = Apps()

    class Keyless(models.Model):
        name = SealedTextField()

        class Meta:
            app_label = "invented"
            apps = registry

        def __str__(self) -> str:
            return ""

    class Homeless(SealedModel):
        name = SealedTextField()

        class Meta:
            app_label = "invented"
            apps = registry

        def __str__(self) -> str:
            return ""

    assert codes(Keyless) == ["vault.E001"]
    assert codes(Homeless) == ["vault.E002"]
    Homeless.zone = Zone.JUSTICE
    assert codes(Homeless) == []


def test_migrations_see_a_plain_binary_column() -> None:
    for name in ("name", "needs"):
        _, path, args, options = Person.sealed_field(name).deconstruct()
        assert (path, args) == ("django.db.models.BinaryField", [])
        assert options == {"blank": True, "null": True}
    [key] = [each for each in Person._meta.local_fields if each.name == "data_key"]
    assert key.deconstruct()[1] == "django.db.models.UUIDField"


def vault_imports(path: Path) -> set[str]:
    """What a file imports of the vault: "module" or "module.name"."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            parts = [*node.module.split("."), ""]
            if parts[:2] == ["cairn", "vault"]:
                inside = ".".join(parts[2:-1])
                found |= {f"{inside}.{each.name}".lstrip(".") for each in node.names}
        elif isinstance(node, ast.Import):
            names = [each.name.split(".") for each in node.names]
            found |= {".".join(parts[2:]) for parts in names if parts[:2] == ["cairn", "vault"]}
    return found


def outside() -> dict[str, set[str]]:
    """Each file of another context with what it imports of the vault."""
    return {
        str(path.relative_to(SOURCE)): vault_imports(path)
        for path in sorted(SOURCE.rglob("*.py"))
        if path.relative_to(SOURCE).parts[0] != "vault" and "tests" not in path.parts
    }


def test_only_the_audited_reading_opens_sealed_values() -> None:
    openers = {path for path, names in outside().items() if names & {"opening", OPENER}}
    assert openers <= {READINGS, NOTES, STAGING}


def test_other_contexts_use_only_the_open_side_of_the_vault() -> None:
    found = outside()
    assert found[READINGS]
    strays = {
        path: {name for name in names if name.split(".")[0] not in OPEN_TO_ALL} - {UNREADABLE}
        for path, names in found.items()
        if path not in {READINGS, NOTES, STAGING, WIPING, KEYS_PAGE}
    }
    assert {path: names for path, names in strays.items() if names} == {}


@pytest.mark.parametrize("model", [Person, Note])
def test_sealed_fields_say_their_level_and_how_they_are_scrubbed(model: type[SealedModel]) -> None:
    assert all(each.level and each.scrub for each in model.sealed_fields())
