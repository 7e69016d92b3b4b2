"""Attacks on the directory: trying out sealed addresses by files, reaching services elsewhere."""

from typing import Any

import pytest

from cairn.access.tests.factories import organisation
from cairn.core.errors import RuleBroken
from cairn.core.models import AuditEntry
from cairn.referral.actions import directory_files as actions
from cairn.referral.models import Service
from cairn.referral.tests.factories_directory import (
    ADDRESS,
    editor,
    place,
    role,
    service,
    shelter,
)
from cairn.referral.tests.test_directory_files import TODAY, given, packed

pytestmark = pytest.mark.django_db


def caught() -> list[dict[str, Any]]:
    return list(AuditEntry.objects.filter(code="location.caught").values_list("facts", flat=True))


def of(name: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    return given(number, organization={"name": name}, **changes)


def test_a_file_of_another_organisation_tells_nothing_of_its_sealed_places() -> None:
    """Ten thousand guesses in one file, in the name of the shelter's organisation."""
    keeper = editor()
    place(keeper, shelter(keeper).code)
    stranger = role("referral-focal-point", "stranger", at=organisation("Invented Other"))
    name = organisation().name
    guesses = packed(of(name, 1, description=f"See {ADDRESS}"), of(name, 2, description="See 9 Ox"))
    plan = actions.read_file(stranger, guesses, "NPL", TODAY)
    assert [(each.row, each.field) for each in plan.problems] == [
        (1, "organization"),
        (2, "organization"),
    ]


def test_a_file_of_another_organisation_is_not_compared_with_its_services() -> None:
    keeper = editor()
    content = packed(of(organisation().name))
    actions.take_in(keeper, content, "NPL", TODAY, actions.read_file(
        keeper, content, "NPL", TODAY).digest)  # fmt: skip
    stranger = role("referral-focal-point", "stranger", at=organisation("Invented Other"))
    right = actions.read_file(stranger, content, "NPL", TODAY).counts
    wrong = packed(of(organisation().name, description="Another guess"))
    assert actions.read_file(stranger, wrong, "NPL", TODAY).counts == right


def test_each_file_that_tells_a_sealed_address_is_noted_looked_at_or_taken_in() -> None:
    keeper = editor()
    place(keeper, shelter(keeper).code)
    told = packed(of(organisation().name, 1, description=f"See {ADDRESS}"), of("Invented Other", 2))
    plan = actions.read_file(keeper, told, "NPL", TODAY)
    fact = {"field": "file", "organisation": str(organisation().pk), "count": 1}
    assert caught() == [fact]
    with pytest.raises(RuleBroken):
        actions.take_in(keeper, told, "NPL", TODAY, plan.digest)
    assert caught() == [fact, fact]
    assert not Service.objects.filter(source_id="service-1").exists()


@pytest.mark.parametrize("status", ["active", "defunct"])
def test_a_file_changes_and_closes_no_service_of_a_place_that_is_not_ones_own(status: str) -> None:
    """Its id is enough to name it, and the file says that it is in one's own country."""
    abroad = replace_country(service(editor()))
    own = role("referral-focal-point", "own", country="NPL")
    content = packed(of(organisation().name, id=str(abroad.pk), status=status))
    plan = actions.read_file(own, content, "NPL", TODAY)
    assert [each.field for each in plan.problems] == ["id"]


def replace_country(made: Service) -> Service:
    made.country = "IND"
    made.save(update_fields=["country"])
    return made


def test_ones_own_services_are_changed_by_a_file_as_before() -> None:
    here = service(editor())
    own = role("referral-focal-point", "own", country="NPL")
    content = packed(of(organisation().name, id=str(here.pk)))
    plan = actions.read_file(own, content, "NPL", TODAY)
    assert not plan.problems
    assert plan.counts == {"changed": 1}
    assert plan.stands
