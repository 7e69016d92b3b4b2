"""The questionnaires that come with the system, and what an answer to one may be. Pure.

Levels after the United Nations' five of evaluation (reaction, learning, application, impact,
return): these serve reaction and application. The barriers are those that follow-up surveys
named most often: no opportunity, no time, no system at work (the training study, section 7).
No question takes free text: an answer could tell of a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from cairn.core.errors import RuleBroken
from cairn.training.rules.choices import InstrumentKind

HIGHEST_NUMBER = 500


class Answer(StrEnum):
    SCALE = "scale"  # 1 to 5
    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMBER = "number"


Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `stem`: {language: words}; `options`: {code: {language: words}}."""

    code: str
    type: Answer
    stem: Words
    options: Mapping[str, Words] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "type": self.type.value,
            "stem": dict(self.stem),
            "options": {code: dict(words) for code, words in self.options.items()},
        }


def _w(en: str, fr: str, ar: str) -> Words:
    return {"en": en, "fr": fr, "ar": ar}


_BARRIERS: Mapping[str, Words] = {
    "no-opportunity": _w("No occasion", "Aucune occasion", "لم تتح فرصة"),
    "no-time": _w("No time", "Pas le temps", "لا وقت"),
    "no-system": _w(
        "No procedure for it at work",
        "Aucune procédure prévue au travail",
        "لا توجد إجراءات لذلك في العمل",
    ),
    "no-support": _w(
        "No support from superiors",
        "Pas de soutien de la hiérarchie",
        "لا دعم من الرؤساء",
    ),
    "other-post": _w(
        "Moved to another post", "Mutation à un autre poste", "الانتقال إلى وظيفة أخرى"
    ),
    "none": _w("Nothing stood in the way", "Aucun obstacle", "لا شيء"),
}
_YES_NO: Mapping[str, Words] = {
    "yes": _w("Yes", "Oui", "نعم"),
    "no": _w("No", "Non", "لا"),
    "not-known": _w("Not known", "Je ne sais pas", "غير معروف"),
}
_USES: Mapping[str, Words] = {
    "identify": _w("Recognising signs", "Reconnaître des signes", "التعرف على العلامات"),
    "screen": _w("Talking safely", "Parler en sécurité", "التحدث بأمان"),
    "refer": _w("Referring people to help", "Orienter vers une aide", "الإحالة إلى المساعدة"),
    "evidence": _w("Keeping evidence", "Préserver des preuves", "حفظ الأدلة"),
    "cooperate": _w("Working with others", "Coopérer", "العمل مع الآخرين"),
    "train": _w("Training colleagues", "Former des collègues", "تدريب الزملاء"),
}

QUESTIONNAIRES: Mapping[InstrumentKind, tuple[str, Sequence[Item]]] = {
    InstrumentKind.REACTION: (
        "Reaction at the end",
        (
            Item(
                "useful",
                Answer.SCALE,
                _w(
                    "The training is useful for my work.",
                    "La formation est utile pour mon travail.",
                    "التدريب مفيد لعملي.",
                ),
            ),
            Item(
                "clear",
                Answer.SCALE,
                _w(
                    "I understood what was said and shown.",
                    "J’ai compris ce qui a été dit et montré.",
                    "فهمت ما قيل وما عُرض.",
                ),
            ),
            Item(
                "able",
                Answer.SCALE,
                _w(
                    "I feel able to use what I learnt.",
                    "Je me sens capable d’appliquer ce que j’ai appris.",
                    "أشعر بالقدرة على تطبيق ما تعلمته.",
                ),
            ),
            Item(
                "safe",
                Answer.SINGLE,
                _w(
                    "Did you feel safe during the training?",
                    "Vous êtes-vous senti en sécurité pendant la formation ?",
                    "هل كان الشعور بالأمان حاضرًا أثناء التدريب؟",
                ),
                _YES_NO,
            ),
            Item(
                "change",
                Answer.MULTIPLE,
                _w("What should change?", "Que faudrait-il changer ?", "ما الذي ينبغي تغييره؟"),
                {
                    "cases": _w("More cases", "Plus de cas pratiques", "مزيد من الحالات العملية"),
                    "time": _w("More time", "Plus de temps", "مزيد من الوقت"),
                    "language": _w("Better translation", "Meilleure traduction", "ترجمة أفضل"),
                    "place": _w("Another place", "Un autre lieu", "مكان آخر"),
                    "nothing": _w("Nothing", "Rien", "لا شيء"),
                },
            ),
        ),
    ),
    InstrumentKind.APPLICATION_SELF: (
        "Application after some months",
        (
            Item(
                "applied",
                Answer.SINGLE,
                _w(
                    "Have you used at work what you learnt?",
                    "Avez-vous utilisé au travail ce que vous avez appris ?",
                    "هل طُبق في العمل ما جرى تعلمه؟",
                ),
                _YES_NO,
            ),
            Item(
                "used",
                Answer.MULTIPLE,
                _w("What did you use?", "Qu’avez-vous utilisé ?", "ما الذي جرى استخدامه؟"),
                _USES,
            ),
            Item(
                "barriers",
                Answer.MULTIPLE,
                _w("What stood in the way?", "Quels ont été les obstacles ?", "ما العوائق؟"),
                _BARRIERS,
            ),
            Item(
                "passed-on",
                Answer.NUMBER,
                _w(
                    "To how many colleagues did you pass it on?",
                    "À combien de collègues l’avez-vous transmis ?",
                    "إلى كم من الزملاء جرى نقل ذلك؟",
                ),
            ),
        ),
    ),
    InstrumentKind.APPLICATION_SUPERVISOR: (
        "Application, as the supervisor sees it",
        (
            Item(
                "applied",
                Answer.SINGLE,
                _w(
                    "Does the officer use at work what the training taught?",
                    "La personne utilise-t-elle au travail ce que la formation a enseigné ?",
                    "هل يُطبق في العمل ما علّمه التدريب؟",
                ),
                _YES_NO,
            ),
            Item(
                "used",
                Answer.MULTIPLE,
                _w("What do you see?", "Que constatez-vous ?", "ما الملاحظ؟"),
                _USES,
            ),
            Item(
                "barriers",
                Answer.MULTIPLE,
                _w("What stands in the way?", "Quels sont les obstacles ?", "ما العوائق؟"),
                _BARRIERS,
            ),
        ),
    ),
}


def check_answer(item: Mapping[str, Any], value: Any) -> Any:
    """The answer as it is stored; None for one that was left out.

    Raises RuleBroken("survey.answer") for what is none of the choices.
    """
    if value in (None, "", []):
        return None
    kind, options = Answer(item["type"]), item["options"]
    if kind is Answer.MULTIPLE:
        chosen = sorted(set(value))
        if set(chosen) <= set(options):
            return chosen
    elif kind is Answer.SINGLE:
        if value in options:
            return value
    else:
        lowest, highest = (1, 5) if kind is Answer.SCALE else (0, HIGHEST_NUMBER)
        if str(value).isdecimal() and lowest <= int(value) <= highest:
            return int(value)
    raise RuleBroken(
        "survey.answer",
        _("This is none of the answers that can be given here."),
        _("Choose one of those shown, or leave it empty."),
    )


def words(texts: Words, language: str) -> tuple[str, str]:
    """(the words, the language that they are in): the reader's, else English, else any."""
    for code in (language, "en"):
        if code in texts:
            return texts[code], code
    code = next(iter(texts))
    return texts[code], code
