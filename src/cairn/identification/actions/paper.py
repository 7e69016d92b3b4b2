"""Every write about paper forms: printed, entered and sealed at once, destroyed."""

from typing import Any
from uuid import uuid4

from django.db import transaction

from cairn.access.permissions import Permission, person, require
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.storing import saved_as_new
from cairn.identification.actions import intake
from cairn.identification.models import PaperForm
from cairn.identification.queries import paper as queries
from cairn.identification.queries.indicators import edition_in_force
from cairn.identification.rules import paper as rules
from cairn.identification.rules.choices import Channel

# With a million serials one draw in two hundred is taken; ten in a row never are.
_TRIES = 10


@transaction.atomic
def print_forms(
    actor: Actor,
    receiver_code: str,
    count: int,
    *,
    language: str,
    profile: str,
    setting: str,
) -> list[PaperForm]:
    """Draw serials for `count` blanks of one unit; the caller makes the document.

    The list of signs in force is the one they are printed with and entered by.
    Raises ReceivingUnit.DoesNotExist, PermissionDenied, RuleBroken ("paper.count").
    """
    receiver = queries.find_unit(actor, Permission.PAPER_ENTER, receiver_code)
    require(actor, Permission.PAPER_ENTER, within=receiver)
    rules.check_count(count)
    edition = edition_in_force().code
    now = clock.now()
    made = [
        _drawn(
            PaperForm(
                receiver=receiver,
                edition=edition,
                language=language,
                profile=profile,
                setting=setting,
                printed_at=now,
                printed_by=actor.user_id,
            )
        )
        for _number in range(count)
    ]
    audit.record(actor, "paper.printed", receiver, count=count, language=language)
    return sorted(made, key=lambda form: form.serial)


def _drawn(form: PaperForm) -> PaperForm:
    for _try in range(_TRIES):
        form.serial = rules.drawn()
        if saved_as_new(form):
            return form
    raise RuntimeError("Ten serials in a row are taken.")


@transaction.atomic
def enter_form(
    actor: Actor, serial: str, content: dict[str, Any], identity: dict[str, Any] | None
) -> intake.Result:
    """Seal what stands on a paper form and take it in; nothing readable stays here.

    Raises PaperForm.DoesNotExist, PermissionDenied, RuleBroken ("paper.used", "paper.consent",
    "report.content", "report.list", "report.no-key").
    """
    rows = PaperForm.objects.visible_to(actor).select_for_update(of=("self",))
    form = rows.select_related("receiver").get(serial=serial)
    require(actor, Permission.PAPER_ENTER, within=form.receiver)
    rules.check_unused(form.entered_at, form.shredded_at)
    rules.check_content(identity is not None, str(content.get("consent", "")))
    now = clock.now()
    report_id = uuid4()
    result = intake.seal_and_receive(
        actor,
        form.receiver,
        {**content, "list": form.edition},
        identity,
        Channel.PAPER,
        form.profile,
        now,
        report_id,
    )
    form.entered_at, form.entered_by, form.report_id = now, person(actor), report_id
    form.save(update_fields=["entered_at", "entered_by", "report_id"])
    audit.record(actor, "paper.entered", form)
    return result


@transaction.atomic
def confirm_shredded(actor: Actor, serial: str) -> PaperForm:
    """Note that a paper is destroyed: one that was entered, or a blank that nobody will use.

    Raises PaperForm.DoesNotExist, PermissionDenied, RuleBroken ("paper.shredded").
    """
    rows = PaperForm.objects.visible_to(actor).select_for_update(of=("self",))
    form = rows.select_related("receiver").get(serial=serial)
    require(actor, Permission.PAPER_ENTER, within=form.receiver)
    rules.check_not_shredded(form.shredded_at)
    form.shredded_at, form.shredded_by = clock.now(), person(actor)
    form.save(update_fields=["shredded_at", "shredded_by"])
    audit.record(actor, "paper.shredded", form, was_entered=form.entered_at is not None)
    return form
