"""What each zone is for, who owns it, and on which legal grounds it stands, in plain words.

Grounds are pointers for the people who have to decide, with their source; which one holds is
decided by whoever runs the installation, by its mandate and the law of its country.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cairn.core.classification import Zone


@dataclass(frozen=True, slots=True)
class ZoneNote:
    """`holds`, `owner`: one sentence each. `ground`: the usual legal grounds, and their source.

    `limits`: what keeps it small: what is left out on purpose.
    """

    holds: Promise
    owner: Promise
    ground: Promise
    limits: Promise


ZONE_NOTES: dict[Zone, ZoneNote] = {
    Zone.PROGRAMME: ZoneNote(
        _("Projects, money, requests from States, results and tools."),
        _("The programme."),
        _(
            "The mandate of the organisation. There is nothing here about persons of concern; "
            "names of staff stand where somebody decided something."
        ),
        _("Offices instead of contact persons; numbers of participants instead of names."),
    ),
    Zone.IDENTIFICATION: ZoneNote(
        _("Procedures in which an authority decides whether somebody is a victim of trafficking."),
        _("The authority that identifies, in each country."),
        _(
            "A task under the law of the country (GDPR Art. 6(1)(c) or (e) and Art. 9(2)(g), or "
            "the national law in their place). Whoever runs this installation names the law."
        ),
        _("A code instead of a name; who it is about and why it was decided so are sealed."),
    ),
    Zone.PROTECTION: ZoneNote(
        _("Persons who are given assistance, by code, and how to reach them safely."),
        _("The service providers, each for its own records."),
        _(
            "Consent where it is free; in an emergency rather vital interest or an important "
            "public interest, because consent is often not free then (ICRC handbook of 2024, on "
            "legal bases; GDPR Art. 6(1)(d) and (e), Art. 9(2)(c) and (g))."
        ),
        _("An age band instead of a birth date, no address, a name only if it is needed; sealed."),
    ),
    Zone.JUSTICE: ZoneNote(
        _("Criminal cases, charges and requests between States."),
        _("Police and prosecution."),
        _(
            "The criminal procedure of the country; in the European Union the law that follows "
            "Directive (EU) 2016/680."
        ),
        _("No query reaches from here into the records of assistance, or back."),
    ),
    Zone.EXCHANGE: ZoneNote(
        _("Sealed messages between national units."),
        _("The national units."),
        _("The treaty or agreement under which the units exchange; it is named in each message."),
        _("The hub passes on what it cannot read."),
    ),
    Zone.STATISTICS: ZoneNote(
        _("Counts, after small numbers were hidden."),
        _("The statistics officer."),
        _("Statistics in the public interest (GDPR Art. 89, or the national law in its place)."),
        _("No record of a person reaches this zone."),
    ),
    Zone.OVERSIGHT: ZoneNote(
        _("Who did what and saw what, and what the data-protection officer decided about it."),
        _("The data-protection officer."),
        _(
            "The duty to show that the rules are kept, to answer persons and to report breaches "
            "(GDPR Art. 5(2), 12 to 22, 30, 33 and 34)."
        ),
        _("Codes and ids instead of names; reasons are sealed."),
    ),
    Zone.ACCOUNTS: ZoneNote(
        _("Accounts of staff, their roles, and how they sign in."),
        _("The administrator, with the data-protection officer as second person."),
        _(
            "The employment or agreement under which somebody works here, and the security of the "
            "system (GDPR Art. 6(1)(b), (e) or (f) and Art. 32)."
        ),
        _("No mail addresses, no telephone numbers, no birth dates; user names are freely chosen."),
    ),
}
