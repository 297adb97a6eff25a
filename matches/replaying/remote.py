"""Replays on another server, through its HTTP API as a phone would, over a network that breaks."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

import httpx
from django.utils import timezone

from core.errors import DomainError
from matches.replaying.runner import UnreachableError
from matches.rules.events import TimelineEvent
from matches.rules.kinds import EventKind, MatchStatus, Outcome, Side
from matches.rules.replay import PlayedTime, Step, StepKind, script

TIMEOUT_SECONDS: Final = 10.0
# A lost packet is not worth a wait: every request may be sent again at once.
QUICK_TRIES: Final = 3
# What passes by itself; everything else that is refused would be refused again.
PASSING: Final = frozenset({"idempotency_in_flight", "rate_limited", "service_unavailable"})
COPIED: Final = (
    *("kind", "period", "clock_ms", "team_id", "player_id", "player_on_id", "player_off_id"),
    *("sentiment", "notes"),
)


class RemoteRefusalError(DomainError):
    """The server said no. `remote_code` is its error code, empty when it was no Touchline."""

    code = "remote_refusal"

    def __init__(self, message: str, *, remote_code: str = "") -> None:
        self.remote_code = remote_code
        super().__init__(message)


class Server:
    """The API of a server. `read_token` is asked again when the token has expired."""

    def __init__(
        self,
        url: str,
        read_token: Callable[[], str],
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._read_token = read_token
        self._token = read_token()
        self._client = httpx.Client(
            base_url=f"{url.rstrip('/')}/api/v1", timeout=TIMEOUT_SECONDS, transport=transport
        )

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, **parameters: Any) -> dict[str, Any]:
        return self._call("GET", path, params=parameters)

    def post(
        self, path: str, body: Mapping[str, Any], *, key: UUID | None = None
    ) -> dict[str, Any]:
        """`key` makes sending it again harmless, where no id in the body does."""
        headers = {"Idempotency-Key": str(key)} if key else {}
        return self._call("POST", path, json=body, headers=headers)

    def _call(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        token = self._token
        response = self._send(method, path, token, **request)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            self._token = self._read_token()
            if self._token != token:
                response = self._send(method, path, self._token, **request)
        if response.is_success:
            return _body(response)
        raise _refusal(response)

    def _send(self, method: str, path: str, token: str, **request: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}", **request.pop("headers", {})}
        problem: httpx.TransportError | None = None
        for _ in range(QUICK_TRIES):
            try:
                return self._client.request(method, path, headers=headers, **request)
            except httpx.TransportError as error:
                problem = error
        raise UnreachableError(f"{self._client.base_url}: {problem}") from problem


def _body(response: httpx.Response) -> dict[str, Any]:
    try:
        body: dict[str, Any] = response.json()
    except ValueError as error:
        # The sign-in page of a public network, say; the server itself has not seen the request.
        raise UnreachableError(f"{response.url} did not answer in JSON.") from error
    return body


def _refusal(response: httpx.Response) -> Exception:
    try:
        error = response.json()["error"]
        code, message = error["code"], error["message"]
    except (ValueError, KeyError, TypeError):
        code, message = "", f"{response.url} answered {response.status_code}."
    if response.is_server_error or code in PASSING:
        wait_seconds = response.headers.get("Retry-After", "0")
        return UnreachableError(
            message, wait_seconds=float(wait_seconds) if wait_seconds.isdigit() else 0.0
        )
    return RemoteRefusalError(message, remote_code=code)


class RemoteReplay:
    """Plays a copy of a match of that server, which is found or made when it is prepared."""

    def __init__(self, server: Server, match_id: UUID, *, speed: int) -> None:
        self.label = f"match {match_id}"
        self.copy_id: UUID
        self._server = server
        self._source_id = match_id
        self._speed = speed
        self._events: Mapping[UUID, dict[str, Any]]
        self._round: UUID

    def prepare(self) -> Sequence[Step]:
        self._round = uuid4()
        source = f"/matches/{self._source_id}"
        copy = self._server.post(f"{source}/replay", {"clock_rate": self._speed}, key=self._round)
        self.label = f"{copy['home']['name']} - {copy['away']['name']}"
        self.copy_id = UUID(copy["id"])
        self._events = {UUID(event["id"]): event for event in self._read_events(source)}
        links = {
            event_id: UUID(event["linked_event_id"])
            for event_id, event in self._events.items()
            if event["linked_event_id"]
        }
        timeline = [_timeline_event(event) for event in self._events.values()]
        return script(self._read_periods(source), timeline, links=links)

    def perform(self, step: Step) -> None:
        match = f"/matches/{self.copy_id}"
        if step.event is not None:
            body = self._draft(self._events[step.event.id], step)
            self._server.post(f"{match}/events", body)
            return
        key = uuid5(self._round, f"{step.kind} {step.period}")
        try:
            self._server.post(f"{match}/{_address(step)}", {}, key=key)
        except RemoteRefusalError as refusal:
            # Done before an answer was lost, or by somebody else: either way it is done.
            if refusal.remote_code != "illegal_transition" or not self._is_done(step):
                raise

    def _read_events(self, source: str) -> Iterator[dict[str, Any]]:
        since: int | None = 0
        while since is not None:
            page = self._server.get(f"{source}/events", since=since)
            yield from page["items"]
            since = page["next_since"]

    def _read_periods(self, source: str) -> list[PlayedTime]:
        """The document does not tell of pauses, so those are played too."""
        document = self._server.get(f"{source}/live")
        return [
            PlayedTime(period["number"], _lasted_ms(period["started_at"], period["ended_at"]))
            for period in document["periods"]
            if period["ended_at"]
        ]

    def _is_done(self, step: Step) -> bool:
        document = self._server.get(f"/matches/{self.copy_id}/live")
        if step.kind is StepKind.COMPLETE:
            return bool(document["match"]["status"] == MatchStatus.COMPLETED)
        found = [period for period in document["periods"] if period["number"] == step.period]
        return any(step.kind is StepKind.START_PERIOD or period["ended_at"] for period in found)

    def _draft(self, event: Mapping[str, Any], step: Step) -> dict[str, Any]:
        linked = step.linked_event_id
        return {
            # The same each time, so that a step tried again records nothing twice.
            "id": str(uuid5(self.copy_id, str(event["id"]))),
            **{name: event[name] for name in COPIED},
            "outcome": event["outcome"] or None,
            "linked_event_id": linked and str(uuid5(self.copy_id, str(linked))),
            "recorded_at": timezone.now().isoformat(),
        }


def _address(step: Step) -> str:
    match step.kind:
        case StepKind.START_PERIOD:
            return "start" if step.period == 1 else "periods/start"
        case StepKind.END_PERIOD:
            return "periods/end"
        case _:
            return "complete"


def _lasted_ms(started_at: str, ended_at: str) -> int:
    lasted = datetime.fromisoformat(ended_at) - datetime.fromisoformat(started_at)
    return int(lasted.total_seconds() * 1000)


def _timeline_event(event: Mapping[str, Any]) -> TimelineEvent:
    return TimelineEvent(
        id=UUID(event["id"]),
        kind=EventKind(event["kind"]),
        side=Side(event["side"]) if event["side"] else None,
        period=event["period"],
        clock_ms=event["clock_ms"],
        sequence=event["sequence"],
        outcome=Outcome(event["outcome"]) if event["outcome"] else None,
    )
