"""Reading large files away from the page that brought them."""

from uuid import UUID

from django.utils.translation import override
from django_tasks import task

from cairn.imports.reading import read_batch


@task()
def read_staged_file(batch_id: str, language: str) -> None:
    """Read a staged file for its preview. Safe to run twice; carries no content.

    `language`: that of the person who brought the file, in which problems are told.
    """
    with override(language):
        read_batch(UUID(batch_id))
