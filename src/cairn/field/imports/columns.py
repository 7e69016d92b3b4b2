"""The published form: its questions in order, the names of its columns, and its choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from cairn.field.forms.paper import BANDS, NEEDS, STEPS
from cairn.field.texts import TEXTS, Text
from cairn.identification.rules.choices import Setting, WorkerProfile

FORM_ID: Final = "cairn_report"
# The layout of the form; the list of signs has its own version in another column.
FORM_VERSION: Final = "1"
# Calculated by the form itself, so that a file says by which layout and list it was filled in.
VERSION_COLUMN: Final = "form_version"
LIST_COLUMN: Final = "sign_list"
SIGN_PREFIX: Final = "sign_"
# Form tools take letters, digits and the low line in names; what our codes have else is written so.
_WRITTEN: Final = (("+", "plus"), ("-", "_"))


def as_name(code: str) -> str:
    """A code as the name of a choice or a column: "60+" is "60plus", "not-asked" "not_asked"."""
    for sign, written in _WRITTEN:
        code = code.replace(sign, written)
    return code


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `kind`: "one", "many" or "text"; `choices`: (code, words) in order.

    `column`: of the form; `key`: of the content, or of the identity block ("identity.name").
    """

    column: str
    key: str
    kind: str
    label: Text
    choices: tuple[tuple[str, Text], ...] = ()
    required: bool = False
    most: int = 0


def _worded(prefix: str, codes: Sequence[str]) -> tuple[tuple[str, Text], ...]:
    return tuple((code, TEXTS[f"{prefix}.{code}"]) for code in codes)


def _one(
    key: str, title: str, prefix: str, codes: Sequence[str], *, must: bool = False
) -> Question:
    return Question(key, key, "one", TEXTS[title], _worded(prefix, codes), must)


ANSWERS: Final = _worded("observed", ("yes", "no", "unknown"))


def questions(bands: Mapping[str, Mapping[str, str]]) -> list[Question]:
    """Every question but the signs, in the order of the app. Signs stand before "judgement"."""
    judged = tuple((band, bands[band]["label"]) for band in BANDS)
    told = (("yes", TEXTS["who.said"]), ("no", TEXTS["who.not_said"]))
    return [
        Question("profile", "profile", "one", "", tuple(WorkerProfile.choices), True),
        Question(
            "setting", "setting", "one", TEXTS["observed.setting"], tuple(Setting.choices), True
        ),
        _one("danger", "danger.title", "danger", ("now", "no"), must=True),
        Question("steps", "steps", "many", TEXTS["emergency.title"], _worded("step", STEPS)),
        _one("privacy", "privacy.title", "privacy", ("alone", "not-alone")),
        _one("interpreter", "interpreter.title", "interpreter", ("none", "checked", "unchecked")),
        Question("language", "language", "text", TEXTS["language.title"], most=60),
        _one("age", "child.title", "child", ("child", "maybe-child", "adult"), must=True),
        Question("told", "told", "one", TEXTS["who.title"], told),
        Question("judgement", "judgement", "one", TEXTS["meaning.own"], judged),
        Question("needs", "needs", "many", TEXTS["where.needs"], _worded("need", NEEDS)),
        _one("age_band", "where.age_band", "age", ("0-11", "12-17", "18-24", "25-59", "60+")),
        _one("sex", "where.sex", "sex", ("female", "male", "other")),
        _one("consent", "consent.title", "consent", ("yes", "no", "not-asked"), must=True),
        Question("who_name", "identity.name", "text", TEXTS["identity.name"], most=200),
        Question("who_phone", "identity.phone", "text", TEXTS["identity.phone"], most=60),
        Question("who_where", "identity.note", "text", TEXTS["identity.note"], most=500),
        _one(
            "outcome",
            "handover.title",
            "handover",
            ("emergency", "refer", "child-referral", "information", "nothing"),
            must=True,
        ),
        _one(
            "contact",
            "contact.title",
            "contact",
            ("in-person", "safe-word", "through-service", "none"),
        ),
        Question("note", "note", "text", TEXTS["note.title"], most=500),
    ]


def sign_columns(signs: Sequence[Mapping[str, Any]]) -> MappingProxyType[str, str]:
    """Column -> code of the sign, for the signs of a list."""
    return MappingProxyType({SIGN_PREFIX + as_name(sign["code"]): sign["code"] for sign in signs})
