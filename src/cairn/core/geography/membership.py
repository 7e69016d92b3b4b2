"""Country groups that projects are written for, with their members on any day.

Areas of programme papers that M49 does not have, and how they are read here:

- MENA is the 18 countries that the Regional Office of the UN Office on Drugs and Crime for the
  Middle East and North Africa says it covers. The World Bank's list is wider (Djibouti, Iran,
  Israel, Malta) and is not used.
- MIDDLE-EAST is the part of MENA that lies in M49 145 (Western Asia), and Egypt. M49 145 itself
  would bring in the Caucasus, Cyprus and Türkiye, which programme papers put under Europe. Iran is
  under West and Central Asia in them; Israel is in neither list.
- GULF is the six members of the Gulf Cooperation Council, not every State on that coast.
- SEE takes the participants of the South-East European Cooperation Process: M49 039 has the
  Balkans in one region with Spain and Portugal.

A suspended member stays a member: suspension is a note, not an end.
"""

from datetime import date
from functools import cache

from cairn.core.geography import tables
from cairn.core.geography.records import Group, Membership


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


@cache
def _by_code() -> dict[str, Group]:
    joined: dict[str, list[Membership]] = {}
    for row in tables.rows("memberships"):
        for alpha3 in row["countries"].split():
            joined.setdefault(row["group"], []).append(
                Membership(
                    alpha3,
                    _day(row["since"]),
                    _day(row["until"]),
                    row["precision"] or "day",
                    row["note"],
                )
            )
    return {
        row["code"]: Group(
            code=row["code"],
            kind=row["kind"],
            founded=_day(row["founded"]),
            parts=tuple(row["parts"].split()),
            memberships=tuple(joined.get(row["code"], ())),
            as_of=date.fromisoformat(row["as_of"]),
            source=row["source"],
        )
        for row in tables.rows("groups")
    }


def group(code: str) -> Group:
    """The group with that code. Raises KeyError when there is none."""
    return _by_code()[code]


def groups() -> tuple[Group, ...]:
    """All groups, in the order of the table."""
    return tuple(_by_code().values())


def members(code: str, on: date | None = None) -> frozenset[str]:
    """ISO alpha-3 codes of the members of a group on a day.

    The first and the last day of a membership both count: a State that left with effect from 29
    January is a member on the 28th and not on the 29th. Before the group was founded it has no
    members. `on=None` gives the memberships that have no end; a group that everyone has left (G5
    Sahel) then stands for all who ever belonged to it. A set has the members of its parts.
    Raises KeyError for an unknown code.
    """
    found = group(code)
    if found.parts:
        return frozenset().union(*(members(part, on) for part in found.parts))
    if on is not None and found.founded is not None and on < found.founded:
        return frozenset()
    present = frozenset(one.alpha3 for one in found.memberships if one.covers(on))
    if on is None and not present:
        return frozenset(one.alpha3 for one in found.memberships)
    return present


def groups_of(alpha3: str, on: date | None = None) -> tuple[str, ...]:
    """Codes of the groups that a country belongs to on a day, in the order of the table."""
    return tuple(code for code in _by_code() if alpha3 in members(code, on))
