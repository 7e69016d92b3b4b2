"""Building a release in the background. Takes ids; carries no figures."""

from uuid import UUID

from django.utils import timezone
from django_tasks import task

from cairn.access.models import User
from cairn.access.queries import actor_for
from cairn.observatory.building import build


@task()
def build_release(release: str, user: str) -> None:
    """Take the steps that are left of `release`, for `user` who asked. Safe to run twice."""
    actor = actor_for(User.objects.get(pk=UUID(user)), today=timezone.localdate())
    build(actor, UUID(release))
