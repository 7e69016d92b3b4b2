"""Languages and citizenships as files write them: codes and names both ways."""

import pycountry

from cairn.core import geography


def language_code(text: str) -> str:
    """Our code of a language: two letters (ISO 639-1) where it has them, else three; "" for none.

    Takes ISO 639-1, both forms of ISO 639-2, and English names.
    """
    plain = text.strip()
    small = plain.casefold()
    found = None
    if len(small) == 2:
        found = pycountry.languages.get(alpha_2=small)
    elif len(small) == 3:
        found = pycountry.languages.get(alpha_3=small) or pycountry.languages.get(
            bibliographic=small
        )
    elif plain:
        found = pycountry.languages.get(name=plain.title())
    if found is None:
        return ""
    return str(getattr(found, "alpha_2", "") or found.alpha_3)


def language_theirs(code: str) -> str:
    """The standard's code of a language: ISO 639-2, the form made from its own name (T)."""
    found = pycountry.languages.get(alpha_2=code) if len(code) == 2 else None
    return str(found.alpha_3) if found else code


def country_code(text: str) -> str:
    """ISO 3166-1 alpha-3 for a code or a name in one of the six UN languages; "" for none."""
    plain = text.strip()
    if not plain:
        return ""
    found = None
    if len(plain) == 2:
        found = pycountry.countries.get(alpha_2=plain.upper())
    elif len(plain) == 3:
        found = pycountry.countries.get(alpha_3=plain.upper())
    if found is not None:
        return str(found.alpha_3)
    place = geography.resolve(plain)
    return place.codes[0] if place.kind == "country" else ""


def country_theirs(code: str) -> str:
    """ISO 3166-1 alpha-2, as the toolkits of the standard write citizenship."""
    found = pycountry.countries.get(alpha_3=code)
    return str(found.alpha_2) if found else code
