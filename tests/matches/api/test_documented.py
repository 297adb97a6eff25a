"""The OpenAPI document, as far as it speaks of matches."""

from collections import Counter

import pytest
from django.core.management import call_command

from matches import urls
from tests.api.contract import document, operations, validate

OURS = {
    "/api/v1/" + str(pattern.pattern).replace("<id:", "{").replace(">", "}")
    for pattern in urls.urlpatterns
}
DESCRIBED = [
    pytest.param(path, method, operation, id=f"{method} {path}")
    for path, method, operation in operations()
    if path in OURS
]
each = pytest.mark.parametrize(("path", "method", "operation"), DESCRIBED)


def test_document_is_made_without_a_warning(tmp_path):
    call_command(
        "spectacular",
        file=str(tmp_path / "openapi.json"),
        format="openapi-json",
        fail_on_warn=True,
        validate=True,
    )


def test_every_route_is_described():
    assert {path for path, _, _ in operations()} >= OURS


def test_operation_ids_are_unique():
    counts = Counter(operation["operationId"] for _, _, operation in operations())

    assert counts.most_common(1)[0][1] == 1


@each
def test_operation_has_a_summary_and_a_known_tag(path, method, operation):
    tags = {tag["name"] for tag in document()["tags"]}

    assert operation["summary"]
    assert set(operation["tags"]) <= tags


@each
def test_operation_says_who_may_ask_and_how_it_refuses(path, method, operation):
    codes = set(operation["responses"])

    if path.endswith("/share/exchange"):
        assert "security" not in operation or {} in operation["security"]
        assert {"400", "404", "410", "429", "503"} <= codes
        return
    assert operation["security"]
    assert {"401", "503"} <= codes
    assert "404" in codes or "{" not in path
    if "requestBody" in operation:
        assert {"400", "403", "413", "415"} <= codes


@each
def test_operation_has_an_example(path, method, operation):
    contents = [
        content
        for holder in (operation.get("requestBody", {}), *operation["responses"].values())
        for content in holder.get("content", {}).values()
    ]

    has_body = "204" not in operation["responses"] or "requestBody" in operation
    assert any("examples" in content or "example" in content for content in contents) == has_body


@each
def test_examples_of_a_body_are_what_the_document_promises(path, method, operation):
    """An example that nobody checks is wrong after the first change."""
    holders = (operation.get("requestBody", {}), *operation["responses"].values())
    for holder in holders:
        for content in holder.get("content", {}).values():
            for example in content.get("examples", {}).values():
                if content["schema"] != {"type": "string"}:
                    validate(content["schema"], example["value"])
