"""The invented quarter of the demonstration: told over every threshold, and once."""

from typing import Any

import pytest
from django.utils import timezone

from cairn.access.queries import SYSTEM
from cairn.access.tests.factories import organisation
from cairn.core.measures import Period, Question, figures
from cairn.identification.models import Procedure
from cairn.referral.models import Person
from cairn.referral.rules.counts import settled_quarters
from cairn.web.demo_protection import Home
from cairn.web.demo_results_chain import COUNTRY, make_chain


@pytest.mark.django_db
def test_the_chain_of_the_demonstration_tells_of_help_and_decisions() -> None:
    today = timezone.localdate()
    home = Home(organisation(), organisation("Invented Partner"), today, {}, ())
    assert make_chain(home) > 100
    assert make_chain(home) == 0
    last = settled_quarters(today)[0]
    period = Period.quarter(last.year, last.number)

    def value(code: str) -> Any:
        return figures(SYSTEM, code, Question(period, country=COUNTRY))[0].found.value

    found = ("reports_trained", "decisions", "identified")
    assert [value(f"identification.{code}") for code in found] == [49, 29, 12]
    helped = ("sent", "accepted", "in_time", "persons", "services")
    assert [value(f"referral.{code}") for code in helped] == [70, 50, 50, 55, 55]
    assert not Person.objects.filter(organisation=home.own).exists()
    assert not Procedure.objects.filter(organisation=home.own).exists()
