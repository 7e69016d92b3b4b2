"""Lists count no more than they must, and addresses can ask only for what is listed."""

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory

from cairn.ui.pages import Column, Page, changed_query, page_of, sorting_of

CODES = Column("code", "Code", ("model", "app_label"))
PLAIN = Column("title", "Title")


def request(**query: str) -> HttpRequest:
    return RequestFactory().get("/projects/", query)


def rows(count: int) -> Any:
    ContentType.objects.all().delete()
    ContentType.objects.bulk_create(
        ContentType(app_label="invented", model=f"row{number:05}") for number in range(count)
    )
    return ContentType.objects.order_by("model")


@pytest.mark.django_db
def test_one_page_costs_one_query(django_assert_num_queries: Any) -> None:
    queryset = rows(25)
    with django_assert_num_queries(1):
        page: Page[Any] = page_of(queryset, request())
    assert (len(page), page.total, page.is_only, page.has_next) == (25, 25, True, False)


@pytest.mark.django_db
def test_the_last_page_is_counted_by_its_rows(django_assert_num_queries: Any) -> None:
    queryset = rows(60)
    with django_assert_num_queries(1):
        page: Page[Any] = page_of(queryset, request(page="3"))
    assert (page.first, page.last, page.total, page.has_next) == (51, 60, 60, False)


@pytest.mark.django_db
def test_a_page_in_between_costs_one_count_more(django_assert_num_queries: Any) -> None:
    queryset = rows(60)
    with django_assert_num_queries(2):
        page: Page[Any] = page_of(queryset, request(page="2"))
    assert (page.first, page.last, page.total) == (26, 50, 60)


@pytest.mark.django_db
def test_counting_stops_at_a_thousand_and_says_so(django_assert_num_queries: Any) -> None:
    queryset = rows(1_005)
    with django_assert_num_queries(2) as queries:
        page: Page[Any] = page_of(queryset, request())
    assert (page.total, page.is_floor) == (1_000, True)
    assert "LIMIT 1001" in queries.captured_queries[1]["sql"]


def test_exactly_a_thousand_rows_are_a_thousand_and_not_more() -> None:
    page = page_of(range(1_000), request())
    assert (page.total, page.is_floor) == (1_000, False)
    assert [link.number for link in page.links] == [1, 2, None, 40]


@pytest.mark.parametrize("asked", ["0", "-1", "abc", "", "1e3", "²", "2 OR 1=1", "\x00"])
def test_what_is_not_a_page_number_is_the_first_page(asked: str) -> None:
    assert page_of(range(100), request(page=asked)).number == 1


@pytest.mark.parametrize("asked", ["5", "999", "9" * 40, "٩٩"])
def test_a_page_past_the_end_is_the_last_page(asked: str) -> None:
    page = page_of(range(100), request(page=asked))
    assert (page.number, list(page)) == (4, list(range(75, 100)))


def test_a_number_in_another_script_is_a_number() -> None:
    assert page_of(range(100), request(page="٢")).number == 2


@pytest.mark.django_db
def test_a_huge_page_number_does_not_reach_the_database_as_such() -> None:
    assert page_of(rows(30), request(page="9" * 30)).number == 2


def test_an_empty_list_is_an_empty_first_page() -> None:
    page: Page[int] = page_of([], request(page="7"))
    assert not page
    assert (page.number, page.first, page.last, page.total) == (1, 0, 0, 0)


def test_links_keep_the_filters_and_the_first_page_has_no_number() -> None:
    page = page_of(range(200), request(page="4", q="a b", region="15"))
    assert [(link.number, link.is_current) for link in page.links] == [
        (1, False),
        (None, False),
        (3, False),
        (4, True),
        (5, False),
        (None, False),
        (8, False),
    ]
    assert page.links[0].href == "?q=a+b&region=15"
    assert page.next_href == "?page=5&q=a+b&region=15"


def test_paging_is_drawn_as_links_that_can_be_followed_without_script() -> None:
    page = page_of(range(60), request(page="2", q="<b>"))
    template = Template('{% ui "pagination" page=page %}')
    drawn = " ".join(template.render(Context({"page": page})).split())
    assert '<a rel="prev" href="?q=%3Cb%3E">' in drawn
    assert '<a rel="next" href="?page=3&amp;q=%3Cb%3E">' in drawn
    assert 'aria-current="page"' in drawn
    assert "26 to 50 of 60" in drawn


@pytest.mark.parametrize("asked", ["title", "secret", "-pk", "code__x", "", "--code"])
def test_only_listed_keys_sort(asked: str) -> None:
    sorting = sorting_of(request(sort=asked), [CODES, PLAIN], "-code")
    assert (sorting.key, sorting.is_descending) == ("code", True)


@pytest.mark.django_db
def test_sorting_is_firm_in_both_directions() -> None:
    queryset = rows(3)
    up = sorting_of(request(sort="code"), [CODES], "code").apply(queryset)
    down = sorting_of(request(sort="-code"), [CODES], "code").apply(queryset)
    assert up.query.order_by == ("model", "app_label", "pk")
    assert down.query.order_by == ("-model", "-app_label", "pk")
    assert [row.model for row in down] == ["row00002", "row00001", "row00000"]


def test_a_heading_sorts_and_turns_the_order_round_from_the_first_page() -> None:
    headers = sorting_of(request(sort="code", page="3", q="a"), [CODES, PLAIN], "code").headers
    assert (headers[0].direction, headers[0].href) == ("ascending", "?sort=-code&q=a")
    assert (headers[1].direction, headers[1].href) == ("", "")


def test_changing_a_query_sets_several_and_removes_what_is_empty() -> None:
    query = request(a="1", b="2").GET
    assert changed_query(query, {"a": None, "b": "", "c": ["3", "4"]}) == "?c=3&c=4"
    assert changed_query(query, {"a": None, "b": None}) == "?"
