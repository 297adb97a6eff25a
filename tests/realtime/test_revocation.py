"""Whoever loses the right to read is shown out, with the code that says what to do about it."""

from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import DeviceSession, Membership
from accounts.operations import sign_out
from accounts.queries import SignedIn
from realtime import feed
from realtime.topics import GoneError, UnreadableError
from tests.factories import build_member, build_organisation, build_session
from tests.live import Follower, in_database, open_socket, until
from tests.realtime import toys
from tests.realtime.conftest import access_token, goodbye, viewer_token


async def test_signing_out_ends_the_sockets_of_that_device_only(url, session, token):
    other_device = access_token(await in_database(build_session, session.user))
    async with open_socket(url, token=token) as ended, open_socket(url, token=other_device) as kept:
        for client in (ended, kept):
            await client.next("live")
        await in_database(sign_out, reader=SignedIn(session.user, session.pk))

        _, bye, code = await goodbye(ended)
        await kept.say({"type": "subscribe", "topic": "nonsense"})
        assert (await kept.frame())["code"] == "not_found"

    assert bye["retry_ms"] is None
    assert code == 4403


async def test_session_that_expires_ends_its_sockets(url, session, token):
    async with open_socket(url, token=token) as client:
        await client.next("live")
        await in_database(
            DeviceSession.objects.filter(pk=session.pk).update, expires_at=timezone.now()
        )

        assert (await goodbye(client))[2] == 4403


async def test_disabled_user_is_shown_out(url, session, token):
    async with open_socket(url, token=token) as client:
        await client.next("live")
        session.user.is_active = False
        await in_database(session.user.save)

        assert (await goodbye(client))[2] == 4403


async def test_doorbell_has_every_reader_of_the_topic_checked_at_once(url, toy, token):
    async with open_socket(url, token=token) as client:
        await client.next("live")
        toys.verdicts[toy] = UnreadableError(toy)
        await in_database(feed.recheck, toy)

        _, bye, code = await goodbye(client)

    assert bye["retry_ms"] is None
    assert code == 4404


async def test_revoked_link_closes_its_viewers_and_no_others(share_url, toy):
    revoked, other = uuid4(), uuid4()
    async with (
        open_socket(share_url, token=viewer_token(toy, revoked)) as ended,
        open_socket(share_url, token=viewer_token(toy, other)) as kept,
    ):
        for client in (ended, kept):
            await client.next("live")
        toys.verdicts[f"viewer.{revoked}", toy] = GoneError(toy)
        await in_database(feed.recheck, toy)

        assert (await goodbye(ended))[2] == 4410
        await in_database(toys.say, toy, "still told")
        assert (await kept.frame())["type"] == "word_said"


async def test_lost_doorbell_is_made_up_for_by_the_next_round(url, toy, token):
    async with open_socket(url, token=token) as client:
        await client.next("live")
        # No doorbell is rung.
        toys.verdicts[toy] = GoneError(toy)

        assert (await goodbye(client))[2] == 4410


async def test_one_of_several_topics_is_lost_without_the_connection(server, toy, token):
    async with open_socket(server.websocket("/ws"), token=token) as client:
        for topic in (toy, other := toys.new_topic()):
            await client.say({"type": "subscribe", "topic": topic})
            await client.next("live")
        toys.verdicts[toy] = UnreadableError(toy)
        await in_database(feed.recheck, toy)

        error = await client.frame()
        await in_database(toys.say, toy, "unheard")
        await in_database(toys.say, other, "heard")

        assert (error["code"], error["topic"]) == ("topic_lost", toy)
        assert (await client.frame())["data"] == {"word": "heard"}


async def test_reader_whose_role_changes_sees_what_the_new_one_sees(url, toy, token):
    await in_database(toys.say, toy, "secret", secret=True)
    async with Follower(url, token, toy) as follower:
        await until(lambda: follower.is_live)
        toys.verdicts[toy] = toys.PUBLIC
        await in_database(feed.recheck, toy)
        await until(lambda: follower.resets and follower.is_live)
        await in_database(toys.say, toy, "secret too", secret=True)
        await follower.reached(2)

    assert follower.resets == ["access_changed"]
    assert toys.words_seen(follower) == []


class TestStanding:
    """What a person is in an organisation, and on the platform."""

    @pytest.fixture
    def tuning(self, tuning):
        # So that it is not the general round that notices.
        tuning["recheck"] = 60
        return tuning

    @pytest.fixture
    def members_only(self, toy, session):
        organisation = build_organisation()
        membership = Membership.objects.create(user=session.user, organisation=organisation)

        def may_read(reader, topic):
            is_in = organisation.memberships.filter(user=reader.user).exists()
            return toys.MEMBERS if is_in or reader.user.is_superuser else UnreadableError(topic)

        toys.verdicts[toy] = may_read
        return membership

    async def test_member_who_is_removed_is_shown_out(
        self, server, url, session, token, members_only
    ):
        async with open_socket(url, token=token) as client:
            await client.next("live")
            await until(lambda: session.user_id in server.hub.guard._standings)
            await in_database(members_only.delete)

            assert (await goodbye(client))[2] == 4404

    async def test_user_is_asked_about_as_they_are_now(
        self, server, url, session, token, members_only
    ):
        async with open_socket(url, token=token) as client:
            await client.next("live")
            await until(lambda: session.user_id in server.hub.guard._standings)
            session.user.is_superuser = True
            await in_database(session.user.save)
            await in_database(members_only.delete)
            await until(lambda: (None, "superuser") in server.hub.guard._standings[session.user_id])
            session.user.is_superuser = False
            await in_database(session.user.save)

            assert (await goodbye(client))[2] == 4404

    async def test_other_people_are_not_asked_about(
        self, server, url, toy, session, token, members_only
    ):
        asked = []
        may_read = toys.verdicts[toy]
        toys.verdicts[toy] = lambda reader, topic: asked.append(1) or may_read(reader, topic)
        async with open_socket(url, token=token) as client:
            await client.next("live")
            # Once when they come in, and once when they are first seen in a round.
            await until(lambda: len(asked) == 2)
            other = await in_database(build_member, members_only.organisation)
            await in_database(other.delete)
            await in_database(members_only.save)
            await client.say({"type": "subscribe", "topic": toy})
            await client.next("live")

        assert len(asked) == 3


async def test_check_that_breaks_sends_nobody_away(url, toy, token):
    async with open_socket(url, token=token) as client:
        await client.next("live")
        asked = []

        def fail(reader, topic):
            asked.append(topic)
            return LookupError("a bug of its app")

        toys.verdicts[toy] = fail
        await until(lambda: len(asked) > 1)
        toys.verdicts.clear()
        await in_database(toys.say, toy, "still told")

        assert (await client.frame())["type"] == "word_said"


async def test_recheck_of_a_topic_nobody_watches_is_nothing(server, toy, url, token):
    await in_database(feed.recheck, toys.new_topic())

    async with open_socket(url, token=token) as client:
        assert (await client.frame())["type"] == "welcome"


@pytest.mark.parametrize(("error", "code"), [(UnreadableError, 4404), (GoneError, 4410)])
async def test_topic_whose_document_is_gone_by_then_ends_the_connection(
    url, toy, token, error, code
):
    toys.documents[toy] = error(toy)

    async with open_socket(url, token=token) as client:
        assert (await goodbye(client))[2] == code
