"""Components are handed what they show, and nothing else."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from cairn.ui import icons, states
from cairn.ui.states import Tone
from cairn.ui.templatetags.ui import dates_apart


def drawn(source: str, **values: object) -> str:
    request = RequestFactory().get("/projects/", {"q": "a b", "page": "3", "theme": ["x", "y"]})
    return Template(source).render(Context({"request": request, **values}))


def test_a_body_and_slots_are_placed_and_escaped_once() -> None:
    text = drawn(
        '{% component "card" heading=title %}{{ title }}{% slot "foot" %}end{% endslot %}'
        "{% endcomponent %}",
        title="A & B",
    )
    assert text.count("A &amp; B") == 2
    assert '<div class="card-foot">end</div>' in text


def test_a_component_does_not_see_the_values_around_it() -> None:
    text = drawn('{% component "card" %}x{% endcomponent %}', heading="SEALED-NAME-417")
    assert "SEALED-NAME-417" not in text


@pytest.mark.parametrize(
    "source",
    [
        "{% component %}{% endcomponent %}",
        "{% component card %}{% endcomponent %}",
        '{% component "card" loose %}{% endcomponent %}',
        '{% component "card" %}',
        '{% slot "foot" %}{% endslot %}',
        '{% component "card" %}{% if 1 %}{% slot "foot" %}{% endslot %}{% endif %}'
        "{% endcomponent %}",
    ],
)
def test_a_component_written_wrongly_is_refused(source: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        drawn(source)


def test_a_state_has_its_word_its_shape_and_its_tone() -> None:
    text = drawn("{% state_badge 'sent' label %}", label="Sent & read")
    assert 'data-tone="waiting"' in text
    assert "<svg" in text
    assert "Sent &amp; read" in text


def test_the_tone_of_a_state_can_be_said_where_it_is_shown() -> None:
    assert 'data-tone="done"' in drawn("{% state_badge 'sent' 'Sent' tone='done' %}")


def test_every_tone_has_a_shape_of_its_own() -> None:
    shapes = [icons.drawing(states.SHAPES[tone]) for tone in Tone]
    assert len(set(shapes)) == len(Tone)


def test_an_unknown_state_is_neutral_and_spelling_does_not_matter() -> None:
    assert states.tone_of("never-heard-of") is Tone.NEUTRAL
    assert states.tone_of("Fully-Funded") is states.tone_of("fully_funded") is Tone.ACTIVE


def test_one_code_cannot_be_given_two_tones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(states, "_tones", dict(states._tones))
    states.register({"boarded": Tone.ACTIVE})
    with pytest.raises(ImproperlyConfigured, match="boarded"):
        states.register({"boarded": Tone.DONE})


def test_an_icon_beside_a_word_is_decoration_and_one_alone_has_a_name() -> None:
    assert 'aria-hidden="true"' in icons.drawing("search")
    assert 'aria-label="Search &lt;"' in icons.drawing("search", "Search <")


@pytest.mark.parametrize(
    ("tag", "query"),
    [
        ("{% query_string page=4 %}", "?q=a+b&amp;page=4&amp;theme=x&amp;theme=y"),
        ("{% query_string q='c' %}", "?q=c&amp;theme=x&amp;theme=y"),
        ("{% query_string q=None theme=None %}", "?"),
    ],
)
def test_a_query_keeps_what_is_not_changed_and_filters_go_back_to_the_first_page(
    tag: str, query: str
) -> None:
    assert drawn(tag) == query


def test_words_in_another_language_say_which() -> None:
    text = drawn(
        '{% component "other_language" code="ar" %}{{ words }}{% endcomponent %}', words="<x>"
    )
    assert '<span lang="ar" dir="auto">&lt;x&gt;</span>' in text
    assert "Arabic" in text


def test_a_date_in_a_sentence_keeps_its_direction_and_the_sentence_stays_escaped() -> None:
    shown = dates_apart("<2025-02-03> or 2025-02, not 12025-02 or 2025-2")
    assert shown == (
        '&lt;<bdi dir="ltr">2025-02-03</bdi>&gt; or <bdi dir="ltr">2025-02</bdi>, '
        "not 12025-02 or 2025-2"
    )
