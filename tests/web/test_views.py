import re
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders

from matches.operations.sharing import create_share_link
from tests import factories
from tests.matches.builders import build_manager
from web import demo

pytestmark = pytest.mark.django_db

ACCOUNT = ["/account/reset", "/account/verify", "/account/invitation"]
PAGES = ["/", "/w", *ACCOUNT]


def listed(match):
    return create_share_link(match=match, actor=build_manager(match), listed=True).token


@pytest.mark.parametrize("path", PAGES)
def test_pages_open_for_anybody_and_are_asked_for_anew(client, path):
    response = client.get(path)

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-cache"
    assert not response.cookies


@pytest.mark.parametrize("path", PAGES)
def test_an_unchanged_page_is_not_sent_again(client, path):
    etag = client.get(path)["ETag"]

    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("path", [*PAGES, "/favicon.ico"])
def test_pages_are_read_only(client, path):
    assert client.head(path).status_code in {200, 302}
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", PAGES)
def test_pages_allow_their_own_files_and_nothing_else(client, path):
    policy = client.get(path)["Content-Security-Policy"]

    directives = dict(part.strip().split(" ", 1) for part in policy.split(";") if part.strip())
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["style-src"] == "'self'"
    assert directives["connect-src"] == "'self'"
    assert directives["img-src"] == "'self' data:"


@pytest.mark.parametrize("path", [*PAGES, "/nowhere"])
def test_every_file_a_page_names_is_ours_and_exists(client, path):
    html = client.get(path).content.decode()

    files = re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="([^"]+)"', html)
    assert files
    assert [file for file in files if urlsplit(file).netloc] == []
    assert [file for file in files if not finders.find(file.removeprefix("/static/"))] == []


def test_the_viewer_page_tells_nobody_where_it_was_opened(client):
    response = client.get("/w")

    assert response["Referrer-Policy"] == "no-referrer"
    assert b'<meta name="robots" content="noindex">' in response.content


def test_the_viewer_page_asks_the_database_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/w")


def test_a_listed_match_links_to_its_viewer_page(client):
    match = factories.build_match(
        competition="Cup <b>",
        home_team=factories.build_team(name="Tom & Jerry's", colour="#123456"),
    )
    token = listed(match)

    html = client.get("/").content.decode()

    assert f'href="/w#{token}"' in html
    assert f'data-match="{match.pk}"' in html
    assert 'fill="#123456"' in html
    assert "Tom &amp; Jerry&#x27;s" in html
    assert "Cup &lt;b&gt;" in html


def test_sections_without_a_match_are_left_out(client):
    listed(factories.build_match(status="completed"))

    html = client.get("/").content.decode()

    assert "Nothing is being played at the moment" in html
    assert "Finished" in html
    assert "Coming up" not in html


def test_an_empty_page_says_what_to_do(client):
    html = client.get("/").content.decode()

    assert "No match is listed yet" in html
    assert 'href="/admin/"' in html


@pytest.mark.parametrize(
    ("environment", "is_shown"), [("development", True), ("production", False)]
)
def test_the_demo_sign_in_shows_on_development_machines_only(
    client, settings, environment, is_shown
):
    factories.build_organisation(slug=demo.DEMO_ORGANISATION_SLUG)
    settings.ENVIRONMENT = environment

    html = client.get("/").content.decode()

    assert (demo.DEMO_PASSWORD in html) is is_shown
    assert ("make demo" in html) is is_shown


def test_without_the_demo_no_sign_in_is_shown(client, settings):
    settings.ENVIRONMENT = "development"

    assert demo.DEMO_PASSWORD not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("docs", "is_linked"), [("public", True), ("staff", False), ("off", False)]
)
def test_the_api_documents_are_linked_where_anybody_may_read_them(
    client, settings, docs, is_linked
):
    settings.API_DOCS = docs

    assert ('href="/docs"' in client.get("/").content.decode()) is is_linked


def test_a_wrong_address_is_answered_for_people(client):
    response = client.get("/nowhere", headers={"Accept": "text/html"})

    assert response.status_code == 404
    assert b"Out of play." in response.content


def test_a_fault_is_answered_for_people_with_its_number(client, monkeypatch):
    client.raise_request_exception = False

    def fail(now):
        raise ZeroDivisionError

    monkeypatch.setattr("web.views.landing", fail)

    response = client.get("/", headers={"Accept": "text/html", "X-Request-ID": "number-of-this"})

    assert response.status_code == 500
    assert b"That was our foul." in response.content
    assert b"number-of-this" in response.content


def test_browsers_that_ask_for_the_old_icon_get_the_new_one(client):
    response = client.get("/favicon.ico")

    assert response.status_code == 302
    assert response["Location"].startswith("/static/web/favicon")
