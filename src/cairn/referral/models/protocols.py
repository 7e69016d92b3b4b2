"""Protocols: what organisations agreed to share, for what and until when, and who signed."""

from datetime import date
from typing import Any, ClassVar, NoReturn, Self
from uuid import uuid4

from django.db import models
from django.urls import reverse

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.models import Organisation
from cairn.referral.rules.protocols import ProtocolState, SignatureForm, Standing, standing


class ProtocolQuerySet(models.QuerySet["Protocol"]):
    def visible_to(self, actor: Actor) -> Self:
        """Protocols of the actor's organisations, as a party or as the one that keeps them."""
        if actor.is_system:
            return self.all() if actor.may(Permission.PROTOCOL_VIEW) else self.none()
        own = {scope.organisation_id for scope in actor.scopes_with(Permission.PROTOCOL_VIEW)}
        party = self.model.parties.through.objects.filter(organisation__in=own)
        return self.filter(
            models.Q(organisation__in=own) | models.Q(pk__in=party.values("protocol"))
        )

    def in_force(self, today: date) -> Self:
        """Signed by all, begun, not run out and not ended."""
        return self.filter(
            models.Q(ended_on=None) | models.Q(ended_on__gt=today),
            state=ProtocolState.SIGNED,
            starts_on__lte=today,
            ends_on__gte=today,
        )


class Protocol(models.Model):
    """An agreement between organisations: without one that is in force nothing is shared.

    `organisation` keeps it, whether or not it is one of the `parties`. `country`: ISO 3166-1
    alpha-3 where it holds, or empty: everywhere. `categories`: codes of DataCategory; `purposes`:
    codes of Purpose. `starts_on`, `ends_on`: both days are included. `ended_on`: the first day on
    which it does not hold any more, where a party ended it or a later version took its place.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    code = models.CharField(max_length=7, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    country = models.CharField(max_length=3, blank=True)
    title = models.CharField(max_length=160)
    parties = models.ManyToManyField(Organisation, related_name="+")
    categories = models.JSONField(default=list)
    purposes = models.JSONField(default=list)
    text = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(
        max_length=8, choices=ProtocolState, default=ProtocolState.DRAFT, db_index=True
    )
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="later"
    )
    drafted_at = models.DateTimeField()
    drafted_by = models.UUIDField()
    signed_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)
    end_reason = models.CharField(max_length=240, blank=True)

    objects = ProtocolQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="protocol_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ProtocolState.DRAFT)
                | ~models.Q(signed_on=None)
                | models.Q(state=ProtocolState.ENDED),
                name="protocol_in_force_is_signed",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ProtocolState.ENDED) | ~models.Q(ended_on=None),
                name="protocol_ended_on_a_day",
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=~models.Q(replaces=None) & ~models.Q(state=ProtocolState.ENDED),
                name="protocol_replaced_once",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("referral:protocol", args=[self.code])

    def standing(self, today: date) -> Standing:
        return standing(self.state, self.starts_on, self.ends_on, self.ended_on, today)


class SignatureQuerySet(models.QuerySet["Signature"]):
    def visible_to(self, actor: Actor) -> Self:
        """Signatures of the protocols that the actor sees."""
        return self.filter(protocol__in=Protocol.objects.visible_to(actor))

    def update(self, **changes: Any) -> NoReturn:
        raise TypeError("Signatures are never changed: a further version is signed anew.")

    def delete(self) -> NoReturn:
        raise TypeError("Signatures are never removed.")


class Signature(models.Model):
    """One party's signature of one version. Append-only.

    `digest`: SHA-256 (hex) of all that was signed; a text that differs was not. `paper`: where the
    signed paper is kept, for a party that has nobody here who could sign.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=5, choices=SignatureForm, default=SignatureForm.HERE)
    paper = models.CharField(max_length=120, blank=True)
    signed_on = models.DateField()
    recorded_at = models.DateTimeField()
    signed_by = models.UUIDField()
    digest = models.CharField(max_length=64)

    objects: ClassVar[Any] = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["protocol", "organisation"], name="signature_once_for_each_party"
            ),
            models.CheckConstraint(
                condition=models.Q(form=SignatureForm.HERE) | ~models.Q(paper=""),
                name="signature_on_paper_is_kept_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.signed_on}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Signatures are never changed: a further version is signed anew.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("Signatures are never removed.")
