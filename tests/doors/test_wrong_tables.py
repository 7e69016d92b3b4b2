"""The table of doors would be found out: a door or a view that is wrong is told by somebody.

Only where some role makes a difference: two permissions that the same roles hold are one to the
table, whoever asks.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from cairn.access.guards import needs, signed_in
from cairn.access.permissions import Permission as P
from cairn.portfolio.models import Project
from cairn.referral.models import PersonQuerySet
from tests.doors.askers import alike, firsts, named_by
from tests.doors.asking import Browser, every_pattern
from tests.doors.comparing import asked_by_all
from tests.doors.outcome import FINE, FORM, R
from tests.doors.secret import everything
from tests.doors.stage import Scene, body
from tests.doors.table import DOORS, KINDS

pytestmark = [
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.processes,
    pytest.mark.once,
    pytest.mark.usefixtures("kept_refusals"),
]
View = Callable[..., Any]


@pytest.fixture(autouse=True)
def new_table() -> Iterator[None]:
    """What is worked out from the table once is worked out again, before and after."""
    forget()
    yield
    forget()


def forget() -> None:
    for each in (named_by, firsts, alike):
        each.cache_clear()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("portfolio:findings", {"before": frozenset({P.REQUEST_VIEW})}),
        ("portfolio:request-new", {"before": frozenset({P.REQUEST_VIEW})}),
        ("portfolio:project-edit", {"needs": frozenset({P.PORTFOLIO_VIEW})}),
        ("oversight:alert-explain", {"methods": FORM | {"DELETE"}, "answers": FINE, "posts": FINE}),
        ("training:credentials-issue", {"at_place": False}),
        ("training:credentials", {"runs": False}),
        ("portfolio:export", {"if_holding": None}),
        ("imports:start", {"any_of": frozenset({P.PORTFOLIO_IMPORT})}),
        ("oversight:notices-see", {"leaves": frozenset()}),
        ("library:tools", {"methods": FORM}),
        ("web:home", {"is_open": True}),
    ],
)
def test_a_wrong_door_is_found(
    scene: Scene,
    browsers: dict[str, Browser],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    changes: dict[str, Any],
) -> None:
    monkeypatch.setitem(DOORS, name, replace(DOORS[name], **changes))
    assert asked_by_all(scene, browsers, name)


@pytest.mark.parametrize(
    ("name", "kind", "permission", "relation"),
    [
        ("referral:person", "person", P.PERSON_VIEW, R.OTHER_COUNTRY),
        ("referral:person", "person", P.PERSON_VIEW, R.OTHER_ORGANISATION),
        ("oversight:incident", "incident", None, R.OTHER_ORGANISATION),
        ("portfolio:pledge-withdraw", "pledge", None, R.WITHHELD),
    ],
)
def test_a_relation_that_the_table_opens_wrongly_is_found(
    scene: Scene,
    browsers: dict[str, Browser],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    kind: str,
    permission: P | None,
    relation: R,
) -> None:
    seen = KINDS[kind].seen
    wrong = seen | {permission: seen.get(permission, frozenset()) | {relation}}
    monkeypatch.setitem(KINDS, kind, replace(KINDS[kind], seen=wrong))
    assert asked_by_all(scene, browsers, name)


def test_a_rule_that_lets_see_too_much_is_found(
    scene: Scene, browsers: dict[str, Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PersonQuerySet, "visible_to", everything)
    assert asked_by_all(scene, browsers, "referral:person")


def innermost(view: View) -> View:
    """The view without what stands around it."""
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return view


def another_permission(view: View) -> View:
    return require_safe(needs(P.REQUEST_VIEW)(innermost(view)))


def no_permission(view: View) -> View:
    return require_safe(signed_in(innermost(view)))


def one_permission_more(view: View) -> View:
    """One that no door here names, and most who are let in have not."""
    return needs(P.PORTFOLIO_EXPORT)(view)


def notes_refusals(view: View) -> View:
    def noting(*given: Any, **parts: Any) -> Any:
        try:
            return view(*given, **parts)
        except (PermissionDenied, ObjectDoesNotExist):
            body("Stray Invented Agency")
            raise

    return noting


def tells_what_it_hides(view: View) -> View:
    def telling(*given: Any, reference: str, **parts: Any) -> Any:
        try:
            return view(*given, reference=reference, **parts)
        except ObjectDoesNotExist:
            found = Project.objects.filter(reference=reference).first()
            return HttpResponse(f"Not for you: {found and found.title}", status=404)

    return telling


def takes_forms_from_all(view: View) -> View:
    def taking(request: Any, **parts: Any) -> Any:
        return innermost(view)(request, **parts) if request.method == "POST" else view(request)

    return taking


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("portfolio:findings", another_permission),
        ("oversight:desk", no_permission),
        ("oversight:desk", notes_refusals),
        ("referral:person", notes_refusals),
        ("portfolio:findings", one_permission_more),
        ("training:trainers", one_permission_more),
        ("portfolio:project-move", tells_what_it_hides),
        ("access:invite", takes_forms_from_all),
    ],
)
def test_a_wrong_view_is_found(
    scene: Scene,
    browsers: dict[str, Browser],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    change: Callable[[View], View],
) -> None:
    pattern = next(pattern for known, pattern in every_pattern() if known == name)
    monkeypatch.setattr(pattern, "callback", change(pattern.callback))
    assert asked_by_all(scene, browsers, name)


@pytest.mark.parametrize("name", ["portfolio:findings", "referral:person"])
def test_what_is_right_is_not_told(scene: Scene, browsers: dict[str, Browser], name: str) -> None:
    assert asked_by_all(scene, browsers, name) == []
