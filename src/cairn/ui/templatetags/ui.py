"""Template tags and filters of the shell, loaded in every template. Each is shown at /ui/."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.template import Context
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_info, gettext, pgettext

from cairn.core import geography
from cairn.core.language import language
from cairn.ui import component_nodes, formats, icons, pages, states

# Attributes that mean nothing on a text input; the form checks the limits itself.
NUMBER_ONLY = frozenset({"min", "max", "step"})

# "2025-02-03" or "2025-02", which the rules of mixed text turn round after Arabic letters.
ISO_DATE = re.compile(r"\b\d{4}-\d{2}(?:-\d{2})?\b")

register = template.Library()
register.tag("component", component_nodes.parse_component)
register.tag("slot", component_nodes.parse_slot)


@register.simple_tag(takes_context=True)
def ui(context: Context, name: str, **values: Any) -> SafeString:
    """The component `name` without a body: `{% ui "empty" heading=… %}`."""
    return component_nodes.render_component(context, name, values)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Inline SVG; give `label` only where no word stands beside it."""
    return icons.drawing(name, label)


@register.filter
def listed(words: Iterable[Any]) -> str:
    """Words one after the other, with the comma of the language."""
    comma = pgettext("between the items of a list", ", ")
    return comma.join(str(word) for word in words)


@register.filter
def usd(value: formats.Amount) -> str:
    """US dollars: "US$ 6,576,097"."""
    return formats.money_text(value, "USD")


@register.filter
def number(value: formats.Amount, places: int | None = None) -> str:
    """Grouped digits: "6,576,097"; with `places` decimals where given."""
    return formats.number_text(value, places)


@register.filter
def percent(ratio: formats.Amount, places: int = 0) -> str:
    """A ratio as a percentage: 0.37 is "37%"."""
    return formats.percent_text(ratio, places)


@register.filter
def day(when: date | None) -> str:
    """A day: "12 Mar 2026"; None is "not known"."""
    return gettext("not known") if when is None else formats.date_text(when)


@register.filter
def moment(when: datetime | None) -> str:
    """A moment with its zone: "12 Mar 2026, 14:30 UTC+3"; None is "not known"."""
    return gettext("not known") if when is None else formats.moment_text(when)


@register.filter
def dates_apart(text: str) -> SafeString:
    """A sentence in which each ISO date keeps its direction: for help texts, errors, refusals."""
    escaped = conditional_escape(text)
    return mark_safe(ISO_DATE.sub(r'<bdi dir="ltr">\g<0></bdi>', escaped))  # noqa: S308


@register.filter
def country(alpha3: str) -> str:
    """The name of a country in the language of the page."""
    return _named(geography.country_name, alpha3)


@register.filter
def region(code: str) -> str:
    """The name of a region in the language of the page."""
    return _named(geography.region_name, code)


@register.filter
def language_name(code: str) -> str:
    """The name of a language in the language of the page; an unknown code stays a code."""
    name = formats.locale().languages.get(code.split("-")[0])
    return str(name or code)


@register.simple_tag
def money(value: formats.Amount, currency: str = "USD") -> SafeString:
    """An amount that keeps its direction and never breaks: <bdi class="money">."""
    if value is None:
        return format_html('<span class="not-known">{}</span>', gettext("not known"))
    return format_html('<bdi class="money">{}</bdi>', formats.money_text(value, currency))


@register.simple_tag(takes_context=True)
def query_string(context: Context, **changes: Any) -> str:
    """The query of this page with `changes`; None removes a key.

    Changing anything but the page itself goes back to the first page.
    """
    first_page = {} if pages.PAGE_KEY in changes else {pages.PAGE_KEY: None}
    return pages.changed_query(context["request"].GET, first_page | changes)


@register.simple_tag(takes_context=True)
def state_badge(context: Context, code: str, label: str, tone: str = "") -> SafeString:
    """A state as shape, word and colour. `tone` overrides the one registered for `code`."""
    chosen = states.Tone(tone) if tone else states.tone_of(str(code))
    values = {"code": code, "label": label, "tone": chosen.value, "shape": states.SHAPES[chosen]}
    return component_nodes.render_component(context, "badge", values)


@register.simple_tag(takes_context=True)
def clock(
    context: Context,
    when: date | datetime | None,
    kind: str = "since",
    now: datetime | None = None,
) -> SafeString:
    """A time as distance and exactly. `kind`: "due" for a deadline, "since" for what happened."""
    if when is None:
        return format_html('<span class="not-known">{}</span>', gettext("not known"))
    reading = formats.clock_reading(when, now=now or timezone.now(), is_due=kind == "due")
    return component_nodes.render_component(context, "clock", {"reading": reading})


@register.simple_tag
def bar(value: formats.Amount, maximum: formats.Amount, label: str = "") -> SafeString:
    """A share as a thin bar for a table cell. Decoration: the figure itself stands beside it.

    With `label` it is an image of that name, for where no figure does.
    """
    part, whole = formats.decimal_of(value), formats.decimal_of(maximum)
    share = min(max(part / whole, Decimal(0)), Decimal(1)) if part and whole else Decimal(0)
    width = format(share * 100, ".1f")
    role = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else format_html('aria-hidden="{}"', "true")
    )
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" focusable="false" {}>'
        '<rect class="bar-whole" width="100" height="8"/>'
        '<rect class="bar-part" width="{}" height="8"/></svg>',
        role,
        width,
    )


@register.simple_tag(takes_context=True)
def field(context: Context, bound: forms.BoundField) -> SafeString:
    """A form field: label, help, errors, widget, joined for screen readers."""
    _keep_typed(bound)
    values = {"field": bound, "kind": _kind(bound)}
    return component_nodes.render_component(context, "field", values)


@register.simple_tag(takes_context=True)
def error_summary(context: Context, form: forms.BaseForm) -> SafeString:
    """What is wrong with a form, each error linked to its field; nothing while nothing is."""
    if not form.errors:
        return SafeString("")
    linked = [(bound, error) for bound in form for error in bound.errors]
    values = {"form": form, "linked": linked, "general": form.non_field_errors()}
    return component_nodes.render_component(context, "error_summary", values)


@register.simple_tag(takes_context=True)
def form_fields(context: Context, form: forms.BaseForm) -> SafeString:
    """The error summary, then every field of a form, hidden ones included."""
    return component_nodes.render_component(context, "form_fields", {"form": form})


@register.filter
def direction_of(code: str) -> str:
    """`rtl` or `ltr` for a language code; "auto" where Django does not know the language."""
    try:
        return "rtl" if get_language_info(code)["bidi"] else "ltr"
    except KeyError:
        return "auto"


def _kind(bound: forms.BoundField) -> str:
    # A file input says that it wants a fieldset, but it is one control with one label.
    if bound.use_fieldset and not isinstance(bound.field.widget, forms.FileInput):
        return "group"
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return "check"
    return "line"


def _keep_typed(bound: forms.BoundField) -> None:
    """Let the browser show whatever was typed, also when it is not valid.

    <input type="number"> throws away what is not a number, so numbers are text with a keyboard of
    digits; <input type="date"> reads only ISO dates, whatever the language.
    """
    widget = bound.field.widget
    if isinstance(widget, forms.NumberInput):
        widget.input_type = "text"
        # Django's fields for decimals and floats are kinds of IntegerField.
        has_decimals = isinstance(bound.field, (forms.DecimalField, forms.FloatField))
        widget.attrs = {
            "inputmode": "decimal" if has_decimals else "numeric",
            "dir": "ltr",
            **{key: value for key, value in widget.attrs.items() if key not in NUMBER_ONLY},
        }
    elif isinstance(widget, forms.DateInput) and widget.input_type == "date":
        widget.format = "%Y-%m-%d"


def _named(name_of: Callable[[str, str], str], code: str) -> str:
    if not code:
        return gettext("not known")
    try:
        return name_of(code, language())
    except KeyError:
        return code
