"""What goes with a record that is erased: the keys by which it was found."""

from typing import Any

from django.db.models import Q

from cairn.referral.subjects.persons import erased_with


def forget(person: Any) -> None:
    """The keys go, and of decided pairs what was alike; two codes and who decided stay."""
    from cairn.referral.actions.matching import forget_keys  # models are not loaded yet
    from cairn.referral.models.matching import Pair

    forget_keys(person)
    Pair.objects.filter(Q(first=person) | Q(second=person)).update(reasons=[], score=0)


erased_with(forget=forget)
