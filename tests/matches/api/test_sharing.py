"""Making, listing and withdrawing links, and exchanging their tokens."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from core.ids import hash_token
from matches.models import ShareLink
from tests.api.contract import DocumentedClient

EXCHANGE = "/api/v1/share/exchange"
SVG = "{http://www.w3.org/2000/svg}svg"


def url_of(match, link=None, suffix=""):
    return f"/api/v1/matches/{match.pk}/share" + (f"/{link.pk}{suffix}" if link else "")


@pytest.fixture
def match(club):
    return club.live_match()


@pytest.fixture
def anybody():
    client = DocumentedClient()
    client.default_format = "json"
    return client


def share(client, match, **fields):
    response = client.post(url_of(match), fields)
    assert response.status_code == 201, response.data
    return response.json()


def test_link_is_made_with_its_token_and_qr_code(club, match):
    answer = share(club.scorer, match, label="Family chat", expires_in_hours=2)

    link = ShareLink.objects.get()
    assert link.token_hash == hash_token(answer["token"])
    assert answer["url"] == f"/w#{answer['token']}"
    assert answer["absolute_url"] == f"http://testserver/w#{answer['token']}"
    assert answer["token_prefix"] == answer["token"][:6]
    assert (answer["label"], answer["name_policy"]) == ("Family chat", "number")
    assert ElementTree.fromstring(answer["qr_svg"]).tag == SVG  # noqa: S314  our own drawing
    assert timedelta(hours=1) < link.expires_at - timezone.now() < timedelta(hours=3)


def test_token_is_never_shown_again(club, match):
    token = share(club.scorer, match)["token"]

    response = club.member.get(url_of(match))

    assert token not in response.content.decode()
    assert response.data["items"][0]["url"] is None


def test_answer_with_a_token_is_in_no_cache(club, match):
    response = club.scorer.post(url_of(match), {}, HTTP_IDEMPOTENCY_KEY="one")
    again = club.scorer.post(url_of(match), {}, HTTP_IDEMPOTENCY_KEY="one")

    assert response["Cache-Control"] == "no-store"
    assert again.json()["token"] != response.json()["token"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("expires_in_hours", 0),
        ("expires_in_hours", 721),
        ("expires_in_hours", "for ever"),
        ("label", "x" * 81),
        ("name_policy", "nickname"),
        ("listed", "perhaps"),
        ("token", "chosen"),
    ],
)
def test_bad_field_is_refused_by_name(club, match, field, value):
    response = club.scorer.post(url_of(match), {field: value})

    assert response.status_code == 400
    assert list(response.data["error"]["details"]) == [field]
    assert not ShareLink.objects.exists()


def test_links_are_listed_newest_first(club, match):
    for label in ("first", "second"):
        share(club.scorer, match, label=label)

    items = club.member.get(url_of(match)).data["items"]

    assert [item["label"] for item in items] == ["second", "first"]


def test_member_makes_and_withdraws_no_link(club, match):
    share(club.scorer, match)
    link = ShareLink.objects.get()

    assert club.member.post(url_of(match), {}).status_code == 403
    assert club.member.delete(url_of(match, link)).status_code == 403


def test_only_managers_list_a_link(club, match):
    refused = club.scorer.post(url_of(match), {"listed": True})
    listed = share(club.admin, match, listed=True)

    assert refused.status_code == 403
    assert club.member.get(url_of(match)).data["items"][0]["url"] == listed["url"]


def test_qr_code_of_a_listed_link_can_be_had_again(club, match):
    answer = share(club.admin, match, listed=True)

    response = club.member.get(
        url_of(match, ShareLink.objects.get(), "/qr.svg"), HTTP_ACCEPT="image/svg+xml"
    )

    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"
    assert response.content.decode() == answer["qr_svg"]


def test_qr_code_of_another_link_is_gone(club, match):
    share(club.scorer, match)
    link = ShareLink.objects.get()

    response = club.member.get(url_of(match, link, "/qr.svg"), HTTP_ACCEPT="image/svg+xml")

    assert response.status_code == 410
    assert response.json()["error"]["code"] == "share_token_not_kept"


@pytest.mark.parametrize(
    "ended", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(1)}]
)
def test_qr_code_of_an_ended_link_is_gone(club, match, ended):
    share(club.admin, match, listed=True)
    ShareLink.objects.update(**ended)

    response = club.member.get(url_of(match, ShareLink.objects.get(), "/qr.svg"))

    assert response.status_code == 410
    assert response.json()["error"]["code"] == "share_link_gone"


def test_link_is_withdrawn_and_withdrawing_twice_is_the_same(club, match):
    share(club.scorer, match)
    link = ShareLink.objects.get()

    for _ in range(2):
        response = club.scorer.delete(url_of(match, link))
        assert (response.status_code, response.content) == (204, b"")

    assert club.member.get(url_of(match)).data["items"][0]["revoked_at"] is not None


def test_link_is_found_under_its_own_match_only(club, match):
    share(club.scorer, match)
    link = ShareLink.objects.get()

    assert club.scorer.delete(url_of(club.match(), link)).status_code == 404
    assert club.scorer.get(url_of(club.match(), link, "/qr.svg")).status_code == 404


def test_links_of_a_foreign_match_are_unknown(club, match, stranger):
    share(club.admin, match, listed=True)
    link = ShareLink.objects.get()

    assert stranger.get(url_of(match)).status_code == 404
    assert stranger.post(url_of(match), {}).status_code == 404
    assert stranger.delete(url_of(match, link)).status_code == 404
    assert stranger.get(url_of(match, link, "/qr.svg")).status_code == 404


class TestExchange:
    def test_anybody_with_the_token_gets_a_viewer_token(self, club, match, anybody):
        token = share(club.scorer, match)["token"]

        response = anybody.post(EXCHANGE, {"token": token})

        assert response.status_code == 200
        assert response.data["match_id"] == match.pk
        assert response.data["token_type"] == "bearer"
        assert 0 < response.data["expires_in"] <= 900
        assert response["Cache-Control"] == "no-store"
        anybody.credentials(HTTP_AUTHORIZATION=f"Bearer {response.data['viewer_token']}")
        assert anybody.get(f"/api/v1/matches/{match.pk}/live").status_code == 200

    def test_expired_token_in_the_header_is_in_nobodys_way(self, club, match, anybody):
        token = share(club.scorer, match)["token"]
        anybody.credentials(HTTP_AUTHORIZATION="Bearer nonsense")

        assert anybody.post(EXCHANGE, {"token": token}).status_code == 200

    @pytest.mark.parametrize("token", ["x", "é", "x" * 128, "../../etc/passwd"])
    @pytest.mark.django_db
    def test_unknown_token_is_not_found(self, anybody, token):
        response = anybody.post(EXCHANGE, {"token": token})

        assert response.status_code == 404
        assert response.data["error"]["code"] == "not_found"

    @pytest.mark.parametrize(
        "body", [{}, {"token": ""}, {"token": None}, {"token": ["x"]}, {"token": "x" * 129}]
    )
    @pytest.mark.django_db
    def test_token_that_cannot_be_one_is_refused(self, anybody, body):
        response = anybody.post(EXCHANGE, body)

        assert response.status_code == 400
        assert list(response.data["error"]["details"]) == ["token"]

    @pytest.mark.parametrize(
        "ended", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(1)}]
    )
    def test_ended_link_is_gone(self, club, match, anybody, ended):
        token = share(club.scorer, match)["token"]
        ShareLink.objects.update(**ended)

        response = anybody.post(EXCHANGE, {"token": token})

        assert response.status_code == 410
        assert response.data["error"]["code"] == "share_link_gone"

    def test_viewer_token_ends_with_its_link(self, club, match, anybody):
        token = share(club.scorer, match)["token"]
        viewer_token = anybody.post(EXCHANGE, {"token": token}).data["viewer_token"]
        anybody.credentials(HTTP_AUTHORIZATION=f"Bearer {viewer_token}")

        club.scorer.delete(url_of(match, ShareLink.objects.get()))

        for part in ("live", "feed"):
            response = anybody.get(f"/api/v1/matches/{match.pk}/{part}")
            assert response.status_code == 410
            assert response.data["error"]["code"] == "share_link_gone"

    @pytest.mark.django_db
    def test_one_address_may_not_ask_without_end(self, anybody, settings):
        settings.LIMITS = {**settings.LIMITS, "share-exchange": "2/1d"}
        for _ in range(2):
            anybody.post(EXCHANGE, {"token": "x"}, REMOTE_ADDR="192.0.2.7")

        refused = anybody.post(EXCHANGE, {"token": "x"}, REMOTE_ADDR="192.0.2.7")
        other = anybody.post(EXCHANGE, {"token": "x"}, REMOTE_ADDR="192.0.2.8")

        assert refused.status_code == 429
        assert refused.data["error"]["code"] == "rate_limited"
        assert int(refused["Retry-After"]) > 0
        assert other.status_code == 404

    def test_remaining_tries_are_told(self, club, match, anybody):
        token = share(club.scorer, match)["token"]

        response = anybody.post(EXCHANGE, {"token": token})

        assert '"share-exchange";r=5999;' in response["RateLimit"]

    @pytest.mark.django_db
    def test_without_a_cache_nobody_gets_in(self, anybody, without_cache):
        response = anybody.post(EXCHANGE, {"token": "x"})

        assert response.status_code == 503
        assert "Retry-After" in response
