"""How the states of training look: tones for the badges of the user interface."""

from cairn.ui import states
from cairn.ui.states import Tone


def register_tones() -> None:
    """What waits for somebody is waiting, what is decided is done: never good or bad."""
    for tone, codes in (
        (Tone.NEUTRAL, ("idea", "planned", "in_review", "submitted", "enrolled", "forming")),
        (
            Tone.WAITING,
            (
                "call_open",
                "selection",
                "vetting",
                "reserve",
                "sampled",
                "plausible",
                "tasked",
                "due",
                "out",
            ),
        ),
        (
            Tone.ACTIVE,
            (
                "confirmed",
                "started",
                "eligible",
                "selected",
                "published",
                "piloted",
                "in_post",
                "issued",
                "current",
                "deployed",
                "attended",
            ),
        ),
        (
            Tone.DONE,
            (
                "verified",
                "cleared",
                "adopted",
                "returned",
                "ended",
                "superseded",
                "complete",
                "answered",
            ),
        ),
        (Tone.ATTENTION, ("incomplete", "disputed", "lapsed", "dormant", "parked")),
        (
            Tone.STOPPED,
            (
                "postponed",
                "no_show",
                "not_selected",
                "not_eligible",
                "replaced",
                "revoked",
                "recalled",
                "stood_down",
                "deployed_away",
            ),
        ),
    ):
        states.register(dict.fromkeys(codes, tone))
