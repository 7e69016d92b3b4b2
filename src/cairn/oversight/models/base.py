"""What the desk's records share: who sees them, and the sealed zone they live in."""

from typing import Any, ClassVar, Self, TypeVar

from django.db import models

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.core.classification import Zone
from cairn.vault.fields import SealedModel, SealedQuerySet

AnyModel = TypeVar("AnyModel", bound=models.Model)


class DeskQuerySet(SealedQuerySet[AnyModel]):
    """Rows that the desk sees whole; `own` names the field that holds a user's id, if any."""

    own: ClassVar[str] = ""

    def visible_to(self, actor: Actor) -> Self:
        """All to whoever may view oversight; else one's own, where rows belong to somebody."""
        if actor.may(Permission.OVERSIGHT_VIEW):
            return self.all()
        if self.own and actor.user_id is not None:
            return self.filter(**{self.own: actor.user_id})
        return self.none()


class OversightRecord(SealedModel):
    """A record of the desk; its sealed texts are under keys of the oversight zone."""

    zone = Zone.OVERSIGHT

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}"


def choices(kind: type[models.TextChoices], **more: Any) -> "models.CharField[str, str]":
    """A column that holds one of `kind`."""
    return models.CharField(max_length=24, choices=kind, **more)
