"""Content v1 and identity v1: what stands sealed in an envelope, and whether it is as it must be.

Checked where something is sealed here, and again where it is opened: what a phone sealed, nobody
saw before. A flaw never makes a report disappear; it is shown.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from cairn.identification.envelopes.format import BLOCK
from cairn.identification.htcds.facts import facts_flaws

VERSION: Final = 1
MOST_NOTE: Final = 500
MOST_NAME: Final = 200
MOST_PHONE: Final = 60
MOST_CODES: Final = 60
MOST_SIGNS: Final = 120

PROFILES: Final = frozenset(
    {"police", "peacekeeper", "border", "health", "camp", "labour", "social", "other"}
)
SETTINGS: Final = frozenset(
    {
        "checkpoint", "border-post", "mine", "workplace", "bar", "camp", "detention", "clinic",
        "armed-group", "organ", "household", "route", "other",
    }
)  # fmt: skip
BANDS: Final = ("none", "unclear", "concern")  # from the lowest to the highest
ANSWERS: Final = frozenset({"yes", "no", "unknown"})
_ONE_OF: Final[dict[str, frozenset[str]]] = {
    "profile": PROFILES,
    "setting": SETTINGS,
    "danger": frozenset({"now", "no"}),
    "privacy": frozenset({"alone", "not-alone", ""}),
    "interpreter": frozenset({"none", "checked", "unchecked", ""}),
    "age": frozenset({"child", "maybe-child", "adult"}),
    "told": frozenset({"yes", "no", ""}),
    "band": frozenset(BANDS),
    "judgement": frozenset({*BANDS, ""}),
    "age_band": frozenset({"0-11", "12-17", "18-24", "25-59", "60+", ""}),
    "sex": frozenset({"female", "male", "other", ""}),
    "consent": frozenset({"yes", "only", "no", "not-asked"}),
    "outcome": frozenset({"emergency", "refer", "child-referral", "information", "nothing"}),
    "contact": frozenset({"in-person", "safe-word", "through-service", "none", ""}),
}
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_LANGUAGE = re.compile(r"(?:[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2})?")
_OPTIONAL_CODES: Final = ("judgement_reason", "area", "list", "app")
_CODE_LISTS: Final = ("steps", "needs", "offered", "consent_for")
_NEEDED: Final = ("danger", "age", "outcome")
_KEYS: Final = frozenset(
    {"v", "seen", "language", "note", "facts", *_ONE_OF, *_OPTIONAL_CODES, *_CODE_LISTS}
)
_IDENTITY: Final = {"name": MOST_NAME, "phone": MOST_PHONE, "note": MOST_NOTE}
# A sign that opens or closes an element, or a comment: plain speech has none of them.
_MARKUP = re.compile(r"<[A-Za-z/!?]|&#?\w{2,8};")
# Control signs, and those that turn the direction of what follows until the end of the text.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class ContentFlaw(ValueError):
    """What was sealed is not as it must be. `code`: one of those that `check_content` gives."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_content(given: Any) -> str:
    """ "" when `given` is content v1, else the code of its first flaw.

    "unreadable" (no mapping), "version", "missing" (danger, age or outcome), "unknown-field",
    "wrong-type", "wrong-code", "too-long", "markup" or "control-signs" (in a text), and
    "judgement-reason" (the officer's own judgement is below what was shown, without a reason).
    """
    if flaw := _frame(given, _KEYS):
        return flaw
    if any(name not in given for name in _NEEDED):
        return "missing"
    checks: dict[str, Callable[[Any], str]] = {
        **{name: _one_of(codes) for name, codes in _ONE_OF.items()},
        **dict.fromkeys(_OPTIONAL_CODES, _optional_code),
        **dict.fromkeys(_CODE_LISTS, _codes),
        "seen": _seen,
        "language": _language,
        "note": _text(MOST_NOTE),
        "facts": _facts,
    }
    for name, value in given.items():
        if name != "v" and (flaw := checks[name](value)):
            return flaw
    return "judgement-reason" if _is_lowered_without_reason(given) else ""


def check_identity(given: Any) -> str:
    """ "" when `given` is identity v1, else the code of its first flaw, as `check_content`."""
    if flaw := _frame(given, frozenset({"v", *_IDENTITY})):
        return flaw
    for name, most in _IDENTITY.items():
        if name in given and (flaw := _text(most)(given[name])):
            return flaw
    return ""


def padded(given: Mapping[str, Any]) -> bytes:
    """JSON of `given`, with spaces up to whole blocks, so that its length tells little."""
    raw = json.dumps(given, separators=(",", ":"), ensure_ascii=False).encode()
    return raw + b" " * (-len(raw) % BLOCK)


def read_padded(plain: bytes) -> Any:
    """What was sealed. Raises ContentFlaw("unreadable")."""
    try:
        return json.loads(plain)
    except (ValueError, RecursionError):
        raise ContentFlaw("unreadable") from None


def without_hidden_signs(text: str) -> str:
    """`text` as it can be shown beside others: numbers copied from a phone's contacts bring signs
    that turn the direction of what follows.
    """
    return _CONTROL.sub("", text)


def is_lower(judgement: str, band: str) -> bool:
    """True when the officer's own judgement is below the band that was shown."""
    if judgement not in BANDS or band not in BANDS:
        return False
    return BANDS.index(judgement) < BANDS.index(band)


def _is_lowered_without_reason(given: Mapping[str, Any]) -> bool:
    lower = is_lower(given.get("judgement", ""), given.get("band", ""))
    return lower and not given.get("judgement_reason")


def _frame(given: Any, keys: frozenset[str]) -> str:
    if not isinstance(given, Mapping):
        return "unreadable"
    if given.get("v") != VERSION or given.get("v") is True:
        return "version"
    return "unknown-field" if set(given) - keys else ""


def _one_of(codes: frozenset[str]) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not isinstance(value, str):
            return "wrong-type"
        return "" if value in codes else "wrong-code"

    return check


def _text(most: int) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not isinstance(value, str):
            return "wrong-type"
        if len(value) > most:
            return "too-long"
        if _CONTROL.search(value):
            return "control-signs"
        return "markup" if _MARKUP.search(value) else ""

    return check


def _optional_code(value: Any) -> str:
    if not isinstance(value, str):
        return "wrong-type"
    return "" if value == "" or _CODE.fullmatch(value) else "wrong-code"


def _language(value: Any) -> str:
    if not isinstance(value, str):
        return "wrong-type"
    return "" if _LANGUAGE.fullmatch(value) else "wrong-code"


def _codes(value: Any) -> str:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return "wrong-type"
    if len(value) > MOST_CODES:
        return "too-long"
    return "" if all(_CODE.fullmatch(each) for each in value) else "wrong-code"


def _seen(value: Any) -> str:
    if not isinstance(value, dict):
        return "wrong-type"
    if len(value) > MOST_SIGNS:
        return "too-long"
    whole = all(_CODE.fullmatch(sign) for sign in value) and all(
        isinstance(answer, str) and answer in ANSWERS for answer in value.values()
    )
    return "" if whole else "wrong-code"


def _facts(value: Any) -> str:
    """Coded facts of a partner's file that content v1 has no place of its own for."""
    if not isinstance(value, dict):
        return "wrong-type"
    return "wrong-code" if facts_flaws(value) else ""
