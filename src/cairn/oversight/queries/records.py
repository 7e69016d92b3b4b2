"""What the page of one record about a person shows from oversight: its history and its links."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission
from cairn.core import clock, geography
from cairn.core.actor import Actor
from cairn.core.language import language
from cairn.core.models import AuditEntry, Organisation, Unit
from cairn.oversight.models import BreakGlass, Erasure, LinkGrant, ReadingSubject
from cairn.oversight.queries.access import links_of, live_break_glass
from cairn.oversight.queries.people import names
from cairn.oversight.rules import Basis, ErasureState, LinkBasis, Purpose
from cairn.oversight.subjects import SubjectKind, kinds

# The page shows the newest; the whole log is the data-protection officer's.
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a history: who did what when, as a sentence that begins with who."""

    who: str
    what: str
    when: datetime
    why: str = ""


def history(
    kind: SubjectKind, record: Any, sentences: Mapping[str, Promise], actor: Actor
) -> list[Told]:
    """What was done with `record`, newest first, at most fifty lines. Three queries.

    `sentences`: code of an audit entry -> the second half of a sentence that begins with who did
    it, which may name %(facts)s of the entry; entries without one are left out. One for
    "code:state" tells a step to that state ("after" among the facts). Openings of the sealed part
    are told by purpose; their reasons stay with the data-protection officer.
    """
    entries = AuditEntry.objects.filter(
        subject_type=kind.model, subject_id=str(record.pk), code__in=sentences
    ).order_by("-sequence")[:MOST_SHOWN]
    openings = (
        ReadingSubject.objects.filter(subject_id=record.pk, reading__kind=kind.key)
        .order_by("-reading__at")
        .values_list("reading__actor_id", "reading__purpose", "reading__basis", "reading__at")
    )[:MOST_SHOWN]
    lines: list[tuple[UUID | None, str, datetime]] = [
        (_user_id(entry.actor_id), _sentence(entry, sentences), entry.at) for entry in entries
    ]
    lines += [(who, _opened(purpose, basis), at) for who, purpose, basis, at in openings]
    lines.sort(key=lambda line: line[2], reverse=True)
    known = names(who for who, _what, _when in lines)
    return [Told(_called(who, known, actor), what, when) for who, what, when in lines[:MOST_SHOWN]]


def _sentence(entry: AuditEntry, sentences: Mapping[str, Promise]) -> str:
    plain = sentences[entry.code]
    words = sentences.get(f"{entry.code}:{entry.facts.get('after', '')}", plain)
    return str(words) % _Facts(entry.facts)


class _Facts(dict[str, Any]):
    """Facts of an entry for a sentence; one that is missing reads as a dash, not as an error."""

    def __missing__(self, key: str) -> str:
        return "–"


def _opened(purpose: str, basis: str) -> str:
    words = {"purpose": Purpose(purpose).label}
    if basis == Basis.BREAK_GLASS:
        return _("opened the sealed part by emergency access. Purpose: %(purpose)s.") % words
    if basis == Basis.LINK:
        return _("read through a link what it allows. Purpose: %(purpose)s.") % words
    return _("opened the sealed part. Purpose: %(purpose)s.") % words


def _called(who: UUID | None, known: Mapping[UUID | None, str], actor: Actor) -> str:
    if who is None:
        return "Cairn"
    if who == actor.user_id:
        return _("You")
    return known[who]


def _user_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Link:
    """A link as one side sees it. `is_ours_to_read`: this side may read through it; without
    `holds_sealed` there is nothing in it that has to be opened.

    `scope`: words of the parts that may be read; `state`: live, ended or revoked.
    """

    id: UUID
    other_zone: str
    basis: str
    purpose: str
    scope: list[str]
    ends_on: date
    state: str
    is_ours_to_read: bool
    holds_sealed: bool = True

    @property
    def is_live(self) -> bool:
        return self.state == "live"


def links(kind: SubjectKind, record: Any) -> list[Link]:
    """Links of `record`, live ones first, newest first. Two queries."""
    today = clock.now().date()
    found = [_link(kind, grant, today) for grant in links_of(kind.zone, record.pk)]
    return sorted(found, key=lambda link: not link.is_live)


def _link(kind: SubjectKind, grant: LinkGrant, today: date) -> Link:
    is_left = grant.left_zone == kind.zone
    words = {name: text for each in kinds() for name, text in each.linkable.items()}
    sealed = {name for each in kinds() for name in each.sealed}
    state = "live" if grant.ends_on >= today else "ended"
    if grant.revoked_at:
        state = "revoked" if grant.revoked_by else "ended"  # ended: a new one took its place
    return Link(
        id=grant.pk,
        other_zone=grant.get_right_zone_display() if is_left else grant.get_left_zone_display(),
        basis=str(LinkBasis(grant.basis).label),
        purpose=grant.purpose,
        scope=[str(words.get(name, name)) for name in grant.scope],
        ends_on=grant.ends_on,
        state=state,
        is_ours_to_read=is_left,
        holds_sealed=bool(sealed & set(grant.scope)),
    )


def emergency_access(actor: Actor, kind: SubjectKind, record: Any) -> BreakGlass | None:
    """The emergency access by which `actor` sees `record` now; None where membership covers it."""
    if actor.may_within(kind.view, record.organisation_id, record.unit_id, record.country):
        return None
    return live_break_glass(actor, kind.key).filter(subject_id=record.pk).first()


def is_erasure_asked(kind: SubjectKind, record: Any) -> bool:
    """True while somebody has asked that `record` is erased and nobody has decided."""
    return Erasure.objects.filter(
        kind=kind.key, subject_id=record.pk, state=ErasureState.ASKED
    ).exists()


@dataclass(frozen=True, slots=True)
class Places:
    """Where an actor may enter records: organisations and units by id, countries by code."""

    organisations: Mapping[str, Organisation]
    units: Mapping[str, Unit]
    countries: list[tuple[str, str]]


def places(actor: Actor, permission: Permission) -> Places:
    """The places that the actor's memberships with `permission` leave open. Two queries."""
    scopes = actor.scopes_with(permission)
    organisations = Organisation.objects.visible_to(actor).filter(
        pk__in={scope.organisation_id for scope in scopes}
    )
    units = Unit.objects.visible_to(actor).filter(organisation__in=organisations)
    if scopes and all(scope.unit_id for scope in scopes):
        units = units.filter(pk__in={scope.unit_id for scope in scopes})
    codes = {scope.country for scope in scopes}
    if "" in codes:
        codes = {each.alpha3 for each in geography.countries()}
    names = [(code, geography.country_name(code, language())) for code in codes]
    return Places(
        {str(each.pk): each for each in organisations},
        {str(each.pk): each for each in units.select_related("organisation")},
        sorted(names, key=lambda pair: pair[1]),
    )
