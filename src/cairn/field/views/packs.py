"""Packs of a language, and the recordings that a deployer adds to them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from cairn.core.limits import limited
from cairn.field import deployment, packs
from cairn.field.headers import of_the_app
from cairn.field.views.shell import ASKED_EACH_TIME

# Recordings are played where there is no line; a phone keeps what it has played for so long.
A_MONTH = "public, max-age=2592000"


@require_safe
@of_the_app
@limited("field.packs", per_minute=240, by="address")
def pack(request: HttpRequest, language: str) -> HttpResponse:
    """The pack of a language; a phone that holds this very one is told so in a few bytes."""
    try:
        content, build = packs.pack(language)
    except KeyError:
        raise Http404(language) from None
    etag = f'"{build}"'
    response = HttpResponse(content, content_type="application/json")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = ASKED_EACH_TIME
    answer = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(answer, HttpResponse)  # noqa: S101 - tells the type
    return answer


@require_safe
@of_the_app
def audio(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """The recording of one phrase."""
    for path in deployment.recordings(language).values() if language in packs.LANGUAGES else ():
        if path.name == name:
            kind = deployment.AUDIO[path.suffix[1:]]
            response = HttpResponse(path.read_bytes(), content_type=kind)
            response.headers["Cache-Control"] = A_MONTH
            return response
    raise Http404(name)
