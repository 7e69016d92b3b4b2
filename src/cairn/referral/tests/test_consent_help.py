"""Help does not depend on consent: whatever the person says, the same may be offered."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import cairn.referral
from cairn.access.tests.factories import user_with_role
from cairn.core import clock
from cairn.referral.actions.consent import withdraw
from cairn.referral.models import Person
from cairn.referral.models.consent import Consent
from cairn.referral.queries.routing import ranked, wish_for
from cairn.referral.rules.choices import Need
from cairn.referral.rules.consent import ConsentState, Said
from cairn.referral.tests.consent_factories import answered
from cairn.referral.tests.factories import actor_of, person
from cairn.referral.tests.protocols_made import agreed, both, other, service

PACKAGE = Path(cairn.referral.__file__).parent
# What finds, offers and plans help. None of it may know what was agreed.
HELP = (
    "rules/routing.py",
    "rules/services.py",
    "rules/plans.py",
    "rules/returns.py",
    "queries/routing.py",
    "queries/services.py",
    "models/services.py",
    "actions/plans.py",
)
CONSENT = ("cairn.referral.rules.consent", "cairn.referral.models.consent",
           "cairn.referral.queries.consent", "cairn.referral.actions.consent")  # fmt: skip


@pytest.mark.parametrize("path", HELP)
def test_what_offers_help_does_not_know_what_was_agreed(path: str) -> None:
    tree = ast.parse((PACKAGE / path).read_text())
    imported = {
        f"{node.module}.{each.name}" if isinstance(node, ast.ImportFrom) else each.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for each in node.names
    }
    assert imported
    assert not [name for name in imported if name.startswith(CONSENT) or name.endswith(".Consent")]


def offered(actor: Any, one: Person) -> list[Any]:
    """What each need leads to, with every reason."""
    now = clock.now()
    return [ranked(actor, one, wish_for(one, need.value), now) for need in Need]


@pytest.mark.django_db
@pytest.mark.parametrize("state", ConsentState)
def test_the_same_help_is_offered_in_every_state(state: ConsentState) -> None:
    user = user_with_role("service-provider")
    actor = actor_of(user)
    agreed(both())
    service()
    one = person(actor)
    before = offered(actor, one)
    assert any(ranking.offered for ranking in before)
    made = answered(actor, one, recipient=other())
    Consent._base_manager.filter(pk=made.pk).update(state=state)
    assert offered(actor, one) == before
    client = Client()
    client.force_login(user)
    page = client.get(one.get_absolute_url()).content.decode()
    assert reverse("referral:referral-new", args=[one.code]) in page


@pytest.mark.django_db
def test_taking_back_changes_nothing_of_what_is_offered() -> None:
    actor = actor_of(user_with_role("service-provider"))
    agreed(both())
    service()
    one = person(actor)
    made = answered(actor, one, recipient=other())
    before = offered(actor, one)
    withdraw(actor, one.code, made.number, Said.IN_PERSON)
    assert offered(actor, one) == before
    kept = Person.objects.get(pk=one.pk)
    assert kept.is_open
    assert (kept.caseworker, kept.version) == (one.caseworker, one.version)
    assert kept.keep_until == one.keep_until
    assert kept.opened_on <= timezone.localdate()
