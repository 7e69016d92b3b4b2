"""Which project a page of training may name: trainings are shared more widely than projects."""

from cairn.core.actor import Actor
from cairn.portfolio.models import Project
from cairn.portfolio.queries.listing import sees_whole


def project_shown(actor: Actor, project: Project | None) -> Project | None:
    """The project, or None for a reader who may not see it whole: no name, no dead link."""
    return project if project is not None and sees_whole(actor, project) else None
