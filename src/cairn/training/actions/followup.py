"""Every write about questionnaires: waves, invitations, answers, who could not be reached."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.core import audit
from cairn.core.actor import PUBLIC, Actor
from cairn.core.classification import Zone
from cairn.core.errors import RuleBroken
from cairn.training.actions.steps import locked_event, require_run
from cairn.training.models import (
    Enrolment,
    Instrument,
    SurveyInvitation,
    SurveyResponse,
    SurveyWave,
)
from cairn.training.rules import questionnaires as rules
from cairn.training.rules.choices import InstrumentKind
from cairn.training.rules.states import EnrolmentState
from cairn.vault import blind

_TOKEN_SIGNS = 16  # 64 bits: with the limit on tries, nobody guesses one
ASKED = (EnrolmentState.STARTED, EnrolmentState.COMPLETED, EnrolmentState.INCOMPLETE)
State = SurveyInvitation.State


def tokens(invitations: Iterable[SurveyInvitation]) -> list[str]:
    """The tokens of invitations ("3f0a-19bc-…"), computed again for print; nothing stores them."""
    ids = [str(each.pk) for each in invitations]
    return [
        "-".join(code[at : at + 4] for at in range(0, _TOKEN_SIGNS, 4))
        for code in blind.indexes(Zone.PROGRAMME, "survey-token", ids)
    ]


def digest(token: str) -> str:
    """SHA-256 of a token as people type it: hyphens, spaces and capitals do not matter."""
    signs = "".join(sign for sign in token.lower() if sign.isalnum())
    return hashlib.sha256(signs.encode()).hexdigest()


def instrument(kind: InstrumentKind) -> Instrument:
    """The questionnaire of this kind that comes with the system, made on first use."""
    title, items = rules.QUESTIONNAIRES[kind]
    made, _new = Instrument.objects.get_or_create(
        code=kind.value[:20],
        defaults={"kind": kind, "title": title, "questions": [each.as_json() for each in items]},
    )
    return made


@transaction.atomic
def open_wave(
    actor: Actor,
    reference: str,
    kind: InstrumentKind,
    *,
    months: int,
    opens_on: date,
    closes_on: date,
) -> SurveyWave:
    """Ask the participants of an event, or their supervisors; invites all who came at once.

    Raises TrainingEvent.DoesNotExist, PermissionDenied, RuleBroken ("wave.days", "wave.twice").
    """
    event = locked_event(actor, reference)
    require_run(actor, event)
    if closes_on < opens_on:
        raise RuleBroken("wave.days", _("It would close before it opens."))
    wave, made = SurveyWave.objects.get_or_create(
        event=event,
        instrument=instrument(kind),
        months=months,
        defaults={"opens_on": opens_on, "closes_on": closes_on},
    )
    if not made:
        raise RuleBroken(
            "wave.twice",
            _("This questionnaire goes out after so many months already."),
            _("Choose another number of months, or invite late participants to that one."),
        )
    invited = _invite(wave)
    audit.record(actor, "survey_wave.opened", wave, kind=kind.value, months=months, count=invited)
    return wave


@transaction.atomic
def invite_missing(actor: Actor, wave: SurveyWave) -> int:
    """Invite participants who came after the wave was opened; returns how many."""
    event = locked_event(actor, wave.event.reference)
    require_run(actor, event)
    count = _invite(wave)
    if count:
        audit.record(actor, "survey_wave.invited", wave, count=count)
    return count


def _invite(wave: SurveyWave) -> int:
    is_supervisor = wave.instrument.kind == InstrumentKind.APPLICATION_SUPERVISOR
    asked = Enrolment.objects.filter(event=wave.event_id, state__in=ASKED).exclude(
        invitations__wave=wave, invitations__is_supervisor=is_supervisor
    )
    made = [
        SurveyInvitation(wave=wave, enrolment=each, is_supervisor=is_supervisor) for each in asked
    ]
    for each, token in zip(made, tokens(made), strict=True):
        each.token_digest = digest(token)
    SurveyInvitation.objects.bulk_create(made)
    return len(made)


@transaction.atomic
def answer(token: str, given: Mapping[str, Any], *, language: str, today: date) -> SurveyResponse:
    """Take the answers that come with a token, once. Who answered is kept apart from what.

    Raises SurveyInvitation.DoesNotExist, RuleBroken ("survey.answered", "survey.closed",
    "survey.answer", "survey.empty").
    """
    rows = SurveyInvitation.objects.select_for_update(of=("self",))
    found = rows.select_related("wave__instrument", "enrolment").get(token_digest=digest(token))
    check_open(found, today=today)
    answers = {}
    for item in found.wave.instrument.questions:
        value = rules.check_answer(item, given.get(item["code"]))
        if value is not None:
            answers[item["code"]] = value
    if not answers:
        raise RuleBroken(
            "survey.empty",
            _("Nothing was answered yet."),
            _("Answer at least one question, or close the page."),
        )
    found.state, found.answered_on = State.ANSWERED, today
    found.save(update_fields=["state", "answered_on"])
    response = SurveyResponse.objects.create(
        wave=found.wave,
        is_supervisor=found.is_supervisor,
        language=language,
        sex=found.enrolment.sex,
        country=found.enrolment.country,
        answers=answers,
        # The day of the wave, not of the answer: a day could lead back to the person.
        answered_on=found.wave.closes_on,
    )
    audit.record(PUBLIC, "survey.answered", found.wave)
    return response


def check_open(invitation: SurveyInvitation, *, today: date) -> None:
    """Raise RuleBroken ("survey.answered", "survey.closed", "survey.not-open") unless it is
    open."""
    wave = invitation.wave
    if invitation.state == State.ANSWERED:
        raise RuleBroken("survey.answered", _("This was answered already. Thank you."))
    if today > wave.closes_on:
        raise RuleBroken("survey.closed", _("This questionnaire is closed."))
    if today < wave.opens_on:
        raise RuleBroken("survey.not-open", _("This questionnaire is not open yet."))


@transaction.atomic
def note_unreached(actor: Actor, invitation: SurveyInvitation, state: str) -> SurveyInvitation:
    """Note that somebody could not be reached, or is no longer to be asked; or take that back.

    Raises SurveyInvitation.DoesNotExist, PermissionDenied, RuleBroken("survey.answered").
    """
    rows = SurveyInvitation.objects.select_for_update(of=("self",))
    found = rows.select_related("wave__event").get(pk=invitation.pk)
    require_run(actor, found.wave.event)
    if found.state == State.ANSWERED:
        raise RuleBroken("survey.answered", _("This was answered already. Thank you."))
    found.state = State(state)
    found.save(update_fields=["state"])
    audit.record(actor, "survey_invitation.noted", found.wave, state=state)
    return found


@transaction.atomic
def note_reminder(actor: Actor, wave: SurveyWave) -> int:
    """Note that everybody who has not answered was reminded; returns how many that are."""
    event = locked_event(actor, wave.event.reference)
    require_run(actor, event)
    count = 0
    for each in wave.invitations.filter(state=State.INVITED).select_for_update(of=("self",)):
        each.reminders += 1
        each.save(update_fields=["reminders"])
        count += 1
    audit.record(actor, "survey_wave.reminded", wave, count=count)
    return count
