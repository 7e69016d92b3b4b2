"""Invented documents, practices and releases of statistics, so that a newcomer sees results."""

from cairn.web.demo_protection import Home
from cairn.web.demo_results_chain import make_chain
from cairn.web.demo_results_documents import make_documents
from cairn.web.demo_results_indicators import make_indicators
from cairn.web.demo_results_pipeline import make_pipeline
from cairn.web.demo_results_practices import make_practices
from cairn.web.demo_results_public import make_public


def load_results(home: Home) -> int:
    """Enter what each part invents, once; returns how many records."""
    makers = (
        make_practices,
        make_chain,
        make_pipeline,
        make_public,
        make_indicators,
        make_documents,
    )
    return sum(make(home) for make in makers)
