"""What was opened is shown as text; what cannot be read says why, and never as a program would."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cairn.access.queries import actor_for
from cairn.access.tests.factories import user_with_role
from cairn.oversight.actions.desk import move_incident, report_incident
from cairn.oversight.actions.readings import Unreadable
from cairn.oversight.models import Step
from cairn.oversight.models.desk import IncidentKind, Severity
from cairn.oversight.rules import IncidentState
from cairn.oversight.views.showing import Shown, shown_value
from cairn.vault import keyring

DESCRIPTION = "A list was left on a printer."
NOTE = "The list was found and shredded."


def test_a_value_that_opens_is_its_text() -> None:
    assert shown_value("Reason", "Because.") == Shown("Reason", "Because.")
    assert shown_value("Reason", None) == Shown("Reason", "")


@pytest.mark.parametrize("reason", ["altered", "erased", "no-key"])
def test_a_value_that_does_not_open_says_why_and_has_no_text(reason: str) -> None:
    found = shown_value("Reason", Unreadable(reason))  # type: ignore[arg-type]
    assert found.text == ""
    assert found.problem


@pytest.mark.django_db
@pytest.mark.parametrize("is_erased", [False, True])
def test_the_notes_of_an_incident_open_with_it_or_say_that_they_cannot(
    client: Client, is_erased: bool
) -> None:
    user = user_with_role("data-protection-officer")
    actor = actor_for(user, today=timezone.localdate())
    incident = report_incident(
        actor,
        IncidentKind.WRONG_RECIPIENT,
        Severity.SERIOUS,
        aware_at=timezone.now(),
        description=DESCRIPTION,
    )
    move_incident(actor, incident.pk, IncidentState.CONTAINED, NOTE)
    assert Step.objects.visible_to(actor).filter(record_id=incident.pk).count() == 2
    if is_erased:
        keyring.destroy(incident.data_key)
    client.force_login(user)
    address = reverse("oversight:incident", args=[incident.pk])
    closed, opened = (
        client.get(address).content.decode(),
        client.post(address).content.decode(),
    )
    assert DESCRIPTION not in closed
    assert NOTE not in closed
    assert "Unreadable" not in opened
    if is_erased:
        assert opened.count("cannot be read: erased") == 2
    else:
        assert DESCRIPTION in opened
        assert NOTE in opened
