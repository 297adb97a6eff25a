"""A client that holds every answer against the OpenAPI document, to the letter."""

import json
from functools import cache

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from rest_framework.test import APIClient

# Answers of the server as a whole, which no operation lists for itself.
EVERYWHERE = {405}


@cache
def document():
    rendered = OpenApiJsonRenderer().render(
        SchemaGenerator().get_schema(request=None, public=True), renderer_context={}
    )
    return _closed(json.loads(rendered))


def operations():
    """Every operation of the document: (path, method, operation)."""
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            yield path, method.upper(), operation


class DocumentedClient(APIClient):
    """Fails the test when an answer is not what the document promises."""

    def request(self, **request):
        response = super().request(**request)
        match = getattr(response.wsgi_request, "resolver_match", None)
        if match is not None and match.route.startswith("api/v1/"):
            _check("/" + match.route.replace("<id:", "{").replace(">", "}"), response)
        return response


def _check(path, response):
    method = response.wsgi_request.method.lower()
    if response.status_code in EVERYWHERE or method in ("head", "options"):
        return
    if path == "/api/v1/openapi.json":
        # The document does not describe itself.
        return
    responses = document()["paths"][path][method]["responses"]
    promised = responses.get(str(response.status_code))
    assert promised is not None, f"{method} {path} does not document {response.status_code}."
    if "$ref" in promised:
        promised = document()["components"]["responses"][promised["$ref"].rpartition("/")[2]]
    content = promised.get("content", {})
    if not content:
        assert not response.content, f"{method} {path}: {response.status_code} has a body."
    media_type = response.get("Content-Type", "").partition(";")[0]
    if response.content:
        assert media_type in content, f"{method} {path} answers {media_type}."
    if media_type == "application/json":
        validate(content[media_type]["schema"], json.loads(response.content))


def validate(schema, body):
    whole = {**schema, "components": document()["components"]}
    errors = list(Draft202012Validator(whole, format_checker=FormatChecker()).iter_errors(body))
    assert not errors, "\n".join(f"{error.json_path}: {error.message}" for error in errors)


def _closed(node):
    """The document, with objects that have nothing but the properties it names."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(value) for key, value in node.items()}
    if closed.get("type") == "object" and isinstance(closed.get("properties"), dict):
        closed.setdefault("additionalProperties", False)
    return closed
