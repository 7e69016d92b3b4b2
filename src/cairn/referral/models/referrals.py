"""Referrals of a person to a service, by a code of their own, and what happened to them."""

from collections.abc import Iterable
from typing import Any, ClassVar, NoReturn, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse

from cairn.access.permissions import Permission, scoped
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.core.models import Organisation, Unit
from cairn.referral.models.persons import Person
from cairn.referral.rules import referrals as rules
from cairn.referral.rules.choices import LegalBasis, Need, Purpose, Urgency
from cairn.referral.rules.referrals import Feedback, Reason, Side, State
from cairn.vault.fields import SealedJSONField, SealedModel, SealedQuerySet, SealedTextField

REFERRAL = "referral"


def received(actor: Actor, permission: Permission = Permission.REFERRAL_VIEW, path: str = "") -> Q:
    """Sent to a place that a membership of the actor covers, and not merely prepared."""
    covered = scoped(
        actor,
        permission,
        organisation=f"{path}recipient",
        unit=f"{path}recipient_unit",
        country=f"{path}recipient_country",
    )
    return covered & ~Q(**{f"{path}sent_at": None})


def sent(actor: Actor, permission: Permission = Permission.REFERRAL_SEND, path: str = "") -> Q:
    """Made at a place for which the actor sends; whoever only answers does not see these."""
    return scoped(
        actor,
        permission,
        organisation=f"{path}organisation",
        unit=f"{path}unit",
        country=f"{path}country",
    )


class ReferralQuerySet(SealedQuerySet["Referral"]):
    def visible_to(self, actor: Actor) -> Self:
        """What a membership covers on the sending side, and what was sent to one's own place."""
        return self.filter(sent(actor) | received(actor))

    def sent_by(self, actor: Actor) -> Self:
        return self.filter(sent(actor))

    def received_by(self, actor: Actor) -> Self:
        return self.filter(received(actor))

    def in_state(self, states: Iterable[State]) -> Self:
        return self.filter(state__in=[state.value for state in states])

    def due(self, now: Any) -> Self:
        """Those at which the clock looks now, the longest due first."""
        return self.filter(next_at__lte=now).order_by("next_at")


class Referral(SealedModel):
    """One person is referred to one service. It has a key of its own, not the person's.

    `organisation`, `unit`, `country`: of the sender. `card`: what the service sees before it
    accepts ({"language", "age_band", "exclusions"}); `place`: the area in words. `categories`:
    which kinds of content are told (DataCategory). `sent_by`, `focal_user`: users who are told
    first on either side. `step`: how many steps the clock took since the last breach; `next_at`:
    when it looks again, None after an end. `alternate`: a service that the clock found instead.
    `taken_back_at`: consent was withdrawn after acceptance: the content opens no more.
    `received_person`: the file that the service began itself; nobody else is shown it.
    """

    zone: ClassVar[Zone] = Zone.PROTECTION

    code = models.CharField(max_length=7, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="referrals")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    country = models.CharField(max_length=3)
    service = models.ForeignKey(
        "referral.Service", on_delete=models.PROTECT, related_name="referrals"
    )
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recipient_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recipient_country = models.CharField(max_length=3)
    is_external = models.BooleanField(default=False)
    need = models.CharField(max_length=16, choices=Need)
    urgency = models.CharField(max_length=10, choices=Urgency)
    purpose = models.CharField(max_length=20, choices=Purpose)
    basis = models.CharField(max_length=24, choices=LegalBasis, blank=True)
    consent = models.ForeignKey(
        "referral.Consent", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    protocol = models.ForeignKey(
        "referral.Protocol", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    place = models.CharField(max_length=80)
    card = models.JSONField(default=dict)
    categories = models.JSONField(default=list)
    state = models.CharField(max_length=24, choices=State, default=State.DRAFT)
    sent_by = models.UUIDField(null=True, blank=True)
    focal_user = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    ack_by = models.DateTimeField(null=True, blank=True)
    decide_by = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    step = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    alternate = models.ForeignKey(
        "referral.Service", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    redirected_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="redirected_from"
    )
    feedback = models.CharField(max_length=20, choices=Feedback, blank=True)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    received_person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    keep_until = models.DateField(null=True, blank=True)
    erased_on = models.DateField(null=True, blank=True)
    content = SealedJSONField()
    emergency_reason = SealedTextField()

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "code"]
        indexes = [
            models.Index(fields=["next_at"], name="referral_clock"),
            models.Index(fields=["organisation", "-made_at"], name="referral_sent_list"),
            models.Index(fields=["recipient", "-sent_at"], name="referral_received_list"),
            models.Index(fields=["recipient", "need", "-sent_at"], name="referral_received_need"),
            models.Index(fields=["organisation", "state", "next_at"], name="referral_sent_duty"),
            models.Index(fields=["recipient", "state", "next_at"], name="referral_received_duty"),
            models.Index(fields=["organisation", "state", "moved_at"], name="referral_sent_moved"),
            models.Index(fields=["sent_at"], name="referral_sent_at"),
            models.Index("organisation", Upper("place"), "made_at", name="referral_sent_place"),
            models.Index("recipient", Upper("place"), "sent_at", name="referral_received_place"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | ~models.Q(basis=""),
                name="referral_sent_on_a_ground",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=rules.ENDS) | models.Q(next_at=None),
                name="referral_end_has_no_clock",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=rules.ENDS) | ~models.Q(next_at=None),
                name="referral_never_in_silence",
            ),
            models.CheckConstraint(
                condition=models.Q(rating=None) | models.Q(rating__range=(1, 5)),
                name="referral_rating_one_to_five",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted([*rules.PREPARED, *rules.ENDS]))
                | ~models.Q(sent_at=None),
                name="referral_sent_has_a_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("referral:referral", args=[self.code])

    @property
    def is_emergency(self) -> bool:
        return rules.is_emergency(self.urgency, self.basis)

    @property
    def is_content_open(self) -> bool:
        """Whether the recipient may open the content now."""
        return self.erased_on is None and rules.is_content_open(
            State(self.state),
            emergency=self.is_emergency,
            taken_back=self.taken_back_at is not None,
        )

    def is_sent_by(self, actor: Actor, permission: Permission = Permission.REFERRAL_SEND) -> bool:
        return actor.may_within(permission, self.organisation_id, self.unit_id, self.country)

    def is_received_by(
        self, actor: Actor, permission: Permission = Permission.REFERRAL_VIEW
    ) -> bool:
        return self.sent_at is not None and actor.may_within(
            permission, self.recipient_id, self.recipient_unit_id, self.recipient_country
        )


class ReferralEventQuerySet(SealedQuerySet["ReferralEvent"]):
    def visible_to(self, actor: Actor) -> Self:
        """What happened to referrals that the actor sees; for the recipient since it was sent."""
        seen = sent(actor, path="referral__")
        return self.filter(seen | (received(actor, path="referral__") & Q(is_shared=True)))

    def update(self, **changes: Any) -> NoReturn:
        raise TypeError("What happened is never changed: a further event says what is new.")

    def delete(self) -> NoReturn:
        raise TypeError("What happened is never removed.")


class ReferralEvent(SealedModel):
    """One thing that happened to a referral; written once. It shares the referral's key.

    `number` counts from 1 for each referral; `code` is the referral's in small letters with it.
    `by`: id of a user, None for the clock and for recipients without an account. `note`: a
    question, an answer, a word on the outcome. `client_id`: made by whoever acts, so that the same
    request sent twice is done once. `is_shared`: the recipient sees it too.
    """

    zone: ClassVar[Zone] = Zone.PROTECTION

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=14, unique=True)
    event = models.CharField(max_length=24)
    before = models.CharField(max_length=24, choices=State)
    after = models.CharField(max_length=24, choices=State)
    side = models.CharField(max_length=10)
    reason = models.CharField(max_length=24, blank=True)
    is_shared = models.BooleanField(default=True)
    at = models.DateTimeField()
    by = models.UUIDField(null=True, blank=True)
    client_id = models.UUIDField(null=True, blank=True, unique=True)
    keep_until = models.DateField(null=True, blank=True)
    note = SealedTextField()

    objects = ReferralEventQuerySet.as_manager()

    class Meta:
        ordering = ["referral", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["referral", "number"], name="referral_event_numbered_once"
            ),
            models.CheckConstraint(
                condition=models.Q(side__in=[side.value for side in Side]),
                name="referral_event_has_a_side",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("What happened is never changed: a further event says what is new.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("What happened is never removed.")

    @property
    def organisation_id(self) -> UUID:
        return self.referral.organisation_id

    @property
    def unit_id(self) -> UUID | None:
        return self.referral.unit_id

    @property
    def country(self) -> str:
        return self.referral.country
