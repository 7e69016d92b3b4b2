"""The two documents that a programme officer hands out: project page and partnership folder."""

from cairn.portfolio.documents.labels import labels
from cairn.portfolio.documents.volumes import (
    Volume,
    folder_volumes,
    render_project_page,
    render_project_pages,
)

__all__ = [
    "Volume",
    "folder_volumes",
    "labels",
    "render_project_page",
    "render_project_pages",
]
