"""What the platform is told of the release of statistics."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def _place(notice: Any) -> str:
    """The page of the release that a notice is about."""
    return reverse("observatory:release", args=[notice.facts["release"]])


def tell() -> None:
    """Register the sources, the entry of the navigation, the states, notices and the round."""
    from datetime import timedelta

    from cairn.access.permissions import Permission
    from cairn.observatory import sources
    from cairn.observatory.actions.rounds import wipe_old
    from cairn.observatory.sources_invented import INVENTED
    from cairn.observatory.sources_real import ASSISTED, IDENTIFIED
    from cairn.observatory.wording import SENTENCES
    from cairn.oversight import watch, wording
    from cairn.oversight.outcomes import Task
    from cairn.ui import navigation, states

    for source in (IDENTIFIED, ASSISTED, *([INVENTED] if settings.DEMO else [])):
        sources.register(source)
    navigation.register(
        navigation.Item(
            "releases",
            _("Releases of statistics"),
            "observatory:releases",
            Permission.STATISTICS_VIEW,
            order=345,
        )
    )
    tones = {
        "NEUTRAL": "release_draft release_extracted release_counted release_protected step_open",
        "WAITING": "release_attacked",
        "ACTIVE": "release_signed",
        "DONE": "release_published step_done",
        "STOPPED": "release_refused release_withdrawn",
    }
    for tone, codes in tones.items():
        states.register(dict.fromkeys(codes.split(), states.Tone[tone]))
    wording.NOTICES.update(
        {
            "release.waits": _("The release of statistics %(release)s waits for a signature."),
            "release.ready": _("The release of statistics %(release)s is signed by two persons."),
        }
    )
    wording.PLACES["release"] = _place
    wording.SENTENCES.update(SENTENCES)
    round_ = Task("releases", timedelta(days=1), wipe_old)
    watch.add(round_)
    wording.ROUNDS[round_.name] = _("Wipe extracts of statistics whose time is over")
