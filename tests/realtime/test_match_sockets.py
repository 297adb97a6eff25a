"""A whole match over real sockets: what phones and viewers hold in the end is what is true."""

import json
from contextlib import AsyncExitStack

import pytest

from accounts.models import Membership, NamePolicy, Organisation
from accounts.operations import delete_organisation
from config.asgi import application
from matches.operations.matches import delete_match
from matches.operations.sharing import (
    create_share_link,
    exchange_share_token,
    revoke_share_link,
)
from matches.queries import live
from realtime import feed
from tests.factories import build_access_token, build_match, build_user
from tests.live import Follower, check_history, in_database, live_server, open_socket, until
from tests.matches.builders import build_manager
from tests.matches.eventful import EventfulMatch
from tests.matches.reducer import apply, without_texts
from tests.realtime.conftest import goodbye

CANARY = "Xylophonecanary"


@pytest.fixture
def server(transactional_db, tuning):
    with live_server(application) as server:
        yield server


def viewer(match, actor, policy=NamePolicy.NUMBER):
    link, token = create_share_link(match=match, actor=actor, name_policy=policy)
    return link, exchange_share_token(token).viewer_token


def document_of(follower):
    """What a client makes of the snapshot and the entries after it."""
    document = without_texts(follower.snapshots[-1]["data"])
    for frame in follower.applied:
        document = apply(document, frame["type"], frame.get("data"))
    return document


async def test_everyone_ends_with_the_truth_and_no_viewer_learns_who_played(server):
    eventful = await in_database(EventfulMatch, CANARY)
    match, actor = eventful.match, eventful.actor
    await in_database(Organisation.objects.update, name_policy=NamePolicy.FULL)
    path = server.websocket(f"/ws/match/{match.pk}")
    member = Follower(path, await in_database(build_access_token, actor), match.topic)
    viewers = {
        policy: Follower(
            f"{path}/share", (await in_database(viewer, match, actor, policy))[1], match.topic
        )
        for policy in NamePolicy
    }
    everyone = [member, *viewers.values()]

    async with AsyncExitStack() as stack:
        for follower in everyone:
            await stack.enter_async_context(follower)
        await until(lambda: all(each.is_live for each in everyone))
        for step in eventful.steps():
            await in_database(step)
        head = await in_database(feed.head, match.topic)
        for follower in everyone:
            await follower.reached(head.seq)

    await in_database(check_history, member)
    assert document_of(member) == await truth(match, live.MEMBERS)
    assert CANARY in await snapshot_text(member)
    for policy, follower in viewers.items():
        await in_database(check_history, follower, is_full=False)
        assert document_of(follower) == await truth(match, live.audience_of(policy))
        received = json.dumps([follower.snapshots, follower.applied])
        assert CANARY.casefold() not in received.casefold()
        assert CANARY.casefold() not in (await snapshot_text(follower)).casefold()


async def truth(match, audience):
    return without_texts((await in_database(live.snapshot, match.topic, audience)).data)


async def snapshot_text(follower):
    """What somebody who comes now is given."""
    async with open_socket(follower.url, token=follower.token) as client:
        return json.dumps(await client.next("snapshot"), ensure_ascii=False)


async def test_revoked_link_is_said_to_be_gone(server):
    match = await in_database(build_match)
    actor = await in_database(build_manager, match)
    link, token = await in_database(viewer, match, actor)
    url = server.websocket(f"/ws/match/{match.pk}/share")
    async with open_socket(url, token=token) as client:
        await client.next("live")
        await in_database(revoke_share_link, link=link, actor=actor)

        assert (await goodbye(client))[2] == 4410
    async with open_socket(url, token=token) as client:
        assert (await goodbye(client))[2] == 4410


async def test_deleted_match_is_not_visible(server):
    match = await in_database(build_match)
    actor = await in_database(build_manager, match)
    token = await in_database(build_access_token, actor)
    async with open_socket(server.websocket(f"/ws/match/{match.pk}"), token=token) as client:
        await client.next("live")
        await in_database(delete_match, match=match, actor=actor)

        assert (await goodbye(client))[2] == 4404


async def test_organisation_that_is_deleted_shows_everybody_out(server):
    match = await in_database(build_match)
    actor = await in_database(build_manager, match)
    superuser = await in_database(build_user, is_superuser=True)
    _, shared = await in_database(viewer, match, actor)
    path = server.websocket(f"/ws/match/{match.pk}")
    tokens = [await in_database(build_access_token, user) for user in (actor, superuser)]
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(open_socket(url, token=token))
            for url, token in [*((path, token) for token in tokens), (f"{path}/share", shared)]
        ]
        for client in clients:
            await client.next("live")
        organisation = match.organisation
        await in_database(
            delete_organisation, organisation=organisation, confirmation=organisation.slug
        )

        assert [(await goodbye(client))[2] for client in clients] == [4404, 4404, 4404]


async def test_member_who_leaves_is_shown_out_and_strangers_never_come_in(server):
    match = await in_database(build_match)
    actor = await in_database(build_manager, match)
    token = await in_database(build_access_token, actor)
    url = server.websocket(f"/ws/match/{match.pk}")
    async with open_socket(url, token=token) as client:
        await client.next("live")
        await until(lambda: actor.pk in server.hub.guard._standings)
        await in_database(Membership.objects.filter(user=actor).delete)

        assert (await goodbye(client))[2] == 4404
    stranger = await in_database(build_access_token)
    async with open_socket(url, token=stranger) as client:
        assert (await goodbye(client))[2] == 4404


async def test_link_of_one_match_opens_no_other(server):
    match, other = await in_database(build_match), await in_database(build_match)
    actor = await in_database(build_manager, match)
    _, token = await in_database(viewer, match, actor)
    async with open_socket(server.websocket(f"/ws/match/{other.pk}/share"), token=token) as client:
        assert (await goodbye(client))[2] == 4404
