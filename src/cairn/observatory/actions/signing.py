"""Signing and publishing a release: two persons, neither of them its builder, over one hash."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cairn.access.permissions import Permission, require
from cairn.access.permissions import person as acting
from cairn.access.queries import holders
from cairn.core import audit, clock
from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.observatory import building
from cairn.observatory.actions.ledger import append, hold
from cairn.observatory.actions.releases import held
from cairn.observatory.models import Artefact, Published, Release, Signature
from cairn.observatory.rules import pipeline as rules
from cairn.observatory.rules.pipeline import ReleaseState, Step
from cairn.oversight.actions.alerts import tell


def sign(actor: Actor, code: str, seen: str) -> Release:
    """Sign the release whose last hash is `seen`; with the second signature it can be published.

    Raises Release.DoesNotExist, PermissionDenied, RuleBroken (those of rules.check_signing and
    "observatory.attack-old").
    """
    with transaction.atomic():
        release = held(actor, code)
        require(actor, Permission.STATISTICS_SIGN)
        given = list(Signature.objects.filter(release=release))
        rules.check_signing(
            release.state,
            release.had_hands_of(acting(actor)),
            [each.signed_by for each in given],
            acting(actor),
            [*digests(release), *(each.digest for each in given)],
            seen,
        )
        _check_links(release)
        Signature.objects.create(
            release=release, signed_by=acting(actor), signed_at=clock.now(), digest=seen
        )
        audit.record(actor, "release.signed", release, digest=seen)
        if len(given) + 1 >= rules.SIGNATURES:
            release.state = ReleaseState.SIGNED
            release.save(update_fields=["state"])
        _tell(release, [each.signed_by for each in given] + [acting(actor)])
    return release


def publish(actor: Actor, code: str) -> Release:
    """Publish a release that two persons signed, and enter it in the ledger.

    Everything is looked at once more: the chain of hashes, both signatures, the releases with
    which it was attacked. Raises PermissionDenied, RuleBroken ("observatory.unsigned",
    "observatory.changed", "observatory.attack-old").
    """
    with transaction.atomic():
        hold()
        release = held(actor, code)
        if not actor.may(Permission.STATISTICS_BUILD):
            require(actor, Permission.STATISTICS_SIGN)
        _check_signed(release)
        _check_links(release)
        payload = final_payload(release)
        digest = rules.digest(payload)
        now = clock.now()
        Published.objects.create(release=release, payload=payload, digest=digest, published_at=now)
        release.state = ReleaseState.PUBLISHED
        release.save(update_fields=["state"])
        append(release, "published", payload, digest)
        audit.record(actor, "release.published", release, digest=digest)
    building.wipe(release.pk)
    return release


def _check_signed(release: Release) -> None:
    given = list(Signature.objects.filter(release=release))
    signers = {each.signed_by for each in given if not release.had_hands_of(each.signed_by)}
    if release.state != ReleaseState.SIGNED or len(signers) < rules.SIGNATURES:
        raise RuleBroken(
            "observatory.unsigned",
            _("This release is not signed by two persons besides its builder."),
            _("Let two others look at it and sign it."),
        )
    if len({each.digest for each in given} | set(digests(release))) != 1:
        raise rules.changed()


def digests(release: Release) -> Sequence[str]:
    """The last hash of a release: as it is stored, and as it is computed anew from what is stored.

    A chain that does not hold gives a hash that fits nothing.
    """
    known = {each.step: each for each in Artefact.objects.filter(release=release)}
    if set(known) != set(rules.STEPS):
        return ["missing"]
    previous = rules.START
    for step in rules.STEPS:
        each = known[step]
        again = rules.artefact_digest(
            release.code, step, previous, content_of(each), dict(each.summary)
        )
        if each.previous != previous or each.digest != again:
            return [each.digest, "broken"]
        previous = again
    return [previous, known[Step.ATTACK].digest]


def content_of(artefact: Artefact) -> str:
    """The hash of what a step made, computed anew where what it made is in the clear."""
    if artefact.step == Step.PROTECT:
        return rules.digest(artefact.payload)
    if artefact.step == Step.ATTACK:
        return rules.digest(artefact.summary)
    return str(artefact.content)


def final_payload(release: Release) -> dict[str, Any]:
    """What goes out: what protection made, and what the attack on it asked and found."""
    known = {each.step: each for each in Artefact.objects.filter(release=release)}
    said = known[Step.ATTACK].summary
    return {
        **(known[Step.PROTECT].payload or {}),
        "audit": {
            "exact": said["exact"],
            "questions": said["questions"],
            "linked_releases": [each["release"] for each in said["linked"]],
        },
    }


def _check_links(release: Release) -> None:
    """Raise RuleBroken("observatory.attack-old") when something went out since the attack."""
    attack = Artefact.objects.filter(release=release, step=Step.ATTACK).first()
    known = [] if attack is None else attack.summary["linked"]
    now = [{"release": each.code, "digest": each.digest} for each in building.linked(release)]
    if known != now:
        raise RuleBroken(
            "observatory.attack-old",
            _("A linked release went out after this one was attacked."),
            _("Refuse this release and build it anew, so that it is attacked with all of them."),
        )


def _tell(release: Release, signed: Sequence[UUID]) -> None:
    """A notice before those who can give the missing signature, or publish."""
    left = len(signed) < rules.SIGNATURES
    wanted = Permission.STATISTICS_SIGN if left else Permission.STATISTICS_BUILD
    users = {each for each in holders(wanted) if not (left and release.had_hands_of(each))} - set(
        signed
    )
    code = "release.waits" if left else "release.ready"
    tell(sorted(users, key=str), code, release.pk, release=release.code)
