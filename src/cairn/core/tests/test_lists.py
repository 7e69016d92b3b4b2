"""A code in a list of a JSON column is found on every database; the reader's language."""

import pytest
from django.utils.translation import deactivate_all, override

from cairn.core.language import language
from cairn.core.lists import naming
from cairn.portfolio.models import Event
from cairn.portfolio.tests import factories


@pytest.mark.django_db
def test_rows_are_found_by_a_code_in_any_of_the_lists() -> None:
    factories.event("XE1", place_countries=["NPL", "KEN"])
    factories.event("XE2", from_countries=["NPL"])
    factories.event("XE3", place_countries=["KEN"], from_countries=[])
    found = naming(Event.objects.all(), "NPL", "place_countries", "from_countries")
    assert {event.reference for event in found} == {"XE1", "XE2"}
    assert not naming(Event.objects.all(), "NP", "place_countries").exists()


def test_the_language_has_no_region_and_is_english_where_none_is_active() -> None:
    with override("fr-ca"):
        assert language() == "fr"
    with override(None):
        deactivate_all()
        assert language() == "en"
