"""The real portfolio out as aid data and in again."""

from io import BytesIO

import pytest
from django.utils import timezone

from cairn.access.queries import SYSTEM
from cairn.portfolio.exports import iati
from cairn.portfolio.iati.parsing import Document
from cairn.portfolio.iati.standard import Standard
from cairn.portfolio.models import Project
from cairn.portfolio.queries.iati_comparison import compare
from cairn.portfolio.tests.iati_files import STANDARD, needs_standard

pytestmark = pytest.mark.django_db


@needs_standard
@pytest.mark.parametrize("name", iati.FILES)
def test_it_passes_schema_lists_and_ruleset(real_portfolio: None, name: str) -> None:
    standard = Standard(STANDARD, today=timezone.localdate())
    content = b"".join(iati.FILES[name](now=timezone.now()))
    assert list(standard.check_file(Document(BytesIO(content)))) == []


def test_what_went_out_comes_in_unchanged(real_portfolio: None) -> None:
    content = b"".join(iati.every_activity(now=timezone.now()))
    found = compare(SYSTEM, BytesIO(content), today=timezone.localdate())
    published = Project.objects.exclude(publication="withheld").count()
    assert found.counts == dict.fromkeys(found.counts, 0) | {"unchanged": published}
    assert published > 40
    assert (found.complaints, found.lines, found.refusal) == (0, [], {})
