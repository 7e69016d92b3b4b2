"""The parts of the impact sheet about dangers and measures, and how this installation is set."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cairn.access.roles import ROLES, needs_confirmation, needs_second_factor
from cairn.oversight import datamap
from cairn.oversight.documents.blocks import Block, facts, fill, heading, listed, prose, table
from cairn.oversight.documents.threats import THREATS
from cairn.oversight.rules import BREAK_GLASS_LASTS, NOTIFY_WITHIN


def dangers() -> list[Block]:
    """The dangers, each with what it does to people; how likely and how grave is for people."""
    return [
        prose(
            _(
                "The dangers are looked at from the side of the persons whom the records are "
                "about. How likely and how grave each one is depends on the place."
            )
        ),
        table(
            [
                (_("Danger"), 4),
                (_("Harm to persons"), 4),
                (_("How likely (by hand)"), 2),
                (_("How grave (by hand)"), 2),
            ],
            [(threat.title, threat.harm, "", "") for threat in THREATS],
        ),
        fill(_("Which dangers of this place are missing here?")),
    ]


def measures() -> list[Block]:
    """What is done against each danger, what remains, and how this installation is set."""
    blocks: list[Block] = []
    for threat in THREATS:
        blocks += [
            heading(str(threat.title), 3),
            listed(threat.measures),
            prose(_("What remains: %(text)s") % {"text": threat.remains}),
        ]
    blocks += [
        heading(_("How this installation is set"), 3),
        facts(*_settings_in_words()),
        fill(_("Which rules and trainings outside the system belong to these measures?")),
        fill(_("Who answers when something happens at night, and how quickly?"), lines=3),
    ]
    return blocks


def root_key_kind() -> str:
    """Code of where the root key lies: key-service, environment or file. Never the place."""
    if settings.KEY_SERVICE:
        return "key-service"
    return "environment" if settings.ROOT_KEY else "file"


def settings_in_codes() -> dict[str, Any]:
    """What the settings say, for programs: codes, numbers, yes and no."""
    return {
        "root_key": root_key_kind(),
        "key_copies_days": settings.KEY_COPIES_DAYS,
        "second_factor_roles": [r for r in ROLES if needs_second_factor(frozenset({r}))],
        "second_person_roles": [r for r in ROLES if needs_confirmation(r)],
        "encrypted_connections": settings.BEHIND_TLS,
        "sign_in_hours": settings.SESSION_COOKIE_AGE // 3600,
        "break_glass_hours": int(BREAK_GLASS_LASTS.total_seconds()) // 3600,
        "breach_notice_hours": int(NOTIFY_WITHIN.total_seconds()) // 3600,
        "threats": [threat.code for threat in THREATS],
        "demonstration": settings.DEMO,
    }


def _settings_in_words() -> list[tuple[str, str]]:
    codes = settings_in_codes()
    kinds = {
        "key-service": _("in a key service outside this server"),
        "environment": _("in the environment of the programs on this server"),
        "file": _("in a file on this server, readable by its owner only"),
    }
    connections = (
        _("always encrypted")
        if codes["encrypted_connections"]
        else _("not required to be encrypted: only for one machine or a closed network")
    )
    return [
        (_("Root key"), kinds[codes["root_key"]]),
        (_("Copies of keys live"), _days(codes["key_copies_days"])),
        (_("Second factor"), datamap.joined(datamap.roles_of_second_factor())),
        (_("Role given by two people"), datamap.joined(datamap.roles_of_second_person())),
        (_("Connections"), connections),
        (_("A sign-in lasts at most"), _hours(codes["sign_in_hours"])),
        (_("Emergency access lasts"), _hours(codes["break_glass_hours"])),
        (_("Breaches are reported within"), _hours(codes["breach_notice_hours"])),
    ]


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _hours(count: int) -> str:
    return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}
