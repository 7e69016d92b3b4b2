"""Who stands in the scene, and what: people by role, records by their relation to them."""

from dataclasses import dataclass, field

from cairn.access.models import User
from cairn.core.models import Organisation, OrganisationKind
from tests.doors.outcome import Relation as R

HERE, THERE = "NPL", "KEN"


@dataclass(frozen=True, slots=True)
class Subject:
    """A record as an address names it (`key`), and words of it that nobody else may read.

    `sealed`: words that stand on no page at all before they are opened with a reason.
    """

    key: str
    marks: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()


@dataclass(slots=True)
class Scene:
    """Who is there, and what.

    `subjects`: kind -> relation -> record; `personal` holds instead what is one's own for each
    role alone.
    """

    users: dict[str, User] = field(default_factory=dict)
    subjects: dict[str, dict[R, Subject]] = field(default_factory=dict)
    personal: dict[str, dict[str, Subject]] = field(default_factory=dict)

    def put(
        self, kind: str, relation: R, key: object, *marks: str, sealed: tuple[str, ...] = ()
    ) -> None:
        self.subjects.setdefault(kind, {})[relation] = Subject(str(key), marks, sealed)

    def subject(self, kind: str, relation: R, role: str) -> Subject | None:
        """The record to ask for; None where `role` (empty: a visitor) can have none."""
        if relation == R.OWN and kind in self.personal:
            return self.personal[kind].get(role)
        return self.subjects[kind].get(relation)


def body(name: str) -> Organisation:
    made, _ = Organisation.objects.get_or_create(
        slug=name.lower().replace(" ", "-"), defaults={"name": name, "kind": OrganisationKind.NGO}
    )
    return made


def own_organisation() -> Organisation:
    return body("Own Invented Agency")


def other_organisation() -> Organisation:
    return body("Other Invented Agency")
