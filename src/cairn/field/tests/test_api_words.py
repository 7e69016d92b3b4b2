"""Whatever a phone says at contact: it is read, or refused in one way. No database."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cairn.field.views import api


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(["device", "at", "nonce", "app", "unsafe", "ask", "sig", "other"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.lists(st.text()),
    )
)
def test_whatever_a_word_says_it_is_read_or_refused(said: dict[str, Any]) -> None:
    refused = []
    try:
        api._word(said)
    except api.Refused as refusal:
        refused.append(refusal.status)
    assert set(refused) <= {400}
