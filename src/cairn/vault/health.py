"""Whether sealed values can be opened here: asked before anything that reads records starts."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError

from cairn.vault import roots, signing, zone_keys
from cairn.vault.backups import restoring
from cairn.vault.errors import Altered, RootError
from cairn.vault.models import KeyState, SigningKey, ZoneKey


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why the vault cannot be used. `code` is stable; the others are one sentence."""

    code: str
    sentence: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.sentence} Remedy: {self.remedy}"


def check() -> list[Problem]:
    """Every problem with key store and root key; empty when every zone can be opened.

    Makes the first root key where there is none and nothing was ever wrapped.
    """
    if broken_off := restoring.unfinished(settings.HOME):
        remedy = "run ./cairn restore again with the same file."
        return [Problem("restore.unfinished", broken_off, remedy)]
    try:
        wrapped = list(_wrapped_keys())
    except DatabaseError as problem:
        return [
            Problem(
                "store.unusable",
                f"The key store cannot be read ({type(problem).__name__}).",
                "run ./cairn migrate, or correct CAIRN_KEYS_DATABASE_URL.",
            )
        ]
    found: dict[str, Problem] = {}
    try:
        source = roots.configured()
        source.current()
    except RootError as problem:
        return [Problem(problem.code, problem.sentence, problem.remedy)]
    for what, root_id, key, bound in wrapped:
        try:
            source.unwrap(root_id, key, bound)
        except RootError as problem:
            found[problem.sentence] = Problem(problem.code, problem.sentence, problem.remedy)
        except Altered:
            found[what] = Problem(
                "store.altered",
                f"{what} in the key store was altered: root key {root_id} does not open it.",
                "put the newest copy of the key store back.",
            )
    return list(found.values())


def refuse_if_unusable() -> None:
    """End this process, with one sentence on the error output, when the vault cannot be used."""
    problems = check()
    if problems:
        raise SystemExit("\n".join(f"Cairn does not start. {each}" for each in problems))


def _wrapped_keys() -> Iterator[tuple[str, str, bytes, bytes]]:
    """(what it is, root id, wrapped bytes, what they are bound to) of all that a root wraps."""
    for row in ZoneKey.objects.exclude(state=KeyState.DESTROYED):
        what = f"Version {row.version} of the key of zone {row.zone}"
        yield what, row.root_id, bytes(row.wrapped), zone_keys.bound(row.zone, row.version)
    for pair in SigningKey.objects.all():
        what = f"Signing key {pair.pk}"
        yield what, pair.root_id, bytes(pair.wrapped), signing.bound(pair.pk)
