"""Words of the invented training of the demonstration; each says that it is invented."""

from typing import Any

# Codes begin with INV, so that nobody takes them for a real module or plan.
MODULE, PLAN, OBJECTIVES = "INV-01", "INV-PLAN", ("INV.1", "INV.2")
FAMILY = "invented"
EVENT, NEXT_EVENT, CASCADE_EVENT, TEAM = "INV-T1", "INV-T2", "INV-C1", "INV-TEAM"
NAMES = (
    "Invented Amal", "Invented Bikash", "Invented Coumba", "Invented Deepa", "Invented Elias",
    "Invented Fatou", "Invented Gita", "Invented Hamid", "Invented Ibou", "Invented Jaya",
    "Invented Karim", "Invented Lila", "Invented Moussa", "Invented Nadia", "Invented Omar",
    "Invented Prem", "Invented Rokia", "Invented Samir", "Invented Tara", "Invented Umesh",
    "Invented Virginie", "Invented Waleed", "Invented Yacine", "Invented Zahra",
)  # fmt: skip
TRAINERS = ("Invented Trainer Asha", "Invented Trainer Babacar", "Invented Trainer Dina")
NOMINEES = ("Invented Aster", "Invented Birch", "Invented Cedar", "Invented Dahlia", "Invented Elm")
SESSIONS = (
    "What trafficking is, and what it is not",
    "First contact: safe questions",
    "Cases from a camp: work in groups",
    "Whom to call: referral and report",
)
# Stem, right answer, two wrong ones. Facts are those of the Trafficking Protocol (2000) and of good
# practice in plain words; the questions themselves are made for the demonstration.
QUESTIONS = (
    (
        "A child was moved for exploitation, and nobody threatened anybody. Is it trafficking?",
        ("Yes: for a child no means is needed", "No: there was no threat", "Only across a border"),
    ),
    (
        "Somebody agreed at first and was then deceived. Does the consent count?",
        ("No: deception makes it void", "Yes: consent is consent", "Only when it is written"),
    ),
    (
        "Where do you talk with somebody who may be a victim?",
        ("Apart from whoever came along", "Together with the companion", "At the gate, quickly"),
    ),
    (
        "What comes before the interview?",
        ("Urgent needs and safety", "A signed statement", "A photograph"),
    ),
    (
        "Who decides that somebody is a victim?",
        ("The authority named by law", "Whoever meets the person first", "A score of signs"),
    ),
    (
        "Somebody asks for help and no report to the police. What do you do?",
        ("Give help: it does not depend on it", "Refuse until a report", "Report all the same"),
    ),
    (
        "What do you write down of a first contact?",
        ("What you saw and heard", "What you think happened", "Nothing"),
    ),
    (
        "An interpreter belongs to the same small community. What is the risk?",
        ("The person may not dare to speak", "None", "It takes longer"),
    ),
)


def question(number: int) -> dict[str, Any]:
    """The content of one invented question, as testing.questions reads it."""
    stem, answers = QUESTIONS[number]
    return {
        "type": "single",
        "source_language": "en",
        "max_mark": "1",
        "options": ["a", "b", "c"],
        "key": ["a"],
        "texts": {
            "en": {"stem": stem, "options": dict(zip("abc", answers, strict=True))},
        },
    }
