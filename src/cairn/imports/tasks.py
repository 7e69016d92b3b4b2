"""Reading large files away from the page that brought them."""

from uuid import UUID

from django_tasks import task

from cairn.imports.reading import read_batch


@task()
def read_staged_file(batch_id: str) -> None:
    """Read a staged file for its preview. Safe to run twice; carries no content."""
    read_batch(UUID(batch_id))
