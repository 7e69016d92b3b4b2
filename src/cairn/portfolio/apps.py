"""Projects, money, requests, results: what the programme does and what it costs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PortfolioConfig(AppConfig):
    name = "cairn.portfolio"
    label = "portfolio"

    def ready(self) -> None:
        from cairn.access.permissions import Permission
        from cairn.portfolio import (
            chain,
            imports,  # noqa: F401 - registers what it can read in
        )
        from cairn.ui import navigation, states

        for item in (
            navigation.Item(
                "projects", _("Projects"), "portfolio:projects", order=100, public=True
            ),
            navigation.Item(
                "donors",
                pgettext_lazy("those who give money", "Donors"),
                "portfolio:donors",
                order=110,
                public=True,
            ),
            navigation.Item(
                "countries", _("Countries"), "portfolio:countries", order=120, public=True
            ),
            navigation.Item("events", _("Events"), "portfolio:events", order=130, public=True),
            navigation.Item(
                "requests",
                _("Requests"),
                "portfolio:requests",
                Permission.REQUEST_VIEW.value,
                order=140,
            ),
            navigation.Item(
                "findings",
                _("Findings"),
                "portfolio:findings",
                Permission.PORTFOLIO_VIEW.value,
                order=150,
            ),
        ):
            navigation.register(item)
        navigation.register_group(
            navigation.Group(
                "portfolio",
                pgettext_lazy("navigation", "Portfolio"),
                frozenset({"projects", "donors", "countries", "events", "requests", "findings"}),
            )
        )
        chain.register_measures()
        navigation.register_search(navigation.Search("portfolio:projects", _("Search projects")))
        states.register(
            {
                "agreed": states.Tone.ACTIVE,
                "partly_received": states.Tone.ACTIVE,
                "spent": states.Tone.DONE,
            }
        )
