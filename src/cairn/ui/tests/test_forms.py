"""Forms keep what was typed, whatever happens, and say where the slip is."""

import pytest
from django import forms
from django.template import Context, Template
from django.test import Client

from cairn.core.errors import RuleBroken
from cairn.ui.forms import add_refusal, status_of
from cairn.ui.specimens import SpecimenForm

pytestmark = pytest.mark.urls("cairn.ui.tests.addresses")

TYPED = {"title": "A <b>title</b>", "amount": "2,5 million", "note": "kept as it is"}


def drawn(form: forms.Form, name: str) -> str:
    return Template("{% field bound %}").render(Context({"bound": form[name]}))


def test_what_was_typed_stays_also_where_it_is_not_valid(client: Client) -> None:
    response = client.post("/fills/", TYPED)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="2,5 million"' in page
    assert "A &lt;b&gt;title&lt;/b&gt;" in page
    assert "kept as it is" in page


def test_a_number_is_typed_as_text_because_browsers_empty_number_fields() -> None:
    field = drawn(SpecimenForm({"amount": "2,5 million"}), "amount")
    assert 'type="text"' in field
    assert 'inputmode="decimal"' in field
    assert 'dir="ltr"' in field


def test_a_day_is_written_so_that_the_browser_reads_it_in_every_language() -> None:
    from datetime import date

    from django.utils import translation

    with translation.override("fr"):
        field = drawn(SpecimenForm(initial={"signed_on": date(2026, 3, 12)}), "signed_on")
    assert 'value="2026-03-12"' in field


def test_the_summary_links_each_error_to_its_field(client: Client) -> None:
    page = client.post("/fills/", TYPED).content.decode()
    assert '<a href="#id_amount">Amount in US dollars</a>: Enter a number.' in page
    assert 'id="id_amount"' in page
    assert 'id="id_amount_error"' in page
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in page


def test_a_form_without_slips_has_no_summary() -> None:
    drawn = Template("{% error_summary form %}").render(Context({"form": SpecimenForm()}))
    assert drawn == ""


def test_a_refusal_by_a_rule_stands_above_the_form_and_keeps_what_was_typed(
    client: Client,
) -> None:
    response = client.post("/keeps/", {"words": "shelters"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "A pledge needs a donor. Name the donor." in page
    assert 'value="shelters"' in page


def test_a_refusal_may_stand_at_a_field_and_falls_back_to_the_form() -> None:
    form = SpecimenForm(TYPED)
    broken = RuleBroken("pledge.sign", "A pledge needs a donor.")
    add_refusal(form, broken, "note")
    add_refusal(form, broken, "no-such-field")
    assert form.errors["note"] == ["A pledge needs a donor."]
    assert form.non_field_errors() == ["A pledge needs a donor."]


def test_the_status_tells_a_slip_from_a_refusal_and_both_from_success() -> None:
    refused = SpecimenForm(TYPED)
    add_refusal(refused, RuleBroken("pledge.sign", "No."))
    assert status_of(SpecimenForm()) == 200
    assert status_of(SpecimenForm(TYPED)) == 422
    assert status_of(refused) == 409


def test_choices_are_a_group_with_a_legend_and_a_tick_has_its_label_behind() -> None:
    form = SpecimenForm()
    assert '<legend class="field-label">Who can see this' in drawn(form, "reach")
    tick = drawn(form, "agreed")
    assert tick.index("<input") < tick.index("<label")


def test_what_may_be_left_empty_says_so() -> None:
    form = SpecimenForm()
    assert "(optional)" in drawn(form, "note")
    assert "(optional)" not in drawn(form, "title")
