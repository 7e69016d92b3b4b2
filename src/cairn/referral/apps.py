"""Help for persons of concern: files by code, consent, referrals, plans (protection zone)."""

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy

# Areas of the navigation: (code, label, names of the entries that fold into it).
GROUPS = (
    (
        "assistance",
        pgettext_lazy("navigation", "Assistance"),
        "persons shares hand-overs duplicates counts",
    ),
    (
        "directory",
        pgettext_lazy("navigation", "Directory"),
        "services access-points protocols risks experts",
    ),
)


class ReferralConfig(AppConfig):
    name = "cairn.referral"
    label = "referral"

    def ready(self) -> None:
        from cairn.access.permissions import Permission
        from cairn.oversight import files, subjects, watch, wording
        from cairn.referral import chain
        from cairn.referral.registry import PARTS
        from cairn.referral.wording import SENTENCES
        from cairn.ui import navigation, states

        for code, label, names in GROUPS:
            navigation.register_group(navigation.Group(code, label, frozenset(names.split())))
        for part in PARTS:
            for entry in part.entries:
                address, needed = f"referral:{entry.address}", Permission[entry.permission]
                navigation.register(
                    navigation.Item(entry.address, entry.label, address, needed, order=entry.order)
                )
            for tone, codes in part.tones.items():
                states.register(dict.fromkeys(codes.split(), states.Tone[tone]))
            for kind in part.kinds:
                subjects.register(kind)
            for form in part.files:
                files.register(form)
            wording.NOTICES.update(part.notices)
            wording.PLACES.update(part.places)
            for task, words in part.rounds:
                watch.add(task)
                wording.ROUNDS[task.name] = words
        wording.SENTENCES.update(SENTENCES)
        chain.register_measures()
