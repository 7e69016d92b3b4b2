"""Declarations: every stored field has one, and whatever is wrong with one is named."""

from collections.abc import Callable

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps
from django.utils.translation import gettext_lazy as _

from cairn.core import classification
from cairn.core.classification import (
    DECLARATIONS,
    EVERYBODY,
    ONESELF,
    STORES,
    Level,
    Retention,
    Scrub,
    Store,
    Zone,
    concrete_fields,
    declare,
    declare_store,
    findings,
    keep,
    stored_models,
)
from cairn.vault.fields import (
    SealedElsewhereField,
    SealedField,
    SealedModel,
    SealedTextField,
)

NEVER = Retention(None, "", _("An invented rule."))

World = Callable[..., None]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A world of the models given, in which nothing is declared."""

    def build(*stored: type[models.Model]) -> None:
        monkeypatch.setattr(classification, "stored_models", lambda: list(stored))
        monkeypatch.setattr(classification, "DECLARATIONS", {})

    return build


def make_note() -> type[models.Model]:
    with isolate_apps("cairn.core"):

        class Note(models.Model):
            text = models.TextField()
            written_on = models.DateField()

            class Meta:
                app_label = "core"

            def __str__(self) -> str:
                return "note"

    return Note


def declare_note(names: str = "id text written_on", retention: Retention = NEVER) -> None:
    declare(
        "core.Note",
        Zone.PROGRAMME,
        _("An invented note."),
        purpose=_("None."),
        retention=retention,
        internal=names,
    )


def test_every_stored_field_is_declared() -> None:
    assert findings() == []


def test_the_check_sees_models_of_ours_and_of_libraries() -> None:
    labels = {model._meta.label for model in stored_models()}
    assert {"access.User", "sessions.Session", "auth.Group_permissions"} <= labels
    assert "id" in set(concrete_fields(next(m for m in stored_models() if m.__name__ == "Tool")))


def test_an_undeclared_model_is_named(world: World) -> None:
    world(make_note())
    assert findings() == ["core.Note is not declared: add it to the declarations.py of its app."]


def test_a_field_that_was_added_is_named(world: World) -> None:
    world(make_note())
    declare_note("id written_on")
    assert findings() == ["core.Note.text is not declared."]


def test_a_field_that_is_gone_is_named(world: World) -> None:
    world(make_note())
    declare_note("id text written_on author")
    assert findings() == ["core.Note.author is declared but gone."]


def test_a_model_that_is_gone_is_named(world: World) -> None:
    world()
    declare_note()
    assert findings() == ["core.Note is declared but gone."]


def test_a_model_declared_twice_is_refused(world: World) -> None:
    world(make_note())
    declare_note()
    with pytest.raises(ValueError, match=r"core\.Note is declared twice"):
        declare_note()


def test_a_field_in_two_levels_is_refused(world: World) -> None:
    world(make_note())
    with pytest.raises(ValueError, match=r"core\.Note\.text is declared twice"):
        declare(
            "core.Note",
            Zone.PROGRAMME,
            _("An invented note."),
            purpose=_("None."),
            retention=NEVER,
            internal="id text",
            personal="text",
        )


def test_a_scrub_rule_for_no_field_is_refused(world: World) -> None:
    world(make_note())
    with pytest.raises(ValueError, match=r"core\.Note\.author has a scrub rule"):
        declare(
            "core.Note",
            Zone.PROGRAMME,
            _("An invented note."),
            purpose=_("None."),
            retention=NEVER,
            internal="id text",
            scrub=keep("author"),
        )


@pytest.mark.parametrize(
    ("retention", "said"),
    [
        (Retention(5, "closed_on", _("x")), "counted from closed_on, which is no field of it."),
        (Retention(5, "text", _("x")), "counted from text, which is no date."),
        (Retention(5, "", _("x")), "has days and nothing that they are counted from."),
        (Retention(None, "", _("x"), follows="text"), "follows text, which is no key of it."),
        (Retention(None, "", _("x"), follows="case"), "follows case, which is no key of it."),
    ],
)
def test_a_retention_that_cannot_be_counted_is_named(
    world: World, retention: Retention, said: str
) -> None:
    world(make_note())
    declare_note(retention=retention)
    assert findings() == [f"core.Note: retention {'is ' * ('counted' in said[:8])}{said}"]


def make_letter() -> type[models.Model]:
    with isolate_apps("cairn.core"):

        class Letter(SealedModel):
            zone = Zone.PROTECTION
            text = SealedTextField()

            class Meta:
                app_label = "core"

            def __str__(self) -> str:
                return "letter"

    return Letter


def declare_letter(internal: str, sealed: str, opened_with: str) -> None:
    declare(
        "core.Letter",
        Zone.PROTECTION,
        _("An invented letter."),
        purpose=_("None."),
        retention=NEVER,
        internal=internal,
        sealed=sealed,
        opened_with=opened_with,
    )


def test_sealed_fields_that_nobody_may_open_are_named(world: World) -> None:
    world(make_letter())
    declare_letter("id data_key", "text", "")
    assert findings() == ["core.Letter has sealed fields, and nobody is named who may open them."]


def test_a_sealed_field_that_is_declared_harmless_is_named(world: World) -> None:
    world(make_letter())
    declare_letter("id data_key text", "", "")
    assert findings() == ["core.Letter.text is stored as sealed and declared as internal."]


def test_a_field_that_is_declared_sealed_and_stored_in_clear_is_named(world: World) -> None:
    world(make_note())
    declare(
        "core.Note",
        Zone.PROGRAMME,
        _("An invented note."),
        purpose=_("None."),
        retention=NEVER,
        internal="id written_on",
        sealed="text",
        opened_with="person:open",
    )
    assert findings() == ["core.Note.text is declared sealed and stored in clear."]


def test_scrubbing_follows_the_level_unless_a_rule_says_otherwise(world: World) -> None:
    world(make_note())
    declare(
        "core.Note",
        Zone.PROGRAMME,
        _("An invented note."),
        purpose=_("None."),
        retention=NEVER,
        internal="id",
        personal="text written_on",
        scrub=keep("written_on"),
    )
    note = classification.DECLARATIONS["core.Note"]
    scrubs = [note.scrub_of(name) for name in ("id", "text", "written_on")]
    assert scrubs == [Scrub.KEEP, Scrub.INVENT, Scrub.KEEP]
    assert note.highest == Level.PERSONAL


def test_a_store_declared_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="declared twice"):
        declare_store(next(iter(STORES.values())))


@pytest.mark.django_db
def test_every_table_is_a_model_or_a_declared_store() -> None:
    known = {model._meta.db_table for model in stored_models()}
    known |= {store.table for store in STORES.values() if store.table}
    assert set(connection.introspection.table_names()) - known == set()


def test_nothing_about_a_person_of_concern_is_shown_to_everybody() -> None:
    harmful = {Level.SENSITIVE, Level.SEALED}
    shown = [
        declaration.label
        for declaration in DECLARATIONS.values()
        if harmful & set(declaration.levels.values()) and EVERYBODY in declaration.seen_with
    ]
    assert shown == []


def test_programme_records_hold_nothing_about_persons_of_concern() -> None:
    found = [
        declaration.label
        for declaration in DECLARATIONS.values()
        if declaration.zone == Zone.PROGRAMME and Level.SENSITIVE in declaration.levels.values()
    ]
    assert found == []


def test_what_is_sealed_in_the_programme_are_names_of_those_who_are_trained() -> None:
    found = {
        declaration.label
        for declaration in DECLARATIONS.values()
        if declaration.zone == Zone.PROGRAMME and Level.SEALED in declaration.levels.values()
    }
    assert found == {
        "training.Credential",
        "training.Practitioner",
        "training.StagedFile",
        "training.VettingCheck",
    }


def test_names_of_staff_never_reach_a_scrubbed_copy() -> None:
    kept_names = [
        f"{declaration.label}.{name}"
        for declaration in DECLARATIONS.values()
        for name in ("username", "display_name", "author_name", "explained_by", "password")
        if name in declaration.levels and declaration.scrub_of(name) == Scrub.KEEP
    ]
    assert kept_names == []


def test_words_of_who_sees_are_permissions_or_the_two_known_words() -> None:
    from cairn.access.permissions import Permission

    known = {permission.value for permission in Permission} | {EVERYBODY, ONESELF}
    unknown = [
        (declaration.label, word)
        for declaration in DECLARATIONS.values()
        for word in (*declaration.seen_with, *declaration.opened_with)
        if word not in known
    ]
    assert unknown == []


def sealed_columns() -> set[str]:
    return {
        f"{model._meta.label}.{field.name}"
        for model in stored_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedField | SealedElsewhereField)
    }


def test_sealed_fields_are_declared_sealed_and_nothing_else_is() -> None:
    declared = {
        f"{declaration.label}.{name}"
        for declaration in DECLARATIONS.values()
        for name in declaration.fields_of(Level.SEALED)
    }
    assert sealed_columns()
    assert declared == sealed_columns()


def test_a_sealed_field_says_of_itself_what_its_declaration_says() -> None:
    differing = [
        f"{model._meta.label}.{field.name}"
        for model in stored_models()
        for field in model._meta.concrete_fields
        if isinstance(field, SealedField)
        and (
            field.level != DECLARATIONS[model._meta.label].levels[field.name]
            or DECLARATIONS[model._meta.label].scrub_of(field.name)
            not in {field.scrub, Scrub.DROP_ROW}
        )
    ]
    assert differing == []


def test_a_sealed_record_lives_in_the_zone_whose_keys_seal_it() -> None:
    elsewhere = [
        model._meta.label
        for model in stored_models()
        if issubclass(model, SealedModel) and DECLARATIONS[model._meta.label].zone != model.zone
    ]
    assert elsewhere == []


def test_records_with_sealed_fields_never_reach_a_scrubbed_copy_whole() -> None:
    kept_values = [
        f"{declaration.label}.{name}"
        for declaration in DECLARATIONS.values()
        for name in declaration.fields_of(Level.SEALED)
        if declaration.scrub_of(name) not in {Scrub.BLANK, Scrub.DROP_ROW}
    ]
    assert kept_values == []


def test_a_store_needs_no_table() -> None:
    assert {isinstance(store, Store) for store in STORES.values()} == {True}
    assert any(not store.table for store in STORES.values())
