"""The OpenAPI document: complete, exact, with examples that hold."""

from collections import Counter

import pytest
from django.core.management import call_command

from tests.api.contract import document, operations, validate
from tests.api.matrix import OPERATIONS, ROUTES
from tests.api.operation import CALLERS

# The document does not describe itself.
KEYS = {
    (ROUTES[key[0]].path, key[1]): OPERATIONS[key]
    for key in OPERATIONS
    if key[0] != "api-openapi" and len(key) == 2
}
DESCRIBED = [
    pytest.param(path, method, operation, id=f"{method} {path}")
    for path, method, operation in operations()
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


def test_every_route_and_method_is_described():
    assert {(path, method) for path, method, _ in operations()} == set(KEYS)


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
    is_for_anybody = KEYS[path, method].code_for("anonymous") != 401

    assert is_for_anybody != bool(operation.get("security"))
    assert "503" in codes
    assert is_for_anybody or "401" in codes
    assert "404" in codes or "{" not in path
    if "requestBody" in operation:
        assert {"400", "413", "415", "429"} <= codes


@each
def test_operation_documents_what_everybody_gets(path, method, operation):
    codes = {str(KEYS[path, method].code_for(caller)) for caller in CALLERS}

    assert codes <= set(operation["responses"])


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
