"""Writes about training events: plan, change, move on, parties, materials, calendar."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.core import audit, clock, pseudonyms
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.core.storing import saved_as_new
from cairn.portfolio.models import Event as PrintedEvent
from cairn.portfolio.models import Project
from cairn.training.actions import cascade, enrolments, steps
from cairn.training.actions.editions import freeze_plan
from cairn.training.models import (
    CoursePlan,
    EventParty,
    Material,
    ModuleVersion,
    TrainingEvent,
    TrainingSession,
)
from cairn.training.rules import events as rules
from cairn.training.rules.choices import TEACHING, EventKind, Participation, PartyRole
from cairn.training.rules.states import DELIVERED, EVENT_MOVES, EventState, check_move

# Words that stand in addresses where a reference could stand.
RESERVED = frozenset({"new", "export", "find"})
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
_TRIES = 20


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What is known of an event when it is entered or changed; see models.TrainingEvent.

    `reference` empty: the next free one ("T001").
    """

    title: str
    kind: EventKind
    organisation: Organisation
    participation: Participation = Participation.NAMED
    reference: str = ""
    project: Project | None = None
    activity: str = ""
    budget_line: str = ""
    cost_usd: Decimal | None = None
    parent: TrainingEvent | None = None
    printed: PrintedEvent | None = None
    country: str = ""
    place_countries: Sequence[str] = ()
    from_countries: Sequence[str] = ()
    place: str = ""
    area: str = ""
    starts: str = ""
    ends: str = ""
    time_zone: str = "UTC"
    languages: Sequence[str] = ()
    plan: CoursePlan | None = None
    versions: Sequence[ModuleVersion] = field(default_factory=tuple)
    seats: int | None = None
    is_generation_root: bool = False
    source: str = ""


_PLAIN = (
    "title", "kind", "organisation", "participation", "project", "activity", "budget_line",
    "cost_usd", "parent", "printed", "country", "place", "area", "starts", "ends", "time_zone",
    "plan", "seats", "is_generation_root", "source",
)  # fmt: skip
_LISTS = ("place_countries", "from_countries", "languages")
# What calendars show: a change of these raises the number by which they tell versions apart.
_IN_CALENDAR = ("place", "country", "starts", "ends", "time_zone")


@transaction.atomic
def create_event(actor: Actor, facts: EventFacts) -> TrainingEvent:
    """Enter an event as an idea.

    Raises PermissionDenied, PartialDateRefused, RuleBroken ("training_event.days",
    "training_event.zone", "training_event.reference").
    """
    event = _new(facts)
    require(actor, Permission.TRAINING_EDIT, within=event)
    return _enter(actor, event, facts)


@transaction.atomic
def create_reported(actor: Actor, facts: EventFacts) -> TrainingEvent:
    """Enter an event that has taken place and is known by counts only, as delivered.

    For whoever reports trainings; raises as `create_event`.
    """
    event = _new(facts)
    require(actor, Permission.OUTCOME_REPORT, within=event)
    event.state = EventState.DELIVERED
    return _enter(actor, event, facts)


def _new(facts: EventFacts) -> TrainingEvent:
    event = TrainingEvent(created_at=clock.now(), secret=secrets.token_urlsafe(32))
    _fill(event, facts)
    return event


def _enter(actor: Actor, event: TrainingEvent, facts: EventFacts) -> TrainingEvent:
    _check(facts)
    _save_new(event, facts.reference.strip())
    event.versions.set(facts.versions)
    steps.record_step(actor, event, "", event.state)
    audit.record(actor, "training_event.created", event, reference=event.reference)
    return event


def _fill(event: TrainingEvent, facts: EventFacts) -> None:
    for name in _PLAIN:
        setattr(event, name, getattr(facts, name))
    for name in _LISTS:
        setattr(event, name, list(getattr(facts, name)))


def _check(facts: EventFacts) -> None:
    rules.check_days(facts.starts, facts.ends)
    rules.check_zone(facts.time_zone)


def _save_new(event: TrainingEvent, reference: str) -> None:
    """Insert with the given reference, or the next free one, and a join code of its own."""
    if reference and (not _REFERENCE.fullmatch(reference) or reference.casefold() in RESERVED):
        raise RuleBroken(
            "training_event.reference",
            _("“%(reference)s” cannot be a reference.") % {"reference": reference},
            _("Use letters, digits, points and hyphens, such as T001."),
        )
    for _attempt in range(_TRIES):
        event.join_code = pseudonyms.drawn()
        event.reference = reference or next_reference()
        if saved_as_new(event):
            return
        if TrainingEvent.objects.filter(reference=event.reference).exists() and reference:
            raise RuleBroken(
                "training_event.reference",
                _("Another event has the reference “%(reference)s”.") % {"reference": reference},
                _("Choose another reference, or leave it empty for the next free one."),
            )
    raise RuntimeError("Twenty references in a row are taken.")


def next_reference() -> str:
    """The next free reference, "T001" and on. One query."""
    taken = TrainingEvent.objects.filter(reference__regex=r"^T[0-9]+$").values_list(
        "reference", flat=True
    )
    return f"T{max((int(each[1:]) for each in taken), default=0) + 1:03}"


@transaction.atomic
def edit_event(actor: Actor, reference: str, facts: EventFacts, *, version: int) -> TrainingEvent:
    """Change what is known of an event. `version`: of the event that the person looked at.

    Raises TrainingEvent.DoesNotExist, PermissionDenied, and RuleBroken: those of `create_event`,
    "training_event.changed", "training_event.closed", "training_event.sessions",
    "training_event.participation", "kit.checked-out".
    """
    event = steps.locked_event(actor, reference)
    require(actor, Permission.TRAINING_EDIT, within=event)
    check_open(event)
    steps.check_kept_here(event)
    if event.version != version:
        raise RuleBroken(
            "training_event.changed",
            _("Somebody else changed this event while you were writing."),
            _("Look at what it says now, and send your change again."),
        )
    before = {name: getattr(event, name) for name in (*_PLAIN, *_LISTS)}
    _fill(event, facts)
    require(actor, Permission.TRAINING_EDIT, within=event)
    _check(facts)
    _check_sessions_inside(event)
    _check_participation(event, str(before["participation"]))
    changed = sorted(name for name, value in before.items() if getattr(event, name) != value)
    if set(changed) & set(_IN_CALENDAR):
        event.changes += 1
    event.version += 1
    event.save()
    if event.edition_id is None:
        event.versions.set(facts.versions)
    audit.record(actor, "training_event.changed", event, fields=changed)
    if event.state in DELIVERED:
        cascade.event_changed(event.pk)
    return event


def check_open(event: TrainingEvent) -> None:
    """Raise RuleBroken("training_event.closed") for an event that is closed or called off."""
    if event.state in {EventState.CLOSED, EventState.CANCELLED}:
        raise RuleBroken(
            "training_event.closed",
            _("The event is “%(state)s”: it does not change any more.")
            % {"state": EventState(event.state).label},
        )


def _check_sessions_inside(event: TrainingEvent) -> None:
    zone = rules.check_zone(event.time_zone)
    for session in event.sessions.all():
        try:
            rules.check_session(
                session.starts_at, session.ends_at, starts=event.starts, ends=event.ends, zone=zone
            )
        except RuleBroken as refusal:
            raise RuleBroken(
                "training_event.sessions",
                _("The session “%(title)s” would lie outside the days of the event.")
                % {"title": session.title},
                _("Move the session first."),
            ) from refusal


def _check_participation(event: TrainingEvent, before: str) -> None:
    if event.participation != before and (event.enrolments.exists() or hasattr(event, "report")):
        raise RuleBroken(
            "training_event.participation",
            _("The event has participants or counts already."),
            _("Whether it keeps persons or counts only is decided before anybody is entered."),
        )


@transaction.atomic
def move_event(actor: Actor, reference: str, to: EventState, reason: str = "") -> TrainingEvent:
    """Take an event one step along its states.

    Its own trainers may start it and say that it was delivered; every other step is for whoever
    plans training at its place. Starting freezes the course plan; delivering settles who completed.
    Raises TrainingEvent.DoesNotExist, PermissionDenied, RuleBroken ("training_event.move",
    "training_event.reason", "training_event.not-ready", "kit.checked-out").
    """
    event = steps.locked_event(actor, reference)
    if to in rules.BY_TRAINERS:
        steps.require_run(actor, event)
    else:
        require(actor, Permission.TRAINING_EDIT, within=event)
    steps.check_kept_here(event)
    check_move(EVENT_MOVES, EventState(event.state), to, "training_event.move")
    rules.check_move_reason(to, reason)
    rules.check_ready(
        to,
        starts=event.starts,
        is_named=event.participation == Participation.NAMED,
        sessions=event.sessions.count(),
        teachers=event.staffing.filter(role__in=TEACHING).count(),
        refused=event.refused.filter(resolved_at=None).count(),
        today=timezone.localdate(),
    )
    steps.move(actor, event, EVENT_MOVES, to, code="training_event.moved", reason=reason)
    touch(event)
    if to == EventState.RUNNING:
        freeze_plan(event)
    if to == EventState.DELIVERED:
        enrolments.settle(actor, event)
    return event


def touch(event: TrainingEvent) -> None:
    """Count a change that calendars must show."""
    TrainingEvent.objects.filter(pk=event.pk).update(
        changes=F("changes") + 1, version=F("version") + 1
    )
    event.refresh_from_db(fields=["changes", "version"])


def _editable(actor: Actor, reference: str) -> TrainingEvent:
    event = steps.locked_event(actor, reference)
    require(actor, Permission.TRAINING_EDIT, within=event)
    check_open(event)
    steps.check_kept_here(event)
    return event


@transaction.atomic
def add_party(
    actor: Actor, reference: str, organisation: Organisation, role: PartyRole
) -> EventParty:
    """Enter who hosts, cooperates, supports or pays.

    Raises TrainingEvent.DoesNotExist, PermissionDenied, RuleBroken ("party.twice").
    """
    event = _editable(actor, reference)
    party = EventParty(event=event, organisation=organisation, role=role)
    if not saved_as_new(party):
        raise RuleBroken(
            "party.twice", _("This organisation stands there in this part already."), ""
        )
    audit.record(
        actor, "training_event.party_added", event, organisation=organisation.slug, role=role.value
    )
    return party


@transaction.atomic
def remove_party(actor: Actor, reference: str, party_id: UUID) -> None:
    """Take a party off an event. Raises EventParty.DoesNotExist, PermissionDenied."""
    event = _editable(actor, reference)
    party = event.parties.select_related("organisation").get(pk=party_id)
    audit.record(
        actor,
        "training_event.party_removed",
        event,
        organisation=party.organisation.slug,
        role=party.role,
    )
    party.delete()


@transaction.atomic
def add_material(
    actor: Actor,
    reference: str,
    *,
    title: str,
    language: str = "",
    link: str = "",
    note: str = "",
    session: TrainingSession | None = None,
) -> Material:
    """Enter a document that participants get. Its trainers may do so too.

    Raises TrainingEvent.DoesNotExist, PermissionDenied, RuleBroken ("training_event.closed").
    """
    event = steps.locked_event(actor, reference)
    steps.require_run(actor, event)
    check_open(event)
    material = Material.objects.create(
        event=event, session=session, title=title, language=language, link=link, note=note
    )
    audit.record(actor, "training_event.material_added", event)
    return material


@transaction.atomic
def remove_material(actor: Actor, reference: str, material_id: UUID) -> None:
    """Take a document off an event. Raises Material.DoesNotExist, PermissionDenied."""
    event = steps.locked_event(actor, reference)
    steps.require_run(actor, event)
    check_open(event)
    event.materials.get(pk=material_id).delete()
    audit.record(actor, "training_event.material_removed", event)


@transaction.atomic
def renew_secret(actor: Actor, reference: str) -> TrainingEvent:
    """Give the event's calendar a new address; the old one stops working at once.

    Raises TrainingEvent.DoesNotExist, PermissionDenied.
    """
    event = steps.locked_event(actor, reference)
    steps.require_run(actor, event)
    event.secret = secrets.token_urlsafe(32)
    event.save(update_fields=["secret"])
    audit.record(actor, "training_event.calendar_renewed", event)
    return event
