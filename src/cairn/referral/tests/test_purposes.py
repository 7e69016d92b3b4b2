"""What is asked for as words about a person, and what goes by a hand-over alone."""

from typing import Any

import pytest

from cairn.referral.forms.exchange import PersonFileForm
from cairn.referral.forms.referrals import ChooseForm
from cairn.referral.forms.referrals_editing import EditForm
from cairn.referral.forms.routing import RouteForm
from cairn.referral.forms.sharing import TermsForm
from cairn.referral.rules.choices import Purpose


@pytest.mark.parametrize(
    ("form", "name"),
    [
        (RouteForm, "purpose"),
        (ChooseForm, "purpose"),
        (EditForm, "purpose"),
        (TermsForm, "purpose"),
        (PersonFileForm, "told_for"),
    ],
)
def test_a_whole_file_is_not_asked_for_as_words(form: Any, name: str) -> None:
    offered = {value for value, _label in form.base_fields[name].choices}
    assert offered - {""} == set(Purpose.values) - {Purpose.TRANSFER}
