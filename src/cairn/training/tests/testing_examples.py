"""Invented questions of every type, for tests."""

from copy import deepcopy
from typing import Any

SINGLE: dict[str, Any] = {
    "type": "single",
    "source_language": "en",
    "max_mark": "2",
    "options": ["a", "b", "c"],
    "key": ["b"],
    "texts": {
        "en": {
            "stem": "Invented: which sign is observed first?",
            "options": {"a": "A green hat", "b": "A held passport", "c": "A loud song"},
            "rationale": "Papers kept by somebody else are a sign.",
        },
        "fr": {
            "stem": "Inventé : quel signe voit-on d’abord ?",
            "options": {"a": "Un chapeau vert", "b": "Un passeport retenu", "c": "Une chanson"},
        },
    },
}
MULTIPLE: dict[str, Any] = {
    "type": "multiple",
    "source_language": "en",
    "max_mark": "3",
    "options": ["a", "b", "c", "d", "e"],
    "key": ["a", "c", "d"],
    "texts": {
        "en": {
            "stem": "Invented: which may you ask?",
            "options": {code: f"Invented question {code}" for code in "abcde"},
        }
    },
}
TRUE_FALSE: dict[str, Any] = {
    "type": "true-false",
    "source_language": "en",
    "max_mark": "1",
    "key": ["false"],
    "texts": {"en": {"stem": "Invented: help depends on a statement."}},
}
ORDERING: dict[str, Any] = {
    "type": "ordering",
    "source_language": "en",
    "max_mark": "3",
    "options": ["a", "b", "c", "d"],
    "key": ["c", "a", "d", "b"],
    "texts": {
        "en": {
            "stem": "Invented: put the steps in order.",
            "options": {code: f"Invented step {code}" for code in "abcd"},
        }
    },
}
MATCHING: dict[str, Any] = {
    "type": "matching",
    "source_language": "en",
    "max_mark": "3",
    "prompts": ["p1", "p2", "p3"],
    "options": ["a", "b", "c", "d"],
    "key": {"p1": "d", "p2": "a", "p3": "b"},
    "texts": {
        "en": {
            "stem": "Invented: who does what?",
            "prompts": {"p1": "Nurse", "p2": "Guard", "p3": "Clerk"},
            "options": {code: f"Invented duty {code}" for code in "abcd"},
        }
    },
}
SHORT: dict[str, Any] = {
    "type": "short",
    "source_language": "en",
    "max_mark": "3",
    "rubric": [{"code": "r1", "marks": "2"}, {"code": "r2", "marks": "1"}],
    "texts": {
        "en": {
            "stem": "Invented: what do you do first?",
            "rubric": {"r1": "Makes the place safe", "r2": "Says whom to tell"},
        }
    },
}


def _item(code: str, content: dict[str, Any]) -> dict[str, Any]:
    kept = {name: content[name] for name in content if name not in {"texts", "source_language"}}
    return {"code": code, **deepcopy(kept)}


CASE: dict[str, Any] = {
    "type": "case",
    "source_language": "en",
    "items": [_item("i1", SINGLE), _item("i2", SHORT), _item("i3", TRUE_FALSE)],
    "texts": {
        "en": {
            "stem": "An invented bus stops at an invented border.",
            "items": {
                "i1": SINGLE["texts"]["en"],
                "i2": SHORT["texts"]["en"],
                "i3": TRUE_FALSE["texts"]["en"],
            },
        }
    },
}
EVERY: dict[str, dict[str, Any]] = {
    "single": SINGLE,
    "multiple": MULTIPLE,
    "true-false": TRUE_FALSE,
    "ordering": ORDERING,
    "matching": MATCHING,
    "short": SHORT,
    "case": CASE,
}


def example(kind: str, **changes: Any) -> dict[str, Any]:
    """A copy of the example of a type, with top-level changes."""
    return {**deepcopy(EVERY[kind]), **changes}
