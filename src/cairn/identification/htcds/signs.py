"""What an observed sign says in the lists of HTCDS: only where both mean the same thing."""

from types import MappingProxyType
from typing import Final

_CONTROL: Final = {
    "documents": "documents-with-others ilo-d2-documents ilo-d5-documents"
    " un-general-documents-held",
    "restricts-movement": "may-not-leave-work never-out-alone ilo-d2-isolation ilo-d5-isolation"
    " un-general-cannot-leave un-general-movements un-domestic-never-alone un-labour-locked",
    "debt": "journey-to-be-worked-off debt-to-employer organ-for-debt ilo-d2-debt ilo-d5-debt"
    " un-general-believes-debt",
    "earnings": "money-kept-by-other",
    "money": "un-general-no-access-pay",
    "hours": "hours-without-rest ilo-d4-hours un-general-long-hours",
    "substances": "made-to-take-drugs",
    "promises": "ilo-d1-nature ilo-d1-wages ilo-d1-conditions ilo-d1-contract ilo-d1-housing"
    " ilo-d1-status ilo-d1-travel ilo-d1-marriage ilo-d1-education un-general-false-promises",
    "violence": "ilo-d2-violence ilo-d5-violence",
    "threats": "ilo-d2-threats ilo-d5-threats",
    "threats-to-family": "ilo-d2-family-violence ilo-d5-family-violence",
    "threats-of-authorities": "ilo-d2-denunciation ilo-d5-denunciation un-general-hand-over",
    "medical-care": "un-general-no-care",
}
_EXPLOITATION: Final = {
    "armed-group": "child-with-armed-group",
    "child-labour": "child-at-work",
}
SIGNS: Final = MappingProxyType(
    {
        sign: (field, code)
        for field, meant in (
            ("vic_MethodsOfControl", _CONTROL),
            ("vic_TypeOfExploitation", _EXPLOITATION),
        )
        for code, signs in meant.items()
        for sign in signs.split()
    }
)
