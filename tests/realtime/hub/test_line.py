import asyncio

import pytest

from realtime.hub.line import Line
from realtime.hub.tuning import Tuning
from tests.live import until

TOPIC = "toy.1"


class LoopLayer:
    """A channel layer that carries messages to itself, and fails where it is told to."""

    def __init__(self, *failing):
        self.failing = set(failing)
        self.is_silent = False
        self.messages = asyncio.Queue()
        self.groups = set()

    def _may_fail(self, name):
        if name in self.failing:
            raise ConnectionError(name)

    async def new_channel(self, prefix):
        self._may_fail("new_channel")
        return prefix

    async def group_add(self, group, channel):
        self._may_fail("group_add")
        self.groups.add(group)

    async def group_discard(self, group, channel):
        self.groups.discard(group)

    async def send(self, channel, message):
        self._may_fail("send")
        if not self.is_silent:
            self.messages.put_nowait(message)

    async def receive(self, channel):
        message = await self.messages.get()
        self._may_fail("receive")
        return message

    async def flush(self):
        self._may_fail("flush")
        self.groups.clear()


@pytest.fixture
def layers():
    """The layers the line is given one after the other; the last one works."""
    return [LoopLayer()]


@pytest.fixture
async def line(layers):
    made = iter(layers)
    rings, downs, wanted = [], [], {TOPIC}
    line = Line(
        Tuning(heartbeat=0.02, silence=0.1),
        wanted=lambda: wanted,
        on_ring=lambda topic, seq: rings.append((topic, seq)),
        on_down=lambda: downs.append(1),
        make_layer=lambda: next(made),
    )
    line.rings, line.downs, line.topics = rings, downs, wanted
    running = asyncio.create_task(line.run())
    yield line
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await line.close()


async def test_joins_what_is_wanted_and_leaves_what_is_not(line, layers):
    await until(lambda: layers[0].groups == {TOPIC})
    # Whatever was rung before the group was joined.
    assert line.rings == [(TOPIC, 0)]

    line.topics.symmetric_difference_update({TOPIC, "toy.2"})
    line.nudge()

    await until(lambda: layers[0].groups == {"toy.2"})


async def test_passes_rings_on(line, layers):
    await until(lambda: line.is_up)
    await layers[0].send("hub", {"type": "ring", "topic": TOPIC, "seq": 7})

    await until(lambda: (TOPIC, 7) in line.rings)


@pytest.mark.parametrize("call", ["send", "receive", "group_add"])
async def test_is_built_anew_when_a_call_fails(line, layers, call):
    await until(lambda: line.is_up)
    layers[0].failing.add(call)
    line.topics.add("toy.2")
    await until(lambda: line.downs)
    assert not line.is_up

    layers[0].failing.clear()

    await until(lambda: line.is_up and layers[0].groups == {TOPIC, "toy.2"})
    assert len(line.downs) == 1


async def test_silence_is_a_failure_too(line, layers):
    await until(lambda: line.is_up)
    layers[0].is_silent = True

    await until(lambda: line.downs)

    layers[0].is_silent = False
    await until(lambda: line.is_up)


async def test_line_that_is_nudged_as_it_is_ended_ends():
    layer = LoopLayer()
    line = Line(
        Tuning(),
        wanted=lambda: {TOPIC},
        on_ring=lambda topic, seq: None,
        on_down=lambda: None,
        make_layer=lambda: layer,
    )
    running = asyncio.create_task(line.run())
    await until(lambda: line.is_up)

    line.nudge()
    # The nudge has arrived, and the line has not moved on yet.
    await asyncio.sleep(0)
    running.cancel()

    await until(running.done)
    await line.close()


class TestBrokenLayer:
    @pytest.fixture
    def layers(self):
        return [LoopLayer("flush"), LoopLayer()]

    async def test_layer_that_cannot_even_be_closed_is_left_for_a_new_one(self, line, layers):
        await until(lambda: line.is_up)
        layers[0].failing.add("send")

        await until(lambda: layers[1].groups == {TOPIC})
        await until(lambda: line.is_up)
