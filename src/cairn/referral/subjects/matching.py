"""What goes with a record that is erased: the keys by which it was found."""

from typing import Any

from cairn.referral.subjects.persons import erased_with


def forget(person: Any) -> None:
    """The keys go; decided pairs stay, as they hold no more than two codes and who decided."""
    from cairn.referral.actions.matching import forget_keys  # models are not loaded yet

    forget_keys(person)


erased_with(forget=forget)
