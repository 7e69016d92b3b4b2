"""What the journeys of protection share: forms filled as by a person, pages looked at, a scene."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, override, pgettext
from playwright.sync_api import Page

from cairn.access.models import User
from cairn.access.tests.factories import organisation
from cairn.core.actor import Actor
from cairn.referral.actions import Facts, SealedTexts, enter_person
from cairn.referral.models import Person, Service
from cairn.referral.rules import AgeBand
from cairn.referral.tests.protocols_made import agreed, both, service

Accessibility = Callable[[Page], None]
SignIn = Callable[..., User]
OpenPage = Callable[..., Page]
# Told apart from chance letters on any page.
HEALTH, WAY = "Wobbleflix fever since Tuesday", "Ring Snarkleton at noon"
NAMES = {"given": "Zarquil", "family": "Inventeria", "birth": "1998-04-03"}


@dataclass(frozen=True, slots=True)
class Look:
    """Looks at a page as it stands: fit for everybody, and no wider than its screen."""

    scan: Accessibility

    def __call__(self, page: Page) -> None:
        page.wait_for_load_state("load")  # before its style is there, a page is as wide as its text
        self.scan(page)
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{page.url} is wider than the screen"


def words(language: str, text: str, context: str = "") -> str:
    """What a page in `language` says for `text`."""
    with override(language):
        return pgettext(context, text) if context else gettext(text)


def fill(page: Page, **fields: str) -> None:
    """Fill fields of the page by name; of several choices, take those named with spaces between."""
    for name, text in fields.items():
        place = page.locator(f"main [name={name}]")
        kind = place.first.evaluate("field => field.type")
        if kind in {"radio", "checkbox"}:
            for value in text.split():
                page.locator(f"main [name={name}][value='{value}']").check()
        elif kind == "select-one":
            place.first.select_option(text)
        else:
            place.first.fill(text)


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()


def follow(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name, exact=True).first.click()


def open_sealed(page: Page, reason: str) -> None:
    """Open the sealed part of the page with a purpose and a reason, as everybody has to."""
    page.locator("main details:has(form[action$='/open/']) > summary").first.click()
    form = page.locator("main form[action$='/open/']").first
    form.locator("[name=purpose]").select_option("assistance")
    form.locator("[name=reason]").fill(reason)
    form.locator("button[type=submit]").click()
    page.wait_for_url("**/open/")


def helper(**changes: Any) -> Service:
    """A service of the other agency that has said today that it has places."""
    said: dict[str, Any] = {
        "capacity": "open",
        "capacity_at": timezone.now(),
        "assured_on": timezone.localdate(),
    }
    return service(**(said | changes))


def known(actor: Actor, **identity: str) -> Person:
    """A record with an identity that is sealed apart."""
    facts = Facts(organisation(), "NPL", AgeBand.ADULT, timezone.localdate())
    return enter_person(actor, facts, SealedTexts(), identity={**NAMES, **identity})


def both_agree() -> None:
    """The protocol without which nothing goes from one agency to the other."""
    agreed(both())
