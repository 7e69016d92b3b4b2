"""The state of the keys as the page shows it; no key material."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cairn.vault import health, roots, rotation
from cairn.vault.errors import RootError
from cairn.vault.models import Rotation
from cairn.vault.roots import EnvironmentRoot, FileRoot
from cairn.vault.transit import TransitRoot

SOURCES: dict[type, Promise] = {
    FileRoot: _("in a file of this installation"),
    EnvironmentRoot: _("in the environment of the server"),
    TransitRoot: _("in a key service, which never gives it out"),
}


def zones() -> list[rotation.ZoneState]:
    return rotation.zones()


def running() -> list[Rotation]:
    """Renewals that are under way, or were cut off and will go on."""
    return rotation.running()


def problems() -> list[health.Problem]:
    return health.check()


def root() -> tuple[str, str]:
    """(source of the root key, its fingerprint); the second is empty when it is out of reach."""
    try:
        source = roots.configured()
        return str(SOURCES.get(type(source), _("unknown"))), source.current()
    except RootError as problem:
        return problem.sentence, ""
