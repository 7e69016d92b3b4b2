"""Whatever a portfolio holds: its file comes in unchanged, and builds the same file again."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from lxml import etree

from cairn.access.queries import SYSTEM
from cairn.portfolio.actions.iati import take_iati
from cairn.portfolio.exports import iati
from cairn.portfolio.models import (
    Agreement,
    BudgetLine,
    Expenditure,
    Pledge,
    Project,
    Receipt,
)
from cairn.portfolio.queries.iati_comparison import Comparison
from cairn.portfolio.rules import Publication
from cairn.portfolio.tests import factories

pytestmark = pytest.mark.django_db
CENTS = st.integers(1, 10**9).map(lambda cents: Decimal(cents) / 100)
DAYS = st.dates(date(2015, 1, 1), date(2025, 12, 31))
PARTIAL = st.builds(lambda day, most: day.isoformat()[:most], DAYS, st.sampled_from([4, 7, 10]))
# Text as people paste it, with markup and signs that a spreadsheet would run.
TEXTS = st.text(st.sampled_from("aé<&>\"'=+-@ \tمش中x"), max_size=30).map(lambda t: f"A{t}z")
PLACES = st.lists(
    st.sampled_from(["Nepal", "Côte d'Ivoire", "Viet Nam", "Western Africa", "Europe", "Global"]),
    unique=True,
    max_size=3,
)
PROJECTS = st.lists(
    st.fixed_dictionaries(
        {
            "title": TEXTS,
            "outline": TEXTS,
            "objectives": st.one_of(st.just(""), TEXTS),
            "starts": st.one_of(st.just(""), PARTIAL),
            "years": st.integers(0, 4),
            "places": PLACES,
            "budget": st.one_of(st.none(), CENTS),
            "parts": st.lists(CENTS, max_size=3),
            "pledges": st.dictionaries(st.sampled_from(["", "One", "Two"]), CENTS, max_size=3),
            "days": st.lists(DAYS, min_size=1, max_size=4, unique=True).map(sorted),
        }
    ),
    min_size=1,
    max_size=3,
)


def make(reference: str, told: dict[str, Any]) -> None:
    starts = told["starts"]
    ends = str(int(starts[:4]) + told["years"]) if starts and told["years"] else ""
    total = sum(told["parts"], Decimal(0)) if told["parts"] and starts else told["budget"]
    made = factories.project(
        reference, title=told["title"], outline=told["outline"], objectives=told["objectives"],
        starts=starts, ends=ends, places=told["places"], budget=None,
    )  # fmt: skip
    Project.objects.filter(pk=made.pk).update(budget_usd=total)
    if starts:
        for place, part in enumerate(told["parts"]):
            year = str(int(starts[:4]) + place)
            BudgetLine.objects.create(
                project=made, starts=year, ends=year, amount=part, currency="USD", usd=part
            )
    for name, amount in told["pledges"].items():
        giver = factories.donor(f"Invented {name}") if name else None
        pledge = Pledge.objects.create(
            project=made, donor=giver, amount=amount, usd=amount, pledged=told["starts"]
        )
        first, *later = told["days"]
        agreed = Agreement.objects.create(
            pledge=pledge, reference=f"A-{reference}-{name}", signed_on=first, amount=amount,
            usd=amount,
        )  # fmt: skip
        part = (amount / (len(later) + 1)).quantize(Decimal("0.01"), "ROUND_DOWN")
        for day in later if part else ():
            Receipt.objects.create(agreement=agreed, received_on=day, amount=part, usd=part)
            # One agreement can be told apart from none, several cannot: see decision 33.
            if len(told["pledges"]) == 1:
                spent = day + timedelta(days=1)
                Expenditure.objects.create(agreement=agreed, spent_on=spent, amount=part, usd=part)


def out() -> bytes:
    return b"".join(iati.every_activity(now=timezone.now()))


def told(content: bytes) -> list[list[bytes]]:
    return [sorted(etree.tostring(child) for child in each) for each in etree.fromstring(content)]


def take(content: bytes) -> Comparison:
    return take_iati(SYSTEM, BytesIO(content), today=timezone.localdate())


class RoundTrip(TestCase):
    # Without looking for a smaller case: that takes minutes, and the case tells what is wrong.
    @settings(
        max_examples=10,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(PROJECTS)
    def test_out_and_in_and_out_again(self, projects: list[dict[str, Any]]) -> None:
        for place, each in enumerate(projects):
            make(f"X{place}", each)
        first = out()
        same = take(first)
        assert (same.counts["unchanged"], same.lines) == (len(projects), [])
        for model in (Expenditure, Receipt, Agreement, Pledge, BudgetLine, Project):
            model.objects.all().delete()
        found = take(first)
        assert [line.complaints for line in found.lines if line.complaints] == []
        assert found.applied
        Project.objects.update(publication=Publication.PUBLIC, state="approved")
        assert told(out()) == told(first)
        again = take(first)
        assert again.counts["unchanged"] == len(projects)
