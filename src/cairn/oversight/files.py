"""Files of other forms than a table, made of records about people: told by the contexts.

Such a file names its records by code, for a recipient and a purpose. Whether each of them may leave
is asked when the file is asked for and once more when it is taken: what a person agreed to may have
ended in between. One record that may not leave keeps the whole file back, and says so by its code.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from cairn.access.permissions import Permission
from cairn.core.actor import Actor
from cairn.oversight.actions.readings import Opened

Details = Mapping[str, Any]
# Opens sealed fields of records of one kind for the file; it is written down first.
Read = Callable[[Sequence[Any], Sequence[str]], list[Opened]]


@dataclass(frozen=True, slots=True)
class FileForm:
    """One form of file. `kind`: key of the kind of its records; `permission`: who may ask for it.

    `records(actor, organisation_id, details)`: the records, in order; raises RuleBroken where one
    of them may not leave, and the model's DoesNotExist for one that is not seen.
    `told(details)`: what whoever decides is shown, as (label, words).
    `text(actor, records, details, read)`: the whole file.
    """

    key: str
    kind: str
    label: Promise
    permission: Permission
    content_type: str
    ending: str
    records: Callable[[Actor, UUID, Details], Sequence[Any]]
    told: Callable[[Details], Sequence[tuple[str, str]]]
    text: Callable[[Actor, Sequence[Any], Details, Read], str]


_FORMS: dict[str, FileForm] = {}


def register(form: FileForm) -> None:
    """Add a form. Raises ValueError for a second one with its key."""
    if _FORMS.get(form.key, form) != form:
        raise ValueError(f"{form.key} is registered twice.")
    _FORMS[form.key] = form


def form_called(key: str) -> FileForm:
    """The form with this key. Raises LookupError."""
    try:
        return _FORMS[key]
    except KeyError:
        raise LookupError(f"No form of file is called {key!r}.") from None
