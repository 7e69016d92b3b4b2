"""System checks of the shell: a navigation entry must lead somewhere."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from cairn.ui import navigation


@register()
def navigation_leads_somewhere(
    app_configs: Sequence[AppConfig] | None, **options: Any
) -> list[CheckMessage]:
    """`ui.E001` for each registered entry whose `url_name` has no address."""
    return [
        Error(
            f"The navigation entry {item.code!r} names {item.url_name!r}, which has no address.",
            hint="Correct url_name where the entry is registered, or add the address to urls.py.",
            id="ui.E001",
        )
        for item in navigation.registered()
        if navigation.address(item.url_name) is None
    ]
