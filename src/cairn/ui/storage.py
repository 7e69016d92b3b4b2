"""Static files as they are shipped: the style sheet in one piece, then hashed and compressed.

Use it as STORAGES["staticfiles"]["BACKEND"]. There is no build step: while `DEBUG` is on, and
wherever files are served as they lie, browsers follow the @import lines of cairn.css themselves.
"""

import re
from collections.abc import Iterator, Mapping
from posixpath import dirname, join, normpath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

ENTRY = "ui/css/cairn.css"
IMPORT = re.compile(r'@import url\("([^":?#]+)"\);\s*')
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SPACE = re.compile(r"\s+")

# What collectstatic hands over: the name of a file, where it lies, and its path there.
Found = Mapping[str, tuple[Storage, str]]


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Puts the parts of `ENTRY` into it before names are hashed."""

    def post_process(
        self, paths: Found, dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        """As Django's, with `ENTRY` in one piece. Raises FileNotFoundError for a missing part."""
        if ENTRY in paths and not dry_run:
            whole = InMemoryStorage()
            whole.save(ENTRY, ContentFile(one_piece(paths, ENTRY).encode()))
            paths = {**paths, ENTRY: (whole, ENTRY)}
            self.delete(ENTRY)
            with whole.open(ENTRY) as sheet:
                self.save(ENTRY, sheet)
        yield from super().post_process(paths, dry_run=dry_run, **options)


def one_piece(paths: Found, name: str) -> str:
    """The style sheet `name` with each @import replaced by what it names, spaces and comments out.

    Safe for our sheets only: no string in them holds two spaces or the start of a comment.
    """
    if name not in paths:
        raise FileNotFoundError(f"The style sheet names {name}, which is not there.")
    storage, path = paths[name]
    with storage.open(path) as sheet:
        text = sheet.read().decode()
    folder = dirname(name)
    whole = IMPORT.sub(
        lambda part: one_piece(paths, normpath(join(folder, part[1]))), COMMENT.sub("", text)
    )
    return SPACE.sub(" ", whole).strip() + "\n"
