import json
import re

import pytest

from tests.factories import build_user

pytestmark = pytest.mark.django_db
DOCUMENT, PAGES = "/openapi.json", ["/docs", "/redoc"]


@pytest.mark.parametrize("path", [DOCUMENT, "/api/v1/openapi.json"])
def test_document_lists_the_canonical_routes_only(client, path):
    document = client.get(path).json()

    assert document["openapi"].startswith("3.1")
    assert document["info"]["title"] == "Touchline"
    assert "/api/v1/auth/login" in document["paths"]
    assert all(route.startswith("/api/v1/") for route in document["paths"])


def test_every_operation_has_a_name_a_tag_and_its_refusals(client):
    document = client.get(DOCUMENT).json()
    known_tags = {tag["name"] for tag in document["tags"]}
    operations = [operation for route in document["paths"].values() for operation in route.values()]

    ids = [operation["operationId"] for operation in operations]
    assert len(set(ids)) == len(ids)
    for operation in operations:
        assert set(operation["tags"]) <= known_tags, operation["operationId"]
        assert operation["summary"], operation["operationId"]
        refusals = [code for code in operation["responses"] if code[0] in "45"]
        assert refusals, operation["operationId"]
        for code in refusals:
            response = operation["responses"][code]
            if "$ref" in response:
                name = response["$ref"].removeprefix("#/components/responses/")
                response = document["components"]["responses"][name]
            content = response["content"]["application/json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Error"}


def test_guarded_operations_name_their_scheme(client):
    document = client.get(DOCUMENT).json()

    assert document["components"]["securitySchemes"]["accessToken"]["scheme"] == "bearer"
    assert document["paths"]["/api/v1/auth/me"]["get"]["security"] == [{"accessToken": []}]
    assert "security" not in document["paths"]["/api/v1/health"]["get"]


@pytest.mark.parametrize("path", PAGES)
def test_readers_load_only_local_files(client, path):
    page = client.get(path).text

    addresses = re.findall(r'(?:src|href|spec-url)="([^"]+)"', page)
    assert addresses
    assert all(address.startswith("/") for address in addresses)


@pytest.mark.parametrize("path", PAGES)
def test_readers_run_no_inline_script(client, path):
    response = client.get(path)

    assert not re.search(r"<script(?![^>]*src=)", response.text)
    policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self' 'unsafe-inline'"


def test_swagger_gets_its_script_from_an_address_of_its_own(client):
    [address] = re.findall(r'src="(/docs[^"]+)"', client.get("/docs").text)

    response = client.get(address)

    assert response["Content-Type"].startswith("application/javascript")
    assert "openapi.json" in response.text


def test_documents_for_staff_send_others_to_the_sign_in(client, settings):
    settings.API_DOCS = "staff"

    assert client.get("/docs").headers["Location"] == "/admin/login/?next=/docs"
    assert client.get(DOCUMENT).status_code == 403
    assert client.get(DOCUMENT).json()["error"]["code"] == "forbidden"

    client.force_login(build_user(is_staff=True))
    assert client.get("/docs").status_code == 200
    assert client.get(DOCUMENT).status_code == 200


@pytest.mark.parametrize("path", [DOCUMENT, *PAGES])
def test_documents_switched_off_do_not_exist(client, settings, path):
    settings.API_DOCS = "off"

    assert client.get(path).status_code == 404


def test_committed_document_is_what_the_server_says(client, settings):
    committed = (settings.BASE_DIR / "docs" / "openapi.json").read_text(encoding="utf-8")

    assert json.loads(committed) == client.get(DOCUMENT).json(), "Run `make openapi`."
