"""Every pair of colours that text or a control uses can be told apart, in both themes."""

import pytest

from cairn.ui.states import Tone
from cairn.ui.tests.sheets import themes

# WCAG 2.2, success criteria 1.4.3 (text, AA) and 1.4.11 (parts of controls and graphics).
TEXT, GRAPHIC = 4.5, 3.0

GROUNDS = ("paper", "surface", "sunken")
TONES = tuple(tone.value for tone in Tone)
PAIRS = [
    *[(ink, ground, TEXT) for ink in ("ink", "ink-quiet", "accent-strong") for ground in GROUNDS],
    *[("accent", ground, TEXT) for ground in GROUNDS],
    *[(tone, f"{tone}-wash", TEXT) for tone in TONES],
    *[(tone, ground, TEXT) for tone in TONES for ground in ("paper", "surface")],
    *[(ink, f"{tone}-wash", TEXT) for tone in TONES for ink in ("ink", "ink-quiet")],
    ("ink", "accent-wash", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("surface", "stopped", TEXT),
    *[("edge", ground, GRAPHIC) for ground in GROUNDS],
    *[("focus", ground, GRAPHIC) for ground in GROUNDS],
    ("accent", "hairline", GRAPHIC),
]


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb" as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_has_the_contrast_that_the_standard_gives() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_a_pair_of_colours_meets_level_aa(theme: str, front: str, back: str, least: float) -> None:
    tokens = themes()[theme]
    measured = contrast(tokens[f"--{front}"], tokens[f"--{back}"])
    assert measured >= least, f"{front} on {back}: {measured:.2f}"


def test_dark_is_the_same_whether_chosen_or_taken_from_the_device() -> None:
    tokens = themes()
    assert tokens["dark"] == tokens["device"]


def test_dark_answers_every_colour_of_light() -> None:
    tokens = themes()
    colours = {name for name, value in tokens["light"].items() if value.startswith("#")}
    assert colours == {name for name, value in tokens["dark"].items() if value.startswith("#")}
