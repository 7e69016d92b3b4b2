"""The event folder: agenda, sheets, badges, name plates and door signs in one PDF with contents."""

from cairn.training.documents.agenda import agenda_content
from cairn.training.documents.badges import badges_content
from cairn.training.documents.folder_wording import (
    TEMPLATES,
    Content,
    Payload,
    Wording,
    opening,
)
from cairn.training.documents.sheets import sheets_content, signs_content
from cairn.ui.pdf import render


def folder_content(payload: Payload) -> Content:
    """What the template of the folder reads: every part under its own key."""
    wording = Wording(payload)
    agenda = agenda_content(payload)
    return {
        **opening(payload, wording, wording.labels["folder"]),
        "days": agenda["days"],
        "zone": agenda["zone"],
        "sheets": sheets_content(payload)["sheets"],
        "people": badges_content(payload)["people"],
        "rooms": signs_content(payload)["rooms"],
    }


def render_folder(payload: Payload) -> bytes:
    """Everything that is printed for an event. Raises PdfFailed."""
    wording = Wording(payload)
    return render(
        f"{TEMPLATES}/event-folder.typ",
        folder_content(payload),
        language=wording.language,
        document=f"event-folder-{payload['event']['reference']}",
        created=wording.made_on,
    )
