"""Procedures as files of HTCDS."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

from cairn.core.htcds import files
from cairn.identification.htcds.mapping import Outgoing, to_standard
from cairn.identification.htcds.signs import SIGNS
from cairn.identification.htcds.ways import columns


class FileFormat(TextChoices):
    """In which form a file goes out."""

    CSV = "csv", "CSV"
    JSON = "json", gettext_lazy("JSON, for another program")


CONTENT_TYPES: Final = {FileFormat.CSV: "text/csv", FileFormat.JSON: "application/json"}


def htcds_file(
    known: Sequence[Outgoing], form: FileFormat, *, today: date, with_names: bool
) -> str:
    """The whole file as text: at most a hundred records, so it is made in memory."""
    names = columns(with_names=with_names)
    rows = [to_standard(each, today=today, with_names=with_names, signs=SIGNS) for each in known]
    if form == FileFormat.JSON:
        return files.as_json(names, rows)
    return "".join(files.as_csv(names, rows))
