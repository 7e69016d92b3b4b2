"""Kinds of document: how each is computed, what it is about, and the parts that have words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from cairn.core.actor import Actor
from cairn.core.errors import RuleBroken
from cairn.results.documents.blocks import Body

Parameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a document of a kind is about.

    `read`: the kept value of what was typed, "" for nothing; raises RuleBroken for what is none.
    `choices`: (code, words) where there is a list; `is_required`: nothing is computed without.
    """

    name: str
    label: Promise
    read: Callable[[str], Any]
    help: Promise | str = ""
    choices: Callable[[Actor], list[tuple[str, str]]] | None = None
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """`build(actor, parameters, language)`: the computed body, for what `actor` may see.

    A heading of the body whose `part` is a code of `parts` takes the written sections of that part
    right under it; sections of part "" stand before everything. `build` raises RuleBroken, or the
    DoesNotExist of a record that it is about.
    """

    code: str
    label: Promise
    build: Callable[[Actor, Parameters, str], Body]
    parameters: tuple[Parameter, ...] = ()
    parts: tuple[tuple[str, Promise], ...] = ()
    about: Promise | str = field(default="")


_KINDS: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Make a kind known, in `AppConfig.ready`. Registering again replaces the former one."""
    _KINDS[kind.code] = kind


def kinds() -> list[Kind]:
    """All kinds, by their label in the active language."""
    return sorted(_KINDS.values(), key=lambda each: str(each.label))


def kind_of(code: str) -> Kind:
    """Raises RuleBroken("document.kind") for a kind that nobody registered."""
    if code not in _KINDS:
        raise RuleBroken(
            "document.kind",
            _("There is no kind of document “%(code)s”.") % {"code": code},
            _("Choose one of: %(kinds)s.") % {"kinds": ", ".join(sorted(_KINDS))},
        )
    return _KINDS[code]


def read_parameters(kind: Kind, typed: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of a document from what was typed; empty ones are left out.

    Raises RuleBroken ("document.parameter": unknown or missing; what a parameter itself raises).
    """
    known = {each.name: each for each in kind.parameters}
    if unknown := sorted(name for name in typed if name not in known):
        raise RuleBroken(
            "document.parameter",
            _("“%(kind)s” has no %(names)s.") % {"kind": kind.code, "names": ", ".join(unknown)},
            _("It takes: %(names)s.") % {"names": ", ".join(known)},
        )
    read = {name: known[name].read(text.strip()) for name, text in typed.items() if text.strip()}
    if missing := [
        each.name for each in kind.parameters if each.is_required and each.name not in read
    ]:
        raise RuleBroken(
            "document.parameter",
            _("“%(kind)s” needs %(names)s.") % {"kind": kind.code, "names": ", ".join(missing)},
            _("Give it."),
        )
    return read


def built(kind: Kind, actor: Actor, parameters: Parameters, language: str) -> Body:
    """The computed body in `language`, whatever language is active."""
    with override(language):
        return kind.build(actor, parameters, language)
