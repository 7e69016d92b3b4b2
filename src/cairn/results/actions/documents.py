"""Writes about documents and their sections: what they are about, and the words around figures."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.results.documents.kinds import kind_of, read_parameters
from cairn.results.models import Document, Section
from cairn.results.rules import documents as rules
from cairn.results.rules.fields import check_narrative


@transaction.atomic
def create_document(
    actor: Actor,
    kind: str,
    code: str,
    title: str,
    language: str,
    typed: Mapping[str, str],
) -> Document:
    """Begin a document. `typed`: its parameters as somebody wrote them.

    Raises PermissionDenied, RuleBroken ("document.kind", "document.parameter", "document.code",
    "document.figure": the title holds a number).
    """
    require(actor, Permission.DOCUMENT_EDIT)
    check_narrative(title)
    now = clock.now()
    document = Document(
        kind=kind_of(kind).code,
        code=code,
        title=title,
        language=language,
        parameters=read_parameters(kind_of(kind), typed),
        writers=_with(actor, []),
        made_at=now,
        made_by=actor.user_id,
        changed_at=now,
    )
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError:
        raise RuleBroken(
            "document.code",
            _("There is a document “%(code)s” already.") % {"code": code},
            _("Choose another code."),
        ) from None
    audit.record(actor, "document.created", document, kind=kind, reference=code)
    return document


@transaction.atomic
def edit_document(
    actor: Actor, code: str, title: str, language: str, typed: Mapping[str, str], *, version: int
) -> Document:
    """Change what a document is about. `version`: the one that the writer was shown.

    Raises Document.DoesNotExist, PermissionDenied, RuleBroken ("document.version",
    "document.parameter", "document.figure").
    """
    document = locked(actor, code)
    require(actor, Permission.DOCUMENT_EDIT)
    rules.check_version(document.version, version)
    check_narrative(title)
    document.title, document.language = title, language
    document.parameters = read_parameters(kind_of(document.kind), typed)
    document.version += 1
    _written(actor, document)
    audit.record(actor, "document.changed", document, reference=code)
    return document


def locked(actor: Actor, code: str) -> Document:
    """The document, held until the transaction ends. Raises Document.DoesNotExist."""
    return Document.objects.visible_to(actor).select_for_update().get(code=code)


@transaction.atomic
def write_section(
    actor: Actor,
    code: str,
    values: Mapping[str, Any],
    *,
    section_id: UUID | None = None,
    version: int = 0,
) -> Section:
    """Write a section, a new one or one that stands. `values`: part, number, heading, text.

    Raises Document.DoesNotExist, Section.DoesNotExist, PermissionDenied, RuleBroken
    ("document.version", "document.field", "document.figure", "document.part").
    """
    document = locked(actor, code)
    require(actor, Permission.DOCUMENT_EDIT)
    _check(document, values)
    if section_id is None:
        section = Section(document=document, version=0)
    else:
        rows = Section.objects.visible_to(actor).filter(document=document)
        section = rows.select_for_update().get(pk=section_id)
        rules.check_version(section.version, version)
    for name in ("part", "number", "heading", "text"):
        setattr(section, name, values[name])
    section.version += 1
    section.save()
    _written(actor, document)
    audit.record(actor, "document.written", document, reference=code, section=str(section.pk))
    return section


@transaction.atomic
def remove_section(actor: Actor, code: str, section_id: UUID, *, version: int) -> None:
    """Take a section out. Issues that came out keep it.

    Raises Document.DoesNotExist, Section.DoesNotExist, PermissionDenied, RuleBroken
    ("document.version").
    """
    document = locked(actor, code)
    require(actor, Permission.DOCUMENT_EDIT)
    rows = Section.objects.visible_to(actor).filter(document=document)
    section = rows.select_for_update().get(pk=section_id)
    rules.check_version(section.version, version)
    section.delete()
    _written(actor, document)
    audit.record(actor, "document.shortened", document, reference=code, section=str(section_id))


def _check(document: Document, values: Mapping[str, Any]) -> None:
    known = {"", *(part for part, _label in kind_of(document.kind).parts)}
    if values["part"] not in known:
        raise RuleBroken(
            "document.part",
            _("This kind of document has no part “%(part)s”.") % {"part": values["part"]},
            _("Choose one of the parts."),
        )
    check_narrative(values["heading"])
    check_narrative(values["text"])


def _with(actor: Actor, writers: list[str]) -> list[str]:
    return sorted({*writers, str(actor.user_id)} if actor.user_id else {*writers})


def _written(actor: Actor, document: Document) -> None:
    """Who wrote is known until the next issue comes out: no writer reviews it."""
    document.writers = _with(actor, document.writers)
    document.changed_at = clock.now()
    document.save()
