"""The pure decisions of a page: order of entries, what follows a close, back-off, colours."""

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("cursor", "seq", "place"),
    [
        ({"epoch": "e", "seq": 4}, 5, "apply"),
        ({"epoch": "e", "seq": 4}, 4, "drop"),
        ({"epoch": "e", "seq": 4}, 2, "drop"),
        ({"epoch": "e", "seq": 4}, 6, "hole"),
        (None, 1, "hole"),
    ],
)
def test_only_the_next_entry_is_applied(modules, cursor, seq, place):
    assert modules.call("feed-rules", "placeOf", cursor, seq) == place


@pytest.mark.parametrize(
    ("code", "malformed", "action", "reason"),
    [
        (1012, 0, "reconnect", ""),
        (4009, 0, "reconnect", ""),
        (4008, 0, "reconnect", ""),
        (4013, 0, "reconnect", ""),
        (1006, 0, "reconnect", ""),
        (4401, 0, "renew", ""),
        (4403, 0, "stop", "gone"),
        (4404, 0, "stop", "unknown"),
        (4410, 0, "stop", "gone"),
        (4422, 2, "reconnect", ""),
        (4422, 3, "stop", "broken"),
        (1009, 3, "stop", "broken"),
    ],
)
def test_a_close_code_says_what_to_do(modules, code, malformed, action, reason):
    assert modules.call("feed-rules", "afterClose", code, malformed) == {
        "action": action,
        "reason": reason,
    }


def test_back_off_doubles_up_to_a_cap_and_is_half_random(modules):
    shortest = [modules.call("feed-rules", "retryDelay", attempt, 0) for attempt in range(8)]
    longest = [modules.call("feed-rules", "retryDelay", attempt, 1) for attempt in range(8)]

    assert shortest == [250, 500, 1000, 2000, 4000, 7500, 7500, 7500]
    assert longest == [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]


def test_a_thousand_failures_do_not_overflow_the_delay(modules):
    assert modules.call("feed-rules", "retryDelay", 1000, 1) == 15_000


@pytest.mark.parametrize(
    ("colour", "text"),
    [
        ("#000000", "#ffffff"),
        ("#ffffff", "#000000"),
        ("#75aadb", "#000000"),
        ("#1d2f6f", "#ffffff"),
        ("#f2c200", "#000000"),
        ("#767676", "#000000"),
        ("#777777", "#000000"),
    ],
)
def test_numbers_on_a_team_colour_can_be_read(modules, colour, text):
    assert modules.call("colour", "readableOn", colour) == text
    assert modules.call("colour", "contrast", colour, text) >= 4.5


def test_contrast_is_that_of_wcag(modules):
    assert modules.call("colour", "contrast", "#ffffff", "#000000") == pytest.approx(21)
    assert modules.call("colour", "contrast", "#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


SESSION = """async (load, { answers, at }) => {
  const { ViewerSession } = await load("session");
  let now = 0;
  const exchange = async () => answers.shift();
  const session = new ViewerSession("share", { exchange, now: () => now });
  const tokens = [];
  for (const moment of at) {
    now = moment;
    tokens.push(await session.token());
  }
  return { tokens, renewsIn: session.renewsIn, matchId: session.matchId };
}"""


def exchanged(token):
    return {"viewer_token": token, "expires_in": 900, "match_id": "m1"}


def test_a_viewer_token_is_renewed_when_a_fifth_of_its_life_is_left(modules):
    answers = [exchanged("one"), exchanged("two")]

    result = modules.run(SESSION, {"answers": answers, "at": [0, 719_000, 721_000]})

    assert result == {"tokens": ["one", "one", "two"], "renewsIn": 720_000, "matchId": "m1"}


def test_callers_at_the_same_time_share_one_exchange(modules):
    tokens = modules.run(
        """async (load) => {
             const { ViewerSession } = await load("session");
             let count = 0;
             const answer = { expires_in: 900, match_id: "m" };
             const exchange = async () => ({ ...answer, viewer_token: `t${++count}` });
             const session = new ViewerSession("share", { exchange });
             return Promise.all([session.token(), session.renew(), session.token()]);
           }"""
    )

    assert tokens == ["t1", "t1", "t1"]


def test_a_failed_exchange_is_tried_again(modules):
    token = modules.run(
        """async (load) => {
             const { ViewerSession } = await load("session");
             let count = 0;
             const exchange = async () => {
               if (!count++) throw new Error("no network");
               return { viewer_token: "t", expires_in: 900, match_id: "m" };
             };
             const session = new ViewerSession("share", { exchange });
             await session.token().catch(() => undefined);
             return session.token();
           }"""
    )

    assert token == "t"
