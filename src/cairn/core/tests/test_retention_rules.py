"""Retention: the named rules, their words, and the records whose time is over."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.utils.functional import Promise
from pytest_django import DjangoAssertNumQueries

from cairn.access.models import Membership
from cairn.access.tests.factories import user_with_role
from cairn.core.classification import DECLARATIONS, Declaration, Ending, Level, Retention, Zone
from cairn.core.retention_rules import (
    RULES,
    due,
    due_rows,
    in_words,
    kept,
    length_in_words,
    removed_by_itself,
)
from cairn.imports.models import ImportBatch

TODAY = date(2026, 6, 1)


def make_batch(created_at: datetime) -> ImportBatch:
    return ImportBatch.objects.create(
        kind="projects", filename="invented.csv", sha256="0" * 64, size=1, created_at=created_at
    )


@pytest.mark.parametrize("code", RULES)
def test_every_rule_says_where_it_comes_from(code: str) -> None:
    assert str(RULES[code].label)
    assert str(RULES[code].source).endswith(".")


def test_a_rule_that_a_deployment_must_decide_says_so_in_its_source() -> None:
    silent = [
        rule.code
        for rule in RULES.values()
        if rule.must_decide
        and not any(word in str(rule.source) for word in ("decide", "default", "law", "enters"))
    ]
    assert silent == []


def test_the_settings_replace_a_default_and_settle_the_decision(settings: LazySettings) -> None:
    assert kept("incident", "aware_at").must_decide
    settings.RETENTION_DAYS = {"incident": 10}
    retention = kept("incident", "aware_at")
    assert (retention.days, retention.must_decide) == (10, False)


def test_what_belongs_to_a_record_has_no_time_of_its_own() -> None:
    retention = kept("import", follows="batch")
    assert (retention.days, retention.counted_from) == (None, "")
    assert not retention.must_decide, "it is decided for the record that it belongs to"
    assert in_words(retention) == "as long as the record that it belongs to"


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(KeyError):
        kept("for-ever")


@pytest.mark.parametrize(
    ("days", "words"), [(365, "1 year"), (1825, "5 years"), (14, "14 days"), (1, "1 day")]
)
def test_a_length_reads_as_people_say_it(days: int, words: str) -> None:
    assert length_in_words(days) == words


def test_the_words_join_length_and_event() -> None:
    assert in_words(kept("incident", "aware_at")) == "5 years after the incident was reported"
    assert in_words(kept("person", "keep_until")) == "until the day that is set on the record"


def test_what_the_system_removes_is_told_apart() -> None:
    assert kept("import", "created_at").ending == Ending.AUTOMATIC
    assert kept("incident", "aware_at").ending == Ending.DECIDED
    assert removed_by_itself(kept("incident", "aware_at")).ending == Ending.AUTOMATIC


def test_nothing_about_people_is_removed_without_a_decision() -> None:
    harmful = {Level.SENSITIVE, Level.SEALED}
    removed = [
        declaration.label
        for declaration in DECLARATIONS.values()
        if harmful & set(declaration.levels.values())
        and declaration.retention.ending == Ending.AUTOMATIC
    ]
    # A file that waits for a word is a copy: whoever brought it has it still.
    assert removed == ["training.StagedFile"]


@pytest.mark.django_db
@pytest.mark.parametrize(("days_ago", "is_due"), [(364, False), (365, False), (366, True)])
def test_a_moment_counts_as_its_whole_day(days_ago: int, is_due: bool) -> None:
    day = TODAY - timedelta(days=days_ago)
    make_batch(datetime(day.year, day.month, day.day, 23, 59, tzinfo=UTC))
    labels = [each.declaration.label for each in due(TODAY)]
    assert ("imports.ImportBatch" in labels) is is_due


@pytest.mark.django_db
def test_due_gives_the_rows_and_their_number() -> None:
    late = make_batch(datetime(2020, 1, 1, tzinfo=UTC))
    make_batch(datetime(2026, 5, 1, tzinfo=UTC))
    found = next(each for each in due(TODAY) if each.model is ImportBatch)
    assert found.count == 1
    assert list(found.rows) == [late]
    assert found.before == TODAY - timedelta(days=365)


@pytest.mark.django_db
@pytest.mark.parametrize(("ends_on", "is_due"), [(None, False), (date(2021, 6, 1), True)])
def test_a_record_without_an_end_is_never_due(ends_on: date | None, is_due: bool) -> None:
    user = user_with_role("trainer")
    Membership.objects.filter(user=user).update(starts_on=date(2020, 1, 1), ends_on=ends_on)
    rows = due_rows(DECLARATIONS["access.Membership"], TODAY)
    assert rows.filter(user=user).exists() is is_due


@pytest.mark.django_db
def test_due_asks_once_for_each_model(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(3):
        make_batch(datetime(2019, 1, 1 + number, tzinfo=UTC))
    counted = [
        label
        for label, declaration in DECLARATIONS.items()
        if declaration.retention.days is not None and not label.startswith("vault.")
    ]
    with django_assert_num_queries(len(counted)):
        due(TODAY)


@pytest.mark.django_db
def test_no_days_means_nothing_is_due() -> None:
    make_batch(datetime(1999, 1, 1, tzinfo=UTC))
    undated = Declaration(
        "imports.ImportBatch", Zone.PROGRAMME, _words(), _words(), _undated(), levels={}
    )
    assert not due_rows(undated, TODAY).exists()


def _words() -> Promise:
    return RULES["import"].label


def _undated() -> Retention:
    return Retention(None, "", RULES["import"].source)
