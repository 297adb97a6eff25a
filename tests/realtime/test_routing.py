import pytest
from websockets.exceptions import InvalidStatus

from accounts.queries import Service, SignedIn, Viewer
from realtime.consumers import NOWHERE
from realtime.routing import entrance_at
from tests.live import open_socket

ID = "0198c6a2-5f10-7c3e-9a51-0d3c8a7b1e20"


@pytest.mark.parametrize(
    ("path", "readers", "topic"),
    [
        ("/ws", (SignedIn, Service), None),
        (f"/ws/match/{ID}", (SignedIn,), f"match.{ID}"),
        (f"/ws/match/{ID}/share", (Viewer,), f"match.{ID}"),
    ],
)
def test_path_says_who_comes_in_and_for_which_topic(path, readers, topic):
    entrance = entrance_at(path)

    assert (entrance.readers, entrance.topic) == (readers, topic)


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/ws/", "/ws/match", "/ws/match/1", "/wsx", f"/ws/match/{ID}/", f"/x/ws/match/{ID}"),
        *(f"/ws/match/{ID.upper()}", f"/ws/match/{ID}/members", f"/ws/match/{ID}\n"),
    ],
)
def test_any_other_path_leads_nowhere(path):
    assert entrance_at(path) is NOWHERE


class TestOrigin:
    @pytest.fixture
    def url(self, server):
        return server.websocket("/ws")

    async def test_listed_origin_may_open_a_socket(self, url, token, settings):
        settings.WEBSOCKET_ORIGINS = ["https://touchline.example.org"]

        async with open_socket(url, token=token, origin="https://touchline.example.org") as client:
            assert (await client.frame())["type"] == "welcome"

    async def test_client_that_is_no_browser_sends_none(self, url, token, settings):
        settings.WEBSOCKET_ORIGINS = ["https://touchline.example.org"]

        async with open_socket(url, token=token) as client:
            assert (await client.frame())["type"] == "welcome"

    @pytest.mark.parametrize(
        "origin",
        [
            "https://evil.example.org",
            "http://touchline.example.org",
            "https://touchline.example.org.evil.org",
            "https://touchline.example.org:444",
            "null",
        ],
    )
    async def test_other_origin_is_refused_at_the_handshake(self, url, token, settings, origin):
        settings.WEBSOCKET_ORIGINS = ["https://touchline.example.org"]

        with pytest.raises(InvalidStatus) as refused:
            async with open_socket(url, token=token, origin=origin):
                pass

        assert refused.value.response.status_code == 403

    @pytest.mark.parametrize("listed", [[], ["https://touchline.example.org"]])
    async def test_own_host_need_not_be_listed_in_development(
        self, server, url, token, settings, listed
    ):
        settings.ENVIRONMENT, settings.WEBSOCKET_ORIGINS = "development", listed

        async with open_socket(url, token=token, origin=server.url) as client:
            assert (await client.frame())["type"] == "welcome"

    @pytest.mark.parametrize(
        ("environment", "origin"),
        [
            ("production", None),
            ("development", "http://127.0.0.1:1"),
            ("development", "null"),
            ("development", "http://[::1"),
        ],
    )
    async def test_without_a_list_nobody_else_comes_in(
        self, server, url, token, settings, environment, origin
    ):
        settings.ENVIRONMENT, settings.WEBSOCKET_ORIGINS = environment, []

        with pytest.raises(InvalidStatus):
            async with open_socket(url, token=token, origin=origin or server.url):
                pass
