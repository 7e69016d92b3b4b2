"""Words about one person, where the lists of choices speak of many."""

from django import template
from django.utils.translation import pgettext

from cairn.training.rules.choices import Sex

register = template.Library()


@register.filter
def sex_of_one(value: str) -> str:
    """The sex of one person in words; lists of choices say "women" and "men"."""
    if value == Sex.FEMALE:
        return pgettext("sex of one person", "Woman")
    if value == Sex.MALE:
        return pgettext("sex of one person", "Man")
    return str(Sex(value).label) if value in Sex.values else value
