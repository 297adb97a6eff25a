"""Who is let in, and what those who are not are told."""

import pytest

from accounts.operations import sign_out
from accounts.queries import SignedIn
from realtime.topics import GoneError, UnreadableError
from tests.live import in_database, open_socket
from tests.realtime import toys
from tests.realtime.conftest import goodbye, viewer_token


async def test_token_may_come_in_the_header(url, token, toy):
    await in_database(toys.say, toy, "one")

    async with open_socket(url, headers={"Authorization": f"Bearer {token}"}) as client:
        kinds = [frame["type"] for frame in await client.frames_until("live")]

    assert kinds == ["welcome", "snapshot", "live"]


async def test_cursor_may_come_in_the_query(url, token, toy):
    await in_database(toys.say, toy, "one", "two")
    headers = {"Authorization": f"bearer {token}"}
    async with open_socket(url, headers=headers) as client:
        epoch = (await client.next("snapshot"))["epoch"]

    async with open_socket(f"{url}?since=1&epoch={epoch}", headers=headers) as client:
        kinds = [frame["type"] for frame in await client.frames_until("live")]

    assert kinds == ["welcome", "word_said", "live"]


async def test_query_that_is_no_cursor_is_as_good_as_none(url, token):
    headers = {"Authorization": f"Bearer {token}"}
    async with open_socket(f"{url}?since=soon&epoch=x", headers=headers) as client:
        kinds = [frame["type"] for frame in await client.frames_until("live")]

    assert kinds == ["welcome", "snapshot", "live"]


async def test_other_scheme_than_bearer_leaves_the_hello_to_be_said(url, token):
    async with open_socket(url, headers={"Authorization": "Basic eDp5"}, token=token) as client:
        assert (await client.frame())["type"] == "welcome"


async def test_hello_after_the_header_subscribes_again(url, token, toy):
    await in_database(toys.say, toy, "one")
    async with open_socket(url, headers={"Authorization": f"Bearer {token}"}) as client:
        snapshot = (await client.frames_until("live"))[1]
        await client.hello(None, since=0, epoch=snapshot["epoch"])
        again = await client.frames_until("live")

    assert [frame["type"] for frame in again] == ["word_said", "live"]


async def test_welcome_says_what_a_client_needs(url, token):
    async with open_socket(url, token=token) as client:
        welcome = await client.frame()

    assert set(welcome) == {"type", "connection", "server_time", "ping_seconds"}
    assert welcome["ping_seconds"] == 25
    assert welcome["server_time"].endswith("Z")


async def test_who_says_nothing_is_shown_out(url):
    async with open_socket(url) as client:
        _, bye, code = await goodbye(client)

    assert bye == {"type": "bye", "code": 4401, "retry_ms": None}
    assert code == 4401


@pytest.mark.parametrize("where", ["hello", "header"])
async def test_bad_token_is_refused(url, where):
    with_header = {"headers": {"Authorization": "Bearer forged"}}
    async with open_socket(url, **({"token": "forged"} if where == "hello" else with_header)) as it:
        error, _, code = await goodbye(it)

    assert error["code"] == "token_invalid"
    assert code == 4401


async def test_hello_without_a_token_is_refused_where_one_is_needed(url):
    async with open_socket(url) as client:
        await client.hello(None)
        error, _, code = await goodbye(client)

    assert error["code"] == "token_invalid"
    assert code == 4401


async def test_revoked_session_is_told_to_sign_in(url, session, token):
    await in_database(sign_out, reader=SignedIn(session.user, session.pk))

    async with open_socket(url, token=token) as client:
        error, bye, code = await goodbye(client)

    assert error["code"] == "session_revoked"
    assert bye["retry_ms"] is None
    assert code == 4403


async def test_viewer_token_does_not_open_the_members_path(url, toy):
    async with open_socket(url, token=viewer_token(toy)) as client:
        assert (await goodbye(client))[2] == 4401


async def test_access_token_does_not_open_the_share_path(share_url, token):
    async with open_socket(share_url, token=token) as client:
        assert (await goodbye(client))[2] == 4401


async def test_viewer_token_of_another_topic_sees_nothing(share_url):
    async with open_socket(share_url, token=viewer_token(toys.new_topic())) as client:
        assert (await goodbye(client))[2] == 4404


async def test_reader_without_right_cannot_tell_hidden_from_unknown(url, toy, token):
    toys.verdicts[toy] = UnreadableError(toy)

    async with open_socket(url, token=token) as client:
        _, bye, code = await goodbye(client)

    assert bye["retry_ms"] is None
    assert code == 4404


async def test_expired_share_link_is_said_to_be_gone(share_url, toy):
    toys.verdicts[toy] = GoneError(toy)

    async with open_socket(share_url, token=viewer_token(toy)) as client:
        assert (await goodbye(client))[2] == 4410


async def test_public_topic_needs_a_hello_and_no_token(server, toy):
    toys.verdicts[toy] = toys.PUBLIC

    async with open_socket(server.websocket(toys.path(toy, "/open"))) as client:
        await client.hello(None)
        kinds = [frame["type"] for frame in await client.frames_until("live")]

    assert kinds == ["welcome", "snapshot", "live"]


@pytest.mark.parametrize(
    "path", ["/ws/toy/not-an-id", "/ws/toy/", "/ws/nowhere", "/ws/", "/somewhere", "/ws/match/7"]
)
async def test_path_that_leads_nowhere_is_not_visible(server, token, path):
    async with open_socket(server.websocket(path)) as client:
        assert (await goodbye(client))[2] == 4404
