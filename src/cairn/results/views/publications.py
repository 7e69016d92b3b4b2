"""A practice as a file: page, PDF, Word file, JSON."""

import base64
import hashlib

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cairn.access.middleware import ActorRequest
from cairn.core.language import language
from cairn.core.limits import limited
from cairn.library.models import Practice
from cairn.results.documents.practice import practice_body
from cairn.results.documents.walkers import TYPES, written


@require_safe
@limited("document", per_minute=60, per_hour=600)
def practice_file(request: ActorRequest, code: str, form: str) -> HttpResponse:
    """The form of one practice, in the language of the reader."""
    if form not in TYPES:
        raise Http404
    try:
        body = practice_body(request.actor, code, language())
    except Practice.DoesNotExist:
        raise Http404 from None
    content = written(body, form, document="practice", created=timezone.localdate())
    answer = HttpResponse(content, content_type=TYPES[form])
    way = "inline" if form == "html" else "attachment"
    answer["Content-Disposition"] = f'{way}; filename="practice-{body.subtitle}.{form}"'
    if form == "html":
        answer["Content-Security-Policy"] = page_policy(content)
    return answer


def page_policy(content: bytes) -> str:
    """Of a page that carries its one style sheet inside, and nothing else."""
    inside = content.split(b"<style>", 1)[1].split(b"</style>", 1)[0]
    digest = base64.b64encode(hashlib.sha256(inside).digest()).decode()
    rules = ("frame-ancestors", "base-uri", "form-action")
    closed = "; ".join(f"{name} 'none'" for name in rules)
    return f"default-src 'none'; style-src 'sha256-{digest}'; {closed}"
