"""What each part of assistance tells the platform when it starts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from cairn.core.actor import Actor
from cairn.oversight.files import FileForm
from cairn.oversight.outcomes import Task
from cairn.oversight.subjects import SubjectKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the navigation. `address`: its name inside this app; `permission`: its name."""

    address: str
    label: "StrOrPromise"
    permission: str
    order: int


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page of a person; `template` gets what `facts` returns as `panel`, None: none.

    `facts(actor, person)` asks a constant number of queries.
    """

    order: int
    title: Promise
    template: str
    facts: Callable[[Actor, Any], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Told:
    """`tones`: tone -> codes of states, apart by spaces; `rounds`: each task with its words.

    `notices`: code -> sentence; `places`: first word of a notice's code -> where it leads.
    `files`: forms of file that an approved export may have.
    """

    entries: tuple[Entry, ...] = ()
    tones: Mapping[str, str] = field(default_factory=dict)
    kinds: tuple[SubjectKind, ...] = ()
    rounds: tuple[tuple[Task, Promise], ...] = ()
    panels: tuple[Panel, ...] = ()
    notices: Mapping[str, Promise] = field(default_factory=dict)
    places: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    files: tuple[FileForm, ...] = ()
