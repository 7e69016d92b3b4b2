"""Who opened something of a person's file, in words that can be handed to the person."""

from collections.abc import Mapping, Sequence

from django.db.models import Q, QuerySet

from cairn.oversight.models import ReadingSubject
from cairn.oversight.queries.readings import Seen, told_of
from cairn.oversight.subjects import kinds
from cairn.referral.models.persons import Person
from cairn.referral.models.rows import PersonRow
from cairn.referral.queries.consent_rights import kinds_of, models_about

# The copy on paper shows the newest; the page shows all, a screen at a time.
MOST_PRINTED = 500


def readings(person: Person) -> QuerySet[ReadingSubject]:
    """What was opened, newest first; the caller sees the person.

    Rows carry the person's code in small letters; what has a code of its own is asked for by id.
    """
    own = Q(subject_id=person.pk) | Q(code__startswith=f"{person.code.lower()}.")
    for model in models_about():
        if not issubclass(model, PersonRow) and kinds_of(model) is not None:
            ids = model._default_manager.filter(person=person).order_by().values("pk")
            own |= Q(subject_id__in=ids)
    rows = ReadingSubject.objects.filter(own).select_related("reading")
    return rows.order_by("-reading__at", "pk")


def told(rows: Sequence[ReadingSubject]) -> list[Seen]:
    """Those openings with roles and organisations, never names of staff. One query."""
    return told_of(rows)


def part_words() -> Mapping[tuple[str, str], str]:
    """(kind, field) -> what was opened, in words."""
    return {(kind.key, name): str(words) for kind in kinds() for name, words in kind.sealed.items()}
