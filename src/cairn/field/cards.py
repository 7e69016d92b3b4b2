"""First-aid cards of the phone: what to do and what not, in a few lines, by setting and profile.

Sources, in our words: TIP Protocol (2000), Art. 3 and 6 to 8; Smuggling Protocol (2000), Art. 3, 5
and 16; WHO recommendations for interviewing trafficked women (2003); Refugee Convention (1951),
Art. 31 and 33; Optional Protocol on children in armed conflict (2000), Art. 4 and 6; Paris
Principles (2007) on children with armed forces; Council of Europe Convention (2005), Art. 10(3)
and 26; WHO, UNFPA and UNHCR, Clinical management of rape and intimate partner violence survivors
(2019): 72 hours.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Card:
    """One card. Empty settings or profiles: everywhere, for everybody."""

    code: str
    title: Promise
    lines: tuple[Promise, ...]
    settings: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()


CARDS = (
    Card(
        "danger",
        _("Somebody is in danger now"),
        (
            _("Think of your own safety first: step back, call colleagues, do not go in alone."),
            _("Bring the person out of reach and out of sight of whoever threatens."),
            _("Wounds, poisoning, labour pains: medical help before any question."),
            _("Do not confront the companion, and do not show what you noticed."),
            _("Call the emergency number of your unit; say where and how urgent, nothing else."),
        ),
    ),
    Card(
        "child",
        _("A child, or perhaps a child"),
        (
            _("In doubt, treat the person as a child. Nobody estimates an age on the spot."),
            _("Stop asking. Give water, warmth and a place to sit where you can be seen."),
            _("Call whoever is responsible for children, and stay until they are there."),
            _("Do not hand the child to somebody because they say that they are family."),
            _("For a child no force or deception is needed: do not look for it."),
            _("Keep brothers and sisters together. Promise nothing."),
        ),
    ),
    Card(
        "promise",
        _("What not to promise"),
        (
            _("Do not promise protection, papers, a stay, money or that all will be well."),
            _("Say who you are, what you can do today, and what others decide."),
            _("Say that help does not depend on answers or on speaking with the police."),
            _("Say that the person may stop at any time, and mean it."),
        ),
    ),
    Card(
        "private",
        _("Speaking in private"),
        (
            _("Find an ordinary reason to take the person aside: a form, a check, water."),
            _("Sit where nobody hears and others can see you. Door not locked."),
            _("Short, plain questions. What was seen is enough; do not ask for the whole story."),
            _("Ask nothing about sexual acts. Do not ask the same thing twice."),
            _("Before the person goes: is it safe to go back, and is it safe to be called?"),
        ),
    ),
    Card(
        "interpreter",
        _("Interpreters"),
        (
            _("Never the companion, an employer, another detained person or a child."),
            _("Ask the interpreter whether they know the person, the family or the village."),
            _("No names, no phone numbers between them; both hear this before you begin."),
            _("Watch for fear. If in doubt, stop and use a telephone interpreter from elsewhere."),
            _("The person may ask for a woman or a man, and for another dialect."),
        ),
    ),
    Card(
        "smuggling",
        _("Trafficking is not smuggling"),
        (
            _("Smuggling: somebody is helped across a border for money, and is free afterwards."),
            _("Trafficking: somebody is moved or kept, by force or deceit, to be exploited."),
            _("No border is needed for trafficking, and the person may have agreed at first."),
            _("One can become the other on the way: debt, ransom, work that cannot be left."),
            _("Whoever is smuggled is not punished for being smuggled, and may seek asylum."),
        ),
        settings=("checkpoint", "border-post", "route", "camp", "detention", "other"),
    ),
    Card(
        "asylum",
        _("The way to asylum"),
        (
            _("Whoever fears to return may ask for asylum, whatever else is found."),
            _("Any words will do. Note that it was said, and pass it on today."),
            _("Nobody is sent back to where life or freedom is threatened."),
            _("Having come without papers is no reason to refuse."),
            _("Tell nobody of the person's country that they asked."),
        ),
        settings=("checkpoint", "border-post", "route", "camp", "detention", "other"),
    ),
    Card(
        "border",
        _("Before somebody is sent back"),
        (
            _("Check first whether removal is barred: your unit can look the token up."),
            _("The answer is yes or no. You are not told why, and you do not ask."),
            _("While a first look is going on, nobody is removed."),
            _("False papers may be somebody else's work: note who gave them."),
        ),
        settings=("checkpoint", "border-post", "detention", "route"),
        profiles=("border", "police"),
    ),
    Card(
        "wounds",
        _("Wounds and the clinic"),
        (
            _("Care first, report second. Care does not depend on a report."),
            _("See the patient alone once, as a rule of the house for everybody."),
            _("Write down what you see: kind, place and age of wounds, in medical words."),
            _("No photographs for a report. The medical file stays medical."),
            _("After sexual violence: care within 72 hours can prevent HIV and pregnancy."),
            _("Say what you must pass on by law before the patient begins to speak."),
        ),
        settings=("clinic", "detention", "armed-group", "organ"),
        profiles=("health", "social", "camp"),
    ),
    Card(
        "scam-compounds",
        _("Held to deceive people online"),
        (
            _("People are lured by an office job and made to deceive others by telephone."),
            _("Look for: locked compounds, targets to reach, beatings, being sold on, ransom."),
            _("What they did under force is first of all something done to them."),
            _("Do not let their devices be searched before they have advice."),
            _("Consulates may help with papers, only if the person wishes it."),
        ),
        settings=("workplace", "border-post", "checkpoint", "detention", "other"),
    ),
    Card(
        "armed-groups",
        _("Children with armed groups"),
        (
            _("Nobody under 18 belongs to an armed group, whatever they did there."),
            _("Cooks, carriers, spies and wives are with the group as much as fighters."),
            _("Take weapons away calmly, count nobody, parade nobody."),
            _("Hand over to those who care for children, within the time your orders give."),
            _("No interrogation for military information."),
            _("Girls are often not counted: ask where they are."),
        ),
        settings=("armed-group", "checkpoint", "camp", "detention"),
        profiles=("peacekeeper", "police", "social", "camp", "health", "other"),
    ),
    Card(
        "peacekeeper",
        _("In a mission"),
        (
            _("Report to the focal point of the mission, not to forces of the host country."),
            _("Children and sexual violence in conflict have channels of their own: use both."),
            _("Misconduct of our own personnel goes to the conduct channel, at once."),
            _("Do not buy anybody free, and do not plan a raid from what you were told."),
        ),
        profiles=("peacekeeper",),
    ),
    Card(
        "work",
        _("At a place of work"),
        (
            _("Speak with workers by turns and of everyday things: hours, pay, beds, papers."),
            _("Never in front of the foreman, and never one alone so that he is noticed."),
            _("Look at the pay book, the debt book and where the papers lie."),
            _("Bad pay alone is a matter of rights at work: it still needs help."),
            _("Children at dangerous work: call whoever is responsible for children."),
        ),
        settings=("workplace", "mine", "household", "bar"),
    ),
    Card(
        "organs",
        _("After an operation that nobody explains"),
        (
            _("A medical check comes first: fever, pain, the wound."),
            _("Whoever gave an organ is not asked about guilt."),
            _("Ask who arranged it and who paid only when the person wishes to tell."),
            _("Ask for the papers of the operation; missing papers are a sign too."),
        ),
        settings=("organ", "clinic"),
    ),
    Card(
        "yourself",
        _("Looking after yourself"),
        (
            _("You need not know everything. What you saw and passed on is enough."),
            _("Speak with nobody about the person, not with colleagues either."),
            _("If somebody asks what you are doing, put the phone away."),
            _("What was heard may come back at night. Speak with your focal point."),
        ),
    ),
)


def cards() -> list[dict[str, Any]]:
    """Every card in the active language, in the order of the phone.

    [{"code", "title", "lines", "settings", "profiles"}]; empty settings or profiles: all.
    """
    return [
        {
            "code": card.code,
            "title": str(card.title),
            "lines": [str(line) for line in card.lines],
            "settings": list(card.settings),
            "profiles": list(card.profiles),
        }
        for card in CARDS
    ]
