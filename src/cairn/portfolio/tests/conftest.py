"""The real portfolio, read in once for each module of tests."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from cairn.access.queries import SYSTEM


@pytest.fixture(scope="module")
def real_portfolio(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """All files of `seed/`, taken back after the last test of the module."""
    from cairn.portfolio.actions.seed import load_seed

    with django_db_blocker.unblock(), transaction.atomic():
        load_seed(SYSTEM)
        yield
        transaction.set_rollback(True)
