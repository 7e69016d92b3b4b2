"""What a merged area stands for, from the extract to the attack on later releases."""

from dataclasses import replace

from cairn.observatory.rules.merging import merged
from cairn.observatory.rules.records import dimension_from, series_record
from cairn.observatory.rules.series import UNKNOWN, Aspect, Code, Dimension, FieldClass
from cairn.observatory.tests import scene

NUMBERS = {"a": 5, "b": 4, "c": 12, "d": 40, "e": 50, UNKNOWN: 20}


def test_what_a_merged_area_stands_for_is_kept_when_a_series_is_stored() -> None:
    """Without it a later release by other areas is not subtracted from this one."""
    codes = tuple(Code(code, code.upper()) for code in NUMBERS)
    area = Dimension("area", "Area", FieldClass.AREA, codes, frozenset({Aspect.PLACE}))
    shorter, _becomes = merged(area, NUMBERS, 10)
    series = replace(scene.series((2,)), dimensions=(shorter,))
    stored = dimension_from(series_record(series)["dimensions"][0])
    assert any(each.members for each in shorter.codes)
    assert [each.members for each in stored.codes] == [each.members for each in shorter.codes]
