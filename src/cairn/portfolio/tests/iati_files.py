"""IATI files for tests: the smallest valid one, and the published ones where they are at hand."""

import os
from pathlib import Path

import pytest

# The standard's own files are not part of Cairn: beside the checkout, or where this names them.
STANDARD = Path(
    os.environ.get("IATI_STANDARD")
    or Path(__file__).resolve().parents[5] / "shared" / "data" / "iati"
)
needs_standard = pytest.mark.skipif(
    not STANDARD.is_dir(), reason="the files of the IATI standard are not at hand"
)


def activity(identifier: str = "XM-DAC-41128-X01", inner: str = "", **attributes: str) -> str:
    """The smallest activity that breaks no rule, with `inner` after its sector."""
    given = {"default-currency": "USD", "xml:lang": "en"} | {
        name.replace("_", "-"): value for name, value in attributes.items()
    }
    written = " ".join(f'{name}="{value}"' for name, value in given.items())
    return f"""<iati-activity {written}>
<iati-identifier>{identifier}</iati-identifier>
<reporting-org ref="XM-DAC-41128" type="40"><narrative>Invented</narrative></reporting-org>
<title><narrative>Invented activity</narrative></title>
<description type="1"><narrative>Invented.</narrative></description>
<participating-org role="2"><narrative>Invented</narrative></participating-org>
<activity-status code="2"/>
<activity-date type="1" iso-date="2024-02-01"/>
<recipient-country code="NP"/>
<sector code="15130"/>{inner}
</iati-activity>
"""


def document(*activities: str, version: str = 'version="2.03"') -> bytes:
    return (
        f"<iati-activities {version}>\n" + "".join(activities) + "</iati-activities>\n"
    ).encode()
