"""Forms of assistance."""

from cairn.referral.forms.persons import (
    LONGEST_NOTE,
    CaseworkerForm,
    ChangeForm,
    CloseForm,
    EnterForm,
    PersonForm,
)

__all__ = [
    "LONGEST_NOTE",
    "CaseworkerForm",
    "ChangeForm",
    "CloseForm",
    "EnterForm",
    "PersonForm",
]
