"""Owns the words of the phone app: what its screens say, and what an officer says to a person.

Keys are `screen.part`. Placeholders stand as %(name)s and are filled in on the phone. Nothing here
names what a report may be about: somebody may look over the officer's shoulder.
"""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from cairn.field.texts_report import REPORT

# A text of the catalogue: a plain string to the type checker, a promise when it runs.
Text = str | Promise

DOOR: dict[str, Text] = {
    "lock.passphrase": _("Passphrase"),
    "lock.open": pgettext_lazy("open the app", "Open"),
    "lock.wrong": _("That did not open it. Try again."),
    "lock.wait": _("Wait %(seconds)s seconds, then try again."),
    "lock.waiting": _("Waiting to be sent: %(count)s"),
    "lock.forgot": _("Forgotten"),
    "lock.forgot_help": _(
        "You choose a new passphrase and ask for a new code. The keys and the draft are deleted. "
        "Sealed reports are still sent."
    ),
    "lock.begin_anew": _("Begin anew"),
    "lock.language": _("Language"),
    "lock.expired": _(
        "This phone had no contact for too long. Its keys were dropped. Ask for a new code."
    ),
    "lock.revoked": _("This phone is no longer enrolled. What was sealed is still being sent."),
    "lock.lost": _(
        "The browser has deleted what was kept on this phone. Tell your supervisor which reports "
        "you are missing."
    ),
    "setup.title": _("Set up this phone"),
    "setup.lead": _(
        "Choose a passphrase that only you know. It cannot be recovered. The phone locks by "
        "itself after a minute."
    ),
    "setup.passphrase": _("New passphrase"),
    "setup.rule": _("At least 8 signs that are not digits alone, or three words."),
    "setup.repeat": _("The same again"),
    "setup.second": _("Second passphrase, if you want one"),
    "setup.second_help": _(
        "For when somebody forces you to open the phone. It opens practice and destroys the keys "
        "and the draft. Sealed reports are still sent. An expert who examines the phone can see "
        "that the app was used."
    ),
    "setup.short": _(
        "This is too easy. Take at least 8 signs that are not digits alone, or three words."
    ),
    "setup.differs": _("The two do not match. Type the same again."),
    "setup.same": _("The second passphrase must be another one."),
    "setup.save": _("Go on"),
    "enrol.title": _("Enrol this phone"),
    "enrol.lead": _("Your supervisor gives you a code. It works once."),
    "enrol.code": _("Code"),
    "enrol.go": _("Enrol"),
    "enrol.practise": _("Practise first"),
    "enrol.unknown-code": _("This code is not known. Look at each sign again."),
    "enrol.used": _("This code was used already. Ask for a new one."),
    "enrol.expired": _("This code is too old. Ask for a new one."),
    "enrol.offline": _("There is no connection now. Try again where there is one."),
    "enrol.failed": _("That did not work. Try again later, or ask your supervisor."),
    "hide.title": _("Unit converter"),
    "hide.amount": _("Amount"),
    "hide.from": pgettext_lazy("unit of measure", "From"),
    "hide.to": pgettext_lazy("unit of measure", "To"),
    "hide.result": _("Result"),
    "hide.length": _("Length"),
    "hide.weight": _("Weight"),
    "hide.volume": pgettext_lazy("measure", "Volume"),
    "hide.temperature": _("Temperature"),
    "hide.start": _("Start page"),
    "unit.km": _("kilometres"),
    "unit.mi": _("miles"),
    "unit.m": _("metres"),
    "unit.ft": _("feet"),
    "unit.cm": _("centimetres"),
    "unit.in": _("inches"),
    "unit.kg": _("kilograms"),
    "unit.lb": _("pounds"),
    "unit.g": _("grams"),
    "unit.oz": _("ounces"),
    "unit.l": _("litres"),
    "unit.gal": _("US gallons"),
    "unit.c": _("degrees Celsius"),
    "unit.f": _("degrees Fahrenheit"),
}

HOME: dict[str, Text] = {
    "home.title": _("What do you need?"),
    "home.new": _("New report"),
    "home.resume": _("Go on with the report of %(time)s"),
    "home.resume_note": _("It is deleted at %(time)s unless you seal it."),
    "home.drop": _("Delete this draft"),
    "home.cards": _("Quick reference"),
    "home.services": _("Where to find help"),
    "home.courier": _("Send by another phone"),
    "home.unsafe": _("I am not safe"),
    "home.settings": _("Language and phone"),
    "home.lock": _("Lock"),
    "home.enrol": _("Enrol this phone"),
    "home.not_enrolled": _("This phone is not enrolled yet: you can practise, and read."),
    "state.here": _("On this phone"),
    "state.received": _("Received"),
    "state.read": _("Read by a person"),
    "state.held": _("Being checked"),
    "state.here_help": _("Not sent yet. It is sent by itself when there is a connection."),
    "state.received_help": _("Your unit has it. Nobody has opened it yet."),
    "state.read_help": _("Somebody of your unit has opened it."),
    "state.held_help": _("Your unit has it. A supervisor looks at it first."),
    "sent.title": _("Reports of this phone"),
    "sent.none": _("No report yet."),
    "sent.lead": _("What a report says cannot be read on this phone again."),
    "sent.now": _("Send now"),
    "sent.trying": _("Sending"),
    "sent.done": _("All that could be sent is sent."),
    "sent.waiting": _("No connection. It is sent by itself later."),
    "sent.carried": _("Carried for a colleague"),
    "storage.low": _("This phone is almost full. Send what waits, and make room."),
    "storage.unsure": _("The browser may delete what waits when the phone is full. Send soon."),
    "unsafe.title": _("I am not safe"),
    "unsafe.lead": _(
        "This tells your unit that you need help. Nothing about any person is sent with it."
    ),
    "unsafe.send": _("Tell my unit"),
    "unsafe.sent": _("Your unit has been told."),
    "unsafe.waiting": _("No connection. Your unit is told as soon as there is one."),
    "unsafe.call": pgettext_lazy("telephone", "Call"),
    "settings.title": _("Language and phone"),
    "settings.language": _("Language"),
    "settings.practise": _("Practise"),
    "settings.practise_help": _("Nothing that you enter there can reach anybody."),
    "settings.leave": _("Leave practice"),
    "settings.lock": _("Lock now"),
    "settings.device": _("Code of this phone"),
    "settings.contact": _("Last contact with your unit"),
    "settings.never": _("never"),
    "settings.until": _("Without contact the keys are dropped on"),
    "settings.update": _("A new version is ready. It starts when you open the app again."),
    "settings.update_now": _("Start it now"),
    "settings.limits": _(
        "The app hides what it is for from a passer-by. It does not protect against somebody who "
        "takes the phone and examines it."
    ),
    "practice.banner": _("PRACTICE – nothing is sent"),
    "practice_unit": _("Practice unit"),
    "practice_area_1": _("Practice area 1"),
    "practice_area_2": _("Practice area 2"),
    "practice_area_3": _("Practice area 3"),
    "practice_emergency": _("Practice number"),
    "practice_recipient_1": _("Practice clinic"),
    "practice_recipient_2": _("Practice legal aid"),
    "practice_mandatory_reporting": _(
        "In practice: say here what the law of your country asks for."
    ),
    "practice_point_1": _("Practice centre"),
    "practice_point_2": _("Practice clinic"),
    "practice_point_3": _("Practice legal aid"),
    "cards.title": _("Quick reference"),
    "cards.none": _("No cards have been loaded. They come with the next connection."),
    "cards.for_me": _("For my work"),
    "cards.all": _("All cards"),
    "services.title": _("Where to find help"),
    "services.none": _("No service is known here now. Ask your unit."),
    "services.as_of": _("List of %(date)s"),
    "services.old": _("This list is %(days)s days old. Call before you send somebody there."),
    "services.assured": _("Confirmed on %(date)s"),
    "services.hours": _("Opening hours"),
    "services.reach": _("How to get there"),
    "services.languages": _("Languages"),
    "courier.title": _("Send by another phone"),
    "courier.lead": _(
        "A colleague can carry your sealed reports. Nobody who carries them can read them."
    ),
    "courier.give": pgettext_lazy("to a colleague", "Give"),
    "courier.give_file": _("Save as a file"),
    "courier.give_code": _("Show as pictures"),
    "courier.take": pgettext_lazy("from a colleague", "Take"),
    "courier.take_file": _("Open a file from a colleague"),
    "courier.take_code": _("Read the pictures of a colleague"),
    "courier.nothing": _("Nothing waits on this phone."),
    "courier.frame": _("Picture %(number)s of %(total)s"),
    "courier.next": _("Next picture"),
    "courier.auto": _("Run by itself"),
    "courier.taken": _("Taken: %(added)s. Receipts: %(receipts)s. Not usable: %(refused)s."),
    "courier.no_camera": _("This browser cannot read pictures. Use a file."),
    "courier.refused": _("This file cannot be used."),
    "courier.reading": _("Read %(number)s of %(total)s"),
}

COMMON: dict[str, Text] = {
    "common.back": _("Back"),
    "common.hide": _("Converter"),
    "common.next": _("Go on"),
    "common.skip": _("Skip"),
    "common.close": _("Close"),
    "common.change": _("Change"),
    "common.step": _("Step %(number)s of %(total)s"),
    "common.failed": _("That did not work. Nothing is lost; try again."),
    "draft.ends_soon": _("This draft is deleted in %(minutes)s minutes."),
    "draft.seal_now": _("Finish now"),
    "draft.gone": _("The draft was deleted, because its time was over."),
}

TEXTS: dict[str, Text] = {**DOOR, **HOME, **COMMON, **REPORT}

# Said by the officer, or played: short, calm, no word that could put the person at risk.
PHRASES: dict[str, Text] = {
    "greet": _("Good day. I am not here to blame you."),
    "aside": _("Please come with me for a moment. It is a routine question."),
    "alone": _("I speak with everybody alone. It is the rule here."),
    "interpreter": _("Do you know this interpreter? Is it all right for you?"),
    "other_interpreter": _("Would you rather speak with another person, a man or a woman?"),
    "stop": _("You may stop at any time. You need not answer."),
    "safe": _("Are you safe now? Are you hurt?"),
    "water": _("Do you need water, food or a doctor?"),
    "help": _("There is help, and it costs nothing. You need not tell me anything to get it."),
    "promise": _("I will tell only those whom you agree to. Some things I may have to report."),
    "cannot": _("I cannot promise you papers, money or a place. I can take you to help."),
    "child": _("You have done nothing wrong. Somebody who looks after children is coming."),
    "agree": _("May I pass this on so that they can help you? You can say no."),
    "keep": _("This is a number for you. Keep it only if it is safe."),
    "thanks": _("Thank you. You can come back at any time."),
}


def texts() -> dict[str, str]:
    """Every text of the screens in the active language, by key."""
    return {key: str(text) for key, text in TEXTS.items()}


def phrases() -> dict[str, dict[str, str]]:
    """{language: {key: sentence}}: what to say, in every language that ships.

    All of them go into each pack, for the officer reads one language and the person hears another.
    """
    found = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = {key: str(text) for key, text in PHRASES.items()}
    return found
