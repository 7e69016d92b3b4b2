"""Every write about shares: proposed, looked at, accepted, changed, ended on both sides."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.access.permissions import person as acting
from cairn.access.queries import SYSTEM
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.core.models import Organisation
from cairn.core.pseudonyms import save_with_code
from cairn.oversight.actions import readings
from cairn.oversight.actions.readings import Opened
from cairn.oversight.outcomes import Facts, Outcome
from cairn.oversight.rules import Purpose as ReadingPurpose
from cairn.referral.actions.outbox import tell_users
from cairn.referral.actions.referrals import _with_earlier as with_earlier
from cairn.referral.actions.rows import edited
from cairn.referral.models.persons import Person
from cairn.referral.models.sharing import HandOverLine, ShareAgreement, ShareStep, ShareVersion
from cairn.referral.queries import sharing as queries
from cairn.referral.queries.consent import Told, takes_away
from cairn.referral.queries.persons import findings
from cairn.referral.queries.referrals_people import holders
from cairn.referral.rules import persons as person_rules
from cairn.referral.rules import sharing as rules
from cairn.referral.rules.choices import Purpose
from cairn.referral.rules.persons_gates import Question, check_serves_child
from cairn.referral.rules.sharing import OPEN, ShareSide, ShareState
from cairn.referral.rules.sharing_transfer import RUNNING, WHOLE, LineState, Stays
from cairn.vault import keyring

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Terms:
    """What is shared, for what, until when. `content`: words by category, sealed."""

    purpose: Purpose
    categories: Sequence[str]
    expires_on: date
    content: Mapping[str, str] = field(default_factory=dict, repr=False)


@transaction.atomic
def propose_share(
    actor: Actor, person_code: str, taker: Organisation, terms: Terms
) -> ShareAgreement:
    """Offer another organisation to know something of a person. It knows nothing until it accepts.

    Raises Person.DoesNotExist, PermissionDenied, RuleBroken ("person.is-closed", "share.self",
    "share.days", "share.content", "share.outlasts", "person.best-interests", or of
    rules.clearing).
    """
    person, user_id = edited(actor, person_code)
    require(actor, Permission.SHARE_AGREE, within=person)
    now = clock.now()
    today = timezone.localdate(now)
    rules.check_two(person.organisation_id, taker.pk)
    share = ShareAgreement(
        person=person,
        organisation_id=person.organisation_id,
        unit_id=person.unit_id,
        country=person.country,
        taker=taker,
        proposed_by=user_id,
        moved_at=now,
        starts_on=today,
        keep_until=person.keep_until or person_rules.kept_until(today, None),
    )
    _agree(share, person, terms, dict(terms.content), today)
    save_with_code(share)
    _note_version(share, user_id)
    _step(share, "", ShareState.PROPOSED, ShareSide.GIVER, user_id)
    audit.record(actor, "share.proposed", share, categories=list(share.categories))
    _tell_takers(share, "offered")
    return share


def amend_share(actor: Actor, code: str, terms: Terms, reason: str) -> ShareAgreement:
    """Change what is shared. Less of it holds at once; more waits until the other side accepts.

    What was shared and stays is taken over; for that it is opened, which is noted with `reason`.
    Not inside a transaction. Raises as `propose_share`, and ShareAgreement.DoesNotExist, RuleBroken
    ("share.move", "oversight.reason").
    """
    found = ShareAgreement.objects.visible_to(actor).get(code=code)
    require(actor, Permission.SHARE_AGREE, within=found)
    rules.check_share_move(ShareState(found.state), ShareState.ACTIVE, ShareSide.GIVER)
    opened = readings.read(actor, [found], ["content"], ReadingPurpose.ASSISTANCE, reason)[0]
    before = opened.values["content"]
    kept = {k: v for k, v in before.items() if k in terms.categories} if _is_words(before) else {}
    return _amend(actor, code, found.version, terms, kept | dict(terms.content))


@transaction.atomic
def _amend(
    actor: Actor, code: str, version: int, terms: Terms, content: dict[str, str]
) -> ShareAgreement:
    person_code = ShareAgreement.objects.visible_to(actor).get(code=code).person.code
    person, user_id = edited(actor, person_code)
    share = _held(actor, code)
    require(actor, Permission.SHARE_AGREE, within=share)
    rules.check_same(share.version, version)
    before = ShareState(share.state)
    new = set(terms.categories) - set(share.categories)
    is_wider = (
        bool(new)
        or terms.expires_on > share.expires_on
        or terms.purpose.value != share.purpose
        or any(text.strip() for text in terms.content.values())
    )
    after = ShareState.PROPOSED if is_wider else ShareState.ACTIVE
    rules.check_share_move(before, after, ShareSide.GIVER)
    now = clock.now()
    _agree(share, person, terms, content, timezone.localdate(now))
    share.version += 1
    share.state, share.moved_at = after, now
    share.save()
    _note_version(share, user_id)
    _step(share, before, after, ShareSide.GIVER, user_id)
    audit.record(actor, "share.amended", share, categories=list(share.categories))
    _tell_takers(share, "offered" if is_wider else "narrowed")
    return share


@transaction.atomic
def preview_share(actor: Actor, code: str) -> ShareAgreement:
    """Note that the other side has looked at the terms; its content stays closed.

    Raises ShareAgreement.DoesNotExist, PermissionDenied, RuleBroken ("share.move").
    """
    return _moved(actor, code, ShareState.PREVIEWED, ShareSide.TAKER, "share.previewed")


@transaction.atomic
def accept_share(actor: Actor, code: str, version: int) -> ShareAgreement:
    """Accept the terms that were looked at; what they stand on is looked at again.

    `version`: of the terms that the actor saw. Raises ShareAgreement.DoesNotExist,
    PermissionDenied, RuleBroken ("share.move", "share.changed", "share.over", or of
    rules.clearing).
    """
    share = _held(actor, code)
    _require_taker(actor, share)
    rules.check_same(share.version, version)
    today = timezone.localdate(clock.now())
    rules.check_share_move(ShareState(share.state), ShareState.ACTIVE, ShareSide.TAKER)
    rules.check_not_over(share.expires_on, today)
    _check_holds(share, share.person, today)
    share.accepted_by = acting(actor)
    _move(actor, share, ShareState.ACTIVE, ShareSide.TAKER, "share.accepted")
    _tell_givers(share, "accepted")
    return share


@transaction.atomic
def accept_offer(actor: Actor, code: str, version: int) -> ShareAgreement:
    """Accept terms that the actor has before the eyes: they are looked at, and accepted, in one."""
    share = _held(actor, code)
    if share.state == ShareState.PROPOSED:
        preview_share(actor, code)
    return accept_share(actor, code, version)


@transaction.atomic
def reject_share(actor: Actor, code: str) -> ShareAgreement:
    """Say no. What was offered is destroyed. Raises as `preview_share`."""
    share = _moved(actor, code, ShareState.REJECTED, ShareSide.TAKER, "share.rejected")
    _tell_givers(share, "rejected")
    return share


@transaction.atomic
def revoke_share(actor: Actor, code: str) -> ShareAgreement:
    """End it from the giver's side, at once; the other side is asked to destroy what it noted.

    Raises as `preview_share`.
    """
    share = _held(actor, code)
    require(actor, Permission.SHARE_AGREE, within=share)
    _move(actor, share, ShareState.REVOKED, ShareSide.GIVER, "share.revoked")
    _tell_takers(share, "over")
    return share


@transaction.atomic
def confirm_purge(actor: Actor, code: str) -> ShareAgreement:
    """Say that what was noted from an ended share is destroyed. Raises as `preview_share`."""
    share = _moved(actor, code, ShareState.PURGED, ShareSide.TAKER, "share.purged")
    _tell_givers(share, "purged")
    return share


def open_share(actor: Actor, code: str, purpose: ReadingPurpose, reason: str) -> Opened:
    """Open what is shared, once. The other side only while it holds, and what it stands on.

    Not inside a transaction. Raises ShareAgreement.DoesNotExist, PermissionDenied, RuleBroken
    ("share.closed", "oversight.reason", or of rules.clearing).
    """
    share = queries.find_share(actor, code)
    today = timezone.localdate(clock.now())
    if not share.content:
        raise RuleBroken("share.closed", _("There is nothing to open any more."))
    if not share.is_given_by(actor, Permission.REFERRAL_OPEN):
        if not share.is_open_on(today):
            raise RuleBroken(
                "share.closed",
                _("What is shared opens when it was accepted, until its last day."),
            )
        _check_holds(share, share.person, today)
    return readings.read(actor, [share], ["content"], purpose, reason)[0]


def stop_for_withdrawal(actor: Actor, person: Person, consent: Any) -> int:
    """End every share that stood on a consent which was withdrawn, or can stand on it alone.

    Also what is recorded under an older consent, and what a no by name is about; returns how many.
    A file that was to go to another organisation on it stays. In the caller's transaction, which
    holds the person.
    """
    earlier = with_earlier(consent)
    today = timezone.localdate(clock.now())

    def is_over(row: ShareAgreement | HandOverLine, told: Told) -> bool:
        return row.consent_id in earlier or takes_away(consent, person, told, today)

    lines = HandOverLine.objects.filter(person=person, state__in=RUNNING)
    stays = [
        line.pk
        for line in lines.select_related("hand_over")
        if (taker_id := line.hand_over.taker_id) is not None
        and is_over(line, Told(Purpose.TRANSFER, taker_id, categories=WHOLE))
    ]
    lines.filter(pk__in=stays).update(
        state=LineState.STAYS, reason=Stays.NO_BASIS, moved_at=clock.now()
    )
    return _stop(
        actor,
        person,
        lambda share: is_over(
            share, Told(share.purpose, share.taker_id, categories=share.categories)
        ),
    )


def end_shares(actor: Actor, person: Person) -> int:
    """End every share of a record that goes to another organisation; returns how many.

    Whoever takes one is told to destroy what it noted. In the caller's transaction, which holds
    the person.
    """
    return _stop(actor, person, lambda share: True)


def _stop(actor: Actor, person: Person, is_over: Callable[[ShareAgreement], bool]) -> int:
    rows = ShareAgreement.objects.select_for_update(of=("self",))
    found = rows.filter(person=person, state__in=OPEN).order_by("pk")
    over = [share for share in found if is_over(share)]
    for share in over:
        _move(actor, share, ShareState.REVOKED, ShareSide.CLOCK, "share.revoked")
        _tell_takers(share, "over")
    return len(over)


def expire_shares(facts: Facts) -> Outcome:
    """Take every share whose last day is over to its end, one at a time."""
    today = timezone.localdate(clock.now())
    due = ShareAgreement.objects.filter(state__in=OPEN, expires_on__lt=today)
    expired = 0
    for pk in list(due.order_by("expires_on").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            rows = ShareAgreement.objects.select_for_update(of=("self",))
            share = rows.filter(pk=pk, state__in=OPEN, expires_on__lt=today).first()
            if share is None:
                continue
            _move(SYSTEM, share, ShareState.EXPIRED, ShareSide.CLOCK, "share.expired")
            _tell_takers(share, "over")
            expired += 1
    return Outcome(facts={"expired": expired})


# -- steps ---------------------------------------------------------------------------------------


def _held(actor: Actor, code: str) -> ShareAgreement:
    """The share, held until the end of the transaction."""
    rows = ShareAgreement.objects.visible_to(actor).select_for_update(of=("self",))
    found: ShareAgreement = rows.select_related("person").get(code=code)
    return found


def _require_taker(actor: Actor, share: ShareAgreement) -> None:
    place = (share.taker_id, share.taker_unit_id, share.country)
    if not actor.may_within(Permission.SHARE_AGREE, *place):
        require(actor, Permission.SHARE_AGREE, within=queries.at_taker(share))


def _moved(
    actor: Actor, code: str, after: ShareState, side: ShareSide, audited: str
) -> ShareAgreement:
    """One step of the taker."""
    share = _held(actor, code)
    _require_taker(actor, share)
    _move(actor, share, after, side, audited)
    return share


def _move(
    actor: Actor, share: ShareAgreement, after: ShareState, side: ShareSide, audited: str
) -> None:
    before = ShareState(share.state)
    rules.check_share_move(before, after, side)
    share.state, share.moved_at = after, clock.now()
    changed = ["state", "moved_at", "accepted_by"]
    if after not in OPEN and share.content:
        share.content = None
        changed.append("content")
        key = share.data_key
        transaction.on_commit(lambda: keyring.destroy(key))
    share.save(update_fields=changed)
    _step(share, before, after, side, actor.user_id)
    audit.record(actor, audited, share, before=before.value)


def _agree(
    share: ShareAgreement, person: Person, terms: Terms, content: dict[str, str], today: date
) -> None:
    """Put the terms into the share, after what stands for and against them was looked at."""
    rules.check_content(content, terms.categories)
    rules.check_days(today, terms.expires_on)
    share.purpose = terms.purpose
    share.categories = sorted(terms.categories)
    share.starts_on, share.expires_on = today, terms.expires_on
    ground, protocol = _check_holds(share, person, today)
    rules.check_outlasts(terms.expires_on, ground.expires_on, protocol.ends_on)
    share.basis, share.consent_id = ground.basis, ground.consent_id
    share.protocol = protocol
    share.content = {name: text.strip() for name, text in content.items() if text.strip()}


def _check_holds(share: ShareAgreement, person: Person, today: date) -> tuple[Any, Any]:
    """(ground, protocol) on which the categories may be told today. Raises RuleBroken.

    Of a child nothing is shared unless it was found to serve the child best.
    """
    held = queries.grounds(person, share.taker_id, share.purpose, today)
    held.check(list(share.categories), "routine", "")
    check_serves_child(person.age_band, findings(person), Question.TELLING, today)
    return held.ground, held.protocol


def _note_version(share: ShareAgreement, user_id: UUID | None) -> None:
    ShareVersion(
        share=share,
        number=share.version,
        at=clock.now(),
        by=user_id,
        purpose=share.purpose,
        basis=share.basis,
        categories=list(share.categories),
        starts_on=share.starts_on,
        expires_on=share.expires_on,
    ).save(force_insert=True)


def _step(
    share: ShareAgreement, before: str, after: ShareState, side: ShareSide, user_id: UUID | None
) -> None:
    number = ShareStep.objects.filter(share=share).count() + 1
    row = ShareStep(
        share=share,
        number=number,
        at=clock.now(),
        by=user_id,
        side=side.value,
        before=before,
        after=after,
    )
    row.save(force_insert=True)


def _tell_takers(share: ShareAgreement, what: str) -> None:
    place = (share.taker_id, share.taker_unit_id, share.country)
    _tell(share, holders(Permission.SHARE_AGREE, *place), what)


def _tell_givers(share: ShareAgreement, what: str) -> None:
    place = (share.organisation_id, share.unit_id, share.country)
    named = [share.proposed_by] if share.proposed_by else []
    able = holders(Permission.SHARE_VIEW, *place)
    _tell(share, [user for user in named if user in able], what)


def _tell(share: ShareAgreement, users: Sequence[UUID], what: str) -> None:
    step = ShareStep.objects.filter(share=share).count()
    tell_users(users, f"share.{what}", share.pk, f"{share.code}:{step}", pseudonym=share.code)


def _is_words(value: object) -> bool:
    return isinstance(value, dict)
