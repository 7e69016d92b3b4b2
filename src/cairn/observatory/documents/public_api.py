"""What programs are told of the public addresses of statistics: OpenAPI 3.1, in English."""

from typing import Any

_TEXT = {"type": "string"}
_CODE = {
    "name": "code",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^R-[0-9]{4}-[0-9]{2,3}$"},
}
_FIELDS = {name: _TEXT for name in ("type", "title", "code", "remedy")}
_PROBLEM = {
    "application/problem+json": {
        "schema": {"type": "object", "properties": _FIELDS | {"status": {"type": "integer"}}}
    }
}
_OFTEN = {
    "429": {
        "description": "Asked too often; the header Retry-After says how long to wait",
        "content": _PROBLEM,
    }
}
_FAILURES = {
    status: {"description": text, "content": _PROBLEM}
    for status, text in {
        "400": "A column, code or table that the release does not have",
        "404": "No such release",
        "409": "The release cannot be shown",
        "410": "The release was withdrawn; the title says why",
    }.items()
} | _OFTEN
_BY = {
    "name": "by",
    "in": "query",
    "description": "Up to three columns, with commas between them.",
    "schema": _TEXT,
    "example": "sex,age",
}
_FIXED = {
    "name": "column",
    "in": "query",
    "description": "The name of any column, with one of its codes: only that code.",
    "schema": {"type": "object", "additionalProperties": _TEXT},
    "style": "form",
    "explode": True,
}


def _get(
    summary: str, text: str, failures: dict[str, Any], parameters: list[dict[str, Any]]
) -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object"}}}
    responses = {"200": {"description": text, "content": content}} | failures
    return {"get": {"summary": summary, "parameters": parameters, "responses": responses}}


def description(base: str) -> dict[str, Any]:
    """`base`: the address of the installation, with a slash at its end."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Published statistics",
            "version": "1",
            "description": (
                "Releases of protected counts. A null figure is hidden, not zero. Withdrawn "
                "releases answer 410 with the reason."
            ),
        },
        "servers": [{"url": base}],
        "paths": {
            "/api/statistics/": _get("Every release, newest first", "The list", _OFTEN, []),
            "/api/statistics/{code}/": _get(
                "Structure, codes and statements of a release",
                "Metadata after SDMX, as plain JSON",
                _FAILURES,
                [_CODE],
            ),
            "/api/statistics/{code}/data/": _get(
                "The figures of one table",
                "Rows of codes, OBS_VALUE and OBS_STATUS",
                _FAILURES,
                [_CODE, _BY, _FIXED],
            ),
        },
    }
