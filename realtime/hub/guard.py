"""Who may come in, and whether those inside may stay."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import islice
from uuid import UUID

from accounts.models import Membership, User
from accounts.queries import Reader, Service, SignedIn, open_sessions, reader_for
from realtime import topics
from realtime.frames import CloseCode
from realtime.hub.database import DatabaseThreads, SingleFlight
from realtime.hub.following import Following
from realtime.hub.socket import Socket
from realtime.hub.subscription import Subscription
from realtime.topics import Audience, GoneError, UnreadableError

Question = tuple[Reader, str]
Verdict = Audience | CloseCode

# Whatever in accounts a right to read may depend on.
Standing = frozenset[tuple[UUID | None, str]]

QUESTIONS_A_CALL = 50


class Guard:
    def __init__(self, sockets: Collection[Socket], following: Following) -> None:
        self._sockets = sockets
        self._following = following
        self._threads = DatabaseThreads("guard", 2)
        # Of its own, so that no crowd at the entrance delays who must leave.
        self._rounds = DatabaseThreads("rounds", 1)
        # By user: what they are, and where.
        self._standings: dict[UUID, Standing] = {}
        self._asking: SingleFlight[tuple[str, str], Verdict] = SingleFlight()

    def close(self) -> None:
        self._threads.close()
        self._rounds.close()

    async def reader_for(self, token: str) -> Reader:
        """Raises as `accounts.queries.reader_for`."""
        return await self._threads.run(reader_for, token)

    async def verdict(self, reader: Reader, topic: str) -> Verdict:
        """The reader's audience, or the code that ends a connection which asked for the topic."""

        async def ask() -> Verdict:
            return await self._threads.run(_verdict, reader, topic)

        return await self._asking.fetch((reader.key, topic), ask)

    async def recheck(self, topic: str) -> None:
        """Ask again about everyone who reads `topic`."""
        watched = self._following.tails.watched.get(topic)
        if watched is not None:
            await self._ask_again(watched.subscriptions)

    async def recheck_all(self) -> None:
        await self._refresh_users()
        await self._ask_again(
            subscription
            for watched in self._following.tails.watched.values()
            for subscription in watched.subscriptions
        )

    async def check_people(self) -> None:
        """Close who is signed out, ask again about whoever has become something else.

        A fixed number of queries, however many they are.
        """
        with_session = [
            (socket, socket.reader)
            for socket in self._sockets
            if isinstance(socket.reader, SignedIn | Service)
        ]
        if not with_session:
            self._standings.clear()
            return
        session_ids = {reader.session_id for _, reader in with_session}
        user_ids = {reader.user.pk for _, reader in with_session if isinstance(reader, SignedIn)}
        still_open, standings = await self._rounds.run(_look_up, session_ids, user_ids)
        for socket, reader in with_session:
            if reader.session_id not in still_open:
                socket.close(CloseCode.SIGNED_OUT)
        before, self._standings = self._standings, standings
        # Who is new is asked about, too: they may have become something else since they came in.
        changed = {pk for pk, standing in standings.items() if before.get(pk) != standing}
        if changed:
            await self._refresh_users()
            await self._ask_again(
                subscription
                for socket, reader in with_session
                if isinstance(reader, SignedIn) and reader.user.pk in changed
                for subscription in list(socket.subscriptions.values())
            )

    async def _refresh_users(self) -> None:
        # A reader carries its user as of signing in; what they are may have changed since.
        ids = {
            socket.reader.user.pk for socket in self._sockets if isinstance(socket.reader, SignedIn)
        }
        if not ids:
            return
        users = await self._rounds.run(User.objects.in_bulk, ids)
        for socket in self._sockets:
            reader = socket.reader
            if isinstance(reader, SignedIn) and reader.user.pk in users:
                socket.reader = replace(reader, user=users[reader.user.pk])

    async def _ask_again(self, subscriptions: Iterable[Subscription]) -> None:
        """One question for each reader and topic, however many connections they hold."""
        groups: dict[tuple[str, str], tuple[Question, list[Subscription]]] = {}
        for subscription in subscriptions:
            reader, topic = subscription.socket.reader, subscription.watched.name
            if reader is not None:
                group = groups.setdefault((reader.key, topic), ((reader, topic), []))
                group[1].append(subscription)
        waiting = iter(groups.values())
        while some := list(islice(waiting, QUESTIONS_A_CALL)):
            verdicts = await self._rounds.run(_verdicts, [question for question, _ in some])
            for (_, asking), verdict in zip(some, verdicts, strict=True):
                for subscription in asking:
                    self._settle(subscription, verdict)

    def _settle(self, subscription: Subscription, verdict: Verdict) -> None:
        # The client may have left while the question was asked.
        name = subscription.watched.name
        if subscription.socket.subscriptions.get(name) is not subscription:
            return
        if isinstance(verdict, CloseCode):
            self._following.lose(subscription, verdict)
        elif verdict != subscription.audience:
            subscription.audience = verdict
            self._following.start_over(subscription, "access_changed")


def _look_up(session_ids: set[UUID], user_ids: set[UUID]) -> tuple[set[UUID], dict[UUID, Standing]]:
    found: dict[UUID, set[tuple[UUID | None, str]]] = {pk: set() for pk in user_ids}
    memberships = Membership.objects.filter(user_id__in=user_ids).order_by()
    for pk, organisation_id, role in memberships.values_list("user_id", "organisation_id", "role"):
        found[pk].add((organisation_id, role))
    superusers = User.objects.filter(pk__in=user_ids, is_superuser=True).order_by()
    for pk in superusers.values_list("pk", flat=True):
        found[pk].add((None, "superuser"))
    return open_sessions(session_ids), {pk: frozenset(each) for pk, each in found.items()}


def _verdicts(questions: list[Question]) -> list[Verdict]:
    return [_verdict(reader, topic) for reader, topic in questions]


def _verdict(reader: Reader, topic: str) -> Verdict:
    try:
        return topics.may_read(reader, topic)
    except UnreadableError:
        return CloseCode.NOT_VISIBLE
    except GoneError:
        return CloseCode.GONE
