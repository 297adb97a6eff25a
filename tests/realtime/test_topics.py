import pytest

from accounts.queries import Anonymous
from realtime import topics
from realtime.topics import Audience, Snapshot, UnreadableError

EVERYBODY = Audience("everybody", is_full=False)
DOCUMENT = Snapshot(epoch="e", seq=1, data={})


@pytest.fixture
def _registered():
    topics.register(
        "open",
        may_read=lambda reader, topic: EVERYBODY,
        snapshot=lambda topic, audience: DOCUMENT,
    )
    yield
    topics.unregister("open")


@pytest.mark.usefixtures("_registered")
class TestRegistered:
    def test_prefix_decides_who_may_read_and_what(self):
        assert topics.may_read(Anonymous(), "open.1") is EVERYBODY
        assert topics.snapshot("open.1", EVERYBODY) is DOCUMENT

    def test_prefix_is_registered_once(self):
        with pytest.raises(ValueError, match="registered already"):
            topics.register("open", may_read=print, snapshot=print)

    @pytest.mark.parametrize("topic", ["open", "open.", "open.a b", "closed.1", "", ".1"])
    def test_what_is_no_topic_cannot_be_read(self, topic):
        with pytest.raises(UnreadableError):
            topics.may_read(Anonymous(), topic)
        with pytest.raises(UnreadableError):
            topics.snapshot(topic, EVERYBODY)


def test_match_topics_are_registered_at_start():
    with pytest.raises(UnreadableError):
        topics.may_read(Anonymous(), "match.0197f3c1-0000-7000-8000-000000000000")
