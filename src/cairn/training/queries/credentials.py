"""Reads about certificates: what each is worth today, who is due one, and what a checker learns."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from cairn.access.queries import SYSTEM
from cairn.core.actor import Actor
from cairn.core.pseudonyms import ALPHABET
from cairn.oversight.queries.people import names
from cairn.training.models import (
    Credential,
    CredentialType,
    Enrolment,
    Practitioner,
    Step,
    TrainingConsent,
    TrainingEvent,
)
from cairn.training.openbadges.checking import Verdict, judged
from cairn.training.openbadges.compact import Certificate
from cairn.training.rules.choices import CredentialKind
from cairn.training.rules.states import CredentialState, EnrolmentState

# What follows from an event by its rule; the other kinds follow from a qualification or a team.
EVENT_KINDS = (CredentialKind.ATTENDANCE, CredentialKind.ACHIEVEMENT)
# Codes are three groups of three signs: 24^9, so that guessing finds nothing.
GROUPS, GROUP = 3, 3
_FULL_DATE = len("2025-02-03")


def tidied(typed: str) -> str:
    """A code as people type it ("k7qm2r9hw") in its written form; "" when it is none."""
    signs = "".join(sign for sign in typed.upper() if not sign.isspace() and sign not in "-‐‑–—")
    if len(signs) != GROUPS * GROUP or set(signs) - set(ALPHABET):
        return ""
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def starts_at(day: date) -> datetime:
    """When a certificate valid from `day` begins: the first moment of the day, UTC."""
    return datetime.combine(day, time(), tzinfo=UTC)


def ends_at(last: date | None) -> datetime | None:
    """When one that is valid until `last` ends: `last` is its last whole day, UTC."""
    return None if last is None else starts_at(last) + timedelta(days=1)


def last_day(end: datetime | None) -> date | None:
    """The last whole day before `end`; None for what does not end."""
    return None if end is None else (end - timedelta(seconds=1)).date()


def verdict_of(credential: Credential, *, now: datetime) -> Verdict:
    """What the certificate is worth; expiry is computed, never stored."""
    return judged(
        is_revoked=credential.state == CredentialState.REVOKED,
        is_suspended=credential.state == CredentialState.SUSPENDED,
        is_superseded=credential.state == CredentialState.SUPERSEDED,
        valid_from=starts_at(credential.valid_from),
        valid_until=ends_at(credential.valid_until),
        now=now,
    )


def texts_of(kind: CredentialType, language: str) -> tuple[str, str]:
    """(name, criteria) of a type in `language`, else in English, else its kind and nothing."""
    texts = kind.texts.get(language) or kind.texts.get("en") or {}
    with override(language):
        name = str(texts.get("name") or kind.get_kind_display())
    return name, str(texts.get("criteria") or "")


def title_of(credential: Credential) -> str:
    """What it is for, in its own language: the event, else the name of its type."""
    if credential.event is not None:
        return credential.event.title
    return texts_of(credential.type, credential.language)[0]


def issuer_of(credential: Credential) -> str:
    """Who issued it, in the certificate's own language."""
    with override(credential.language):
        return credential.organisation.display_name


def days_of(event: TrainingEvent | None) -> tuple[date, date] | None:
    """First and last day of an event whose dates are known to the day, else None."""
    if event is None or not len(event.starts) == len(event.ends) == _FULL_DATE:
        return None
    return date.fromisoformat(event.starts), date.fromisoformat(event.ends)


def certificate_of(credential: Credential, holder: str = "") -> Certificate:
    """What a certificate says when it is signed. `holder`: the name as its holder agreed to it."""
    days = days_of(credential.event)
    return Certificate(
        number=credential.code,
        kind=credential.type.kind,
        title=title_of(credential),
        issued_at=starts_at(credential.issued_on),
        valid_from=starts_at(credential.valid_from),
        valid_until=ends_at(credential.valid_until),
        status_index=credential.status_index,
        starts=days[0] if days else None,
        ends=days[1] if days else None,
        holder=holder,
        issuer=issuer_of(credential),
    )


def whole(rows: QuerySet[Credential]) -> QuerySet[Credential]:
    """`rows` with what certificates are shown with."""
    return rows.select_related("type", "event", "practitioner", "organisation", "successor_of")


def find(actor: Actor, code: str) -> Credential:
    """The certificate with this code. Raises Credential.DoesNotExist."""
    return whole(Credential.objects.visible_to(actor)).get(code=code)


def of_event(actor: Actor, event: TrainingEvent) -> QuerySet[Credential]:
    """Certificates of an event that `actor` may see, by code of the person."""
    rows = Credential.objects.visible_to(actor).filter(event=event)
    return whole(rows).order_by("practitioner__code", "type__kind", "-issued_on")


def of_person(actor: Actor, practitioner: Practitioner) -> QuerySet[Credential]:
    """Certificates of one person that `actor` may see, newest first."""
    return whole(Credential.objects.visible_to(actor).filter(practitioner=practitioner))


def types(actor: Actor, kinds: Collection[str] = ()) -> QuerySet[CredentialType]:
    """Types of certificate, those of `kinds` where given."""
    rows: QuerySet[CredentialType] = CredentialType.objects.visible_to(actor)
    return rows.filter(kind__in=kinds) if kinds else rows


@dataclass(frozen=True, slots=True)
class Line:
    """One participant. `due`: kinds earned and not issued yet; `held`: kinds issued already.

    `lacks`: why a kind is not due, in words.
    """

    enrolment: Enrolment
    due: tuple[CredentialKind, ...]
    held: tuple[CredentialKind, ...]
    lacks: tuple[str, ...]


def lines(event: TrainingEvent) -> list[Line]:
    """Who of an event is due which certificate. Attendance and achievement are apart. 4 queries.

    Attendance: present for the share of the minutes held that the course plan asks for (80 % where
    there is no plan). Achievement: completed by the rule, where the rule asks for a test or a task.
    """
    enrolments = list(
        Enrolment.objects.visible_to(SYSTEM)
        .filter(event=event, practitioner__erased_on=None)
        .select_related("practitioner")
    )
    held: dict[UUID, set[str]] = defaultdict(set)
    for person, kind in (
        Credential.objects.visible_to(SYSTEM)
        .filter(event=event)
        .values_list("practitioner_id", "type__kind")
    ):
        held[person].add(kind)
    minutes = minutes_held(event)
    return [_line(event, each, held[each.practitioner_id], minutes) for each in enrolments]


def minutes_held(event: TrainingEvent) -> int:
    """Minutes that the sessions took, as held where that was noted, else as planned."""
    total = 0
    for session in event.sessions.all():
        if session.actual_starts_at and session.actual_ends_at:
            gone = session.actual_ends_at - session.actual_starts_at
            total += max(int(gone.total_seconds() // 60), 0)
        else:
            total += session.minutes
    return total


def _line(event: TrainingEvent, enrolment: Enrolment, held: set[str], minutes: int) -> Line:
    share = float(event.plan.minimum_minutes_share) if event.plan else 0.8
    is_tested = event.plan is not None and bool(
        event.plan.cut_score is not None or event.plan.tasks
    )
    is_complete = enrolment.state == EnrolmentState.COMPLETED
    earned, lacks = set(), []
    if is_complete or (minutes and enrolment.minutes_present >= share * minutes):
        earned.add(CredentialKind.ATTENDANCE)
    else:
        lacks.append(_("Too few minutes present."))
    if not is_tested:
        lacks.append(_("Nothing was tested, so there is attendance only."))
    elif is_complete:
        earned.add(CredentialKind.ACHIEVEMENT)
    else:
        lacks.append(_("Not completed by the rule of the course."))
    return Line(
        enrolment,
        tuple(kind for kind in EVENT_KINDS if kind in earned and kind.value not in held),
        tuple(kind for kind in EVENT_KINDS if kind.value in held),
        tuple(lacks),
    )


def agreed(people: Iterable[UUID]) -> set[UUID]:
    """Ids of those of `people` who agree that their name stands on a certificate."""
    rows = TrainingConsent.objects.filter(
        practitioner__in=set(people),
        purpose=TrainingConsent.Purpose.CERTIFICATE,
        withdrawn_at=None,
    )
    return set(rows.values_list("practitioner_id", flat=True))


def language_for(wanted: str, event: TrainingEvent | None) -> str:
    """The language of a certificate: the person's, else the event's first that is shipped."""
    shipped = {code for code, _name in settings.LANGUAGES}
    for code in (wanted, *(event.languages if event else ())):
        if code in shipped:
            return str(code)
    return settings.LANGUAGE_CODE


_STEPS: Mapping[tuple[str, str], Promise] = {
    ("", "issued"): gettext_lazy("issued the certificate."),
    ("issued", "suspended"): gettext_lazy("suspended the certificate."),
    ("suspended", "issued"): gettext_lazy("reinstated the certificate."),
    ("issued", "superseded"): gettext_lazy("replaced the certificate by a newer one."),
    ("issued", "revoked"): gettext_lazy("revoked the certificate."),
    ("suspended", "revoked"): gettext_lazy("revoked the suspended certificate."),
    ("superseded", "revoked"): gettext_lazy("revoked the replaced certificate."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the history: who did what when, and why."""

    who: str
    what: str
    when: datetime
    why: str = ""


def history(credential: Credential, actor: Actor) -> list[Told]:
    """What was decided about a certificate, newest first. Two queries."""
    steps: Sequence[Step] = list(
        Step.objects.visible_to(actor).filter(subject="credential", subject_id=credential.pk)
    )
    known = names(step.author_id for step in steps)
    told = []
    for step in steps:
        if step.author_id is None:
            who = "Cairn"
        else:
            who = _("You") if step.author_id == actor.user_id else known[step.author_id]
        words = _STEPS.get((step.before, step.after))
        told.append(Told(who, str(words) if words else step.after, step.at, step.reason))
    return told
