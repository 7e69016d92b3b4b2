"""A referral as JSON for another program: the own format with its schema. Pure.

The schema is the one source: files are written after it, read by it, and it is served as it is.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.referral.rules.choices import DataCategory, LegalBasis, Need, Purpose, Urgency
from cairn.referral.rules.persons import AgeBand
from cairn.referral.rules.referrals import ACCEPTED_ON, State
from cairn.referral.rules.services import Exclusion, ServiceType

FORMAT, VERSION = "cairn-referral", 1
# What a referral can hold at most is far below; whoever sends more sends something else.
MOST_BYTES: Final = 128 * 1024
_MOST_WORDS: Final = 4_000


def text_of(most: int, least: int = 0) -> dict[str, Any]:
    return {"type": "string", "minLength": least, "maxLength": most}


def one_of(values: list[str]) -> dict[str, Any]:
    return {"type": "string", "enum": values}


def _some_of(values: list[str]) -> dict[str, Any]:
    return {"type": "array", "uniqueItems": True, "items": one_of(values)}


def all_of(properties: dict[str, Any]) -> dict[str, Any]:
    """An object with exactly these properties."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


SCHEMA: Final[Mapping[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Referral of a person to a service",
    **all_of(
        {
            "format": {"type": "string", "enum": [FORMAT]},
            "version": {"type": "integer", "enum": [VERSION]},
            "code": text_of(7, 1),
            "from": text_of(250),
            "to": text_of(250),
            "service": all_of(
                {
                    "name": text_of(120),
                    "kinds": _some_of(ServiceType.values),
                    "country": text_of(3),
                    "area": text_of(80),
                }
            ),
            "sent_at": text_of(40),
            "need": one_of(Need.values),
            "urgency": one_of(Urgency.values),
            "purpose": one_of(Purpose.values),
            "basis": one_of(LegalBasis.values),
            "area": text_of(80),
            "language": text_of(3),
            "age_band": one_of(["", *AgeBand.values]),
            "exclusions": _some_of(Exclusion.values),
            "categories": _some_of(DataCategory.values),
            "content": {
                "type": "object",
                "additionalProperties": False,
                "required": [],
                "properties": {name: text_of(_MOST_WORDS) for name in DataCategory.values},
            },
        }
    ),
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a file, at a place such as "service.kinds"; "": with all of it."""

    place: str
    message: str


def flaws(document: Any, schema: Mapping[str, Any] = SCHEMA, place: str = "") -> Iterator[Flaw]:
    """Where `document` is not as the schema says. Understands what SCHEMA is made of."""
    kinds: dict[str, type] = {"object": dict, "array": list, "string": str, "integer": int}
    if not isinstance(document, kinds[schema["type"]]) or isinstance(document, bool):
        yield Flaw(place, _("This is not of the kind that is expected here."))
        return
    if "enum" in schema and document not in schema["enum"]:
        yield Flaw(place, _("This code is not known."))
    if isinstance(document, str) and "maxLength" in schema:
        if not schema["minLength"] <= len(document) <= schema["maxLength"]:
            yield Flaw(place, _("This is too long, or empty."))
    if isinstance(document, list):
        if len({str(each) for each in document}) < len(document):
            yield Flaw(place, _("Something stands here twice."))
        for each in document:
            yield from flaws(each, schema["items"], place)
    if isinstance(document, dict):
        yield from _of_object(document, schema, place)


def _of_object(document: dict[str, Any], schema: Mapping[str, Any], place: str) -> Iterator[Flaw]:
    for name in schema["required"]:
        if name not in document:
            yield Flaw(_inside(place, name), _("This is missing."))
    for name, value in document.items():
        if name in schema["properties"]:
            yield from flaws(value, schema["properties"][name], _inside(place, name))
        else:
            yield Flaw(_inside(place, name), _("There is no such field in this format."))


def _inside(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name[:40]


def written(document: Mapping[str, Any]) -> str:
    """The file. Raises ValueError for a document that is not as the schema says."""
    if wrong := list(flaws(dict(document))):
        raise ValueError(f"A referral that its own schema refuses: {wrong[0].place}")
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def check_goes_out(state: State, basis: str, *, is_open: bool) -> None:
    """Raise RuleBroken unless the words of a referral may leave as a file.

    Codes: "referral.file-basis" for one without a ground, "referral.file-state".
    """
    if not basis:
        raise RuleBroken(
            "referral.file-basis",
            _("There is no consent and no other ground on which this could leave."),
            _("Ask the person first, and send the referral."),
        )
    if state not in ACCEPTED_ON or not is_open:
        raise RuleBroken(
            "referral.file-state",
            _("A file is made of a referral that was accepted and not taken back."),
            _("Wait for the answer of the service."),
        )


def written_all(documents: Sequence[Mapping[str, Any]]) -> str:
    """A file with several referrals, each as its schema says. Raises ValueError."""
    made = [json.loads(written(each)) for each in documents]
    whole = {"format": f"{FORMAT}s", "version": VERSION, "referrals": made}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
