"""Renewing keys in the background. Takes a word for what; carries nothing else."""

from django_tasks import task

from cairn.vault import rotation

ROOT = "root"


@task()
def renew_keys(what: str) -> None:
    """Renew the key of one zone, or the root key (`what` = "root"). Safe to run twice."""
    if what == ROOT:
        rotation.rotate_root()
    else:
        rotation.rotate_zone(what)
