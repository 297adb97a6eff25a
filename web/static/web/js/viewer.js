/**
 * The viewer page: takes the token from the link, follows the match and keeps every part current.
 *
 * @typedef {import("./types.js").MatchState} MatchState
 * @typedef {import("./types.js").MatchEvent} MatchEvent
 * @typedef {import("./types.js").Entry} Entry
 * @typedef {import("./feed.js").Phase} Phase
 */

import { Announcer } from "./announcer.js";
import { untilNextTick } from "./clock.js";
import { ConnectionView } from "./connection-view.js";
import { byId, setText } from "./dom.js";
import { Follower } from "./follower.js";
import { eventSentence, scoreSentence, standing, timeOfDay } from "./labels.js";
import { LineupView } from "./lineup-view.js";
import { hideNotice, showNotice } from "./notice-view.js";
import { isUnderWay, ScoreboardView } from "./scoreboard-view.js";
import { benefits, isGoal } from "./timeline.js";
import { TimelineView } from "./timeline-view.js";

/** Kinds that are said aloud; a corner every minute would drown the goals. */
const SAID = new Set([
  "goal", "own_goal", "penalty", "penalty_missed", "yellow_card", "second_yellow", "red_card",
  "substitution", "shootout_kick",
]);

class Viewer {
  announcer = new Announcer();
  connection = new ConnectionView();
  timeline = new TimelineView();
  lineup = new LineupView();
  #drawTimer = 0;
  #tickTimer = 0;
  /** Events that happened since the last drawing. @type {Set<string>} */
  #fresh = new Set();
  /** What was announced last, so that a status is said once. */
  #standing = "";

  /** @param {string} token */
  constructor(token) {
    this.follower = new Follower(token, {
      state: () => this.#plan(),
      happened: (entry, state) => this.#happened(entry, state),
      phase: (phase, detail) => this.#enter(phase, detail),
    });
    this.scoreboard = new ScoreboardView(this.follower.time);
  }

  start() {
    addEventListener("online", () => this.follower.wake());
    addEventListener("offline", () => this.follower.cut());
    addEventListener("pageshow", () => this.follower.wake());
    document.addEventListener("visibilitychange", () => this.#seen());
    this.follower.start();
  }

  #seen() {
    if (document.hidden) return;
    this.follower.wake();
    this.#tick();
  }

  /** Many entries at once, while catching up, are drawn once. */
  #plan() {
    if (!this.#drawTimer) this.#drawTimer = setTimeout(() => this.#draw(), 0);
  }

  #draw() {
    this.#drawTimer = 0;
    const state = this.follower.state;
    if (!state) return;
    if (this.connection.cutSince === null) hideNotice();
    byId("match").hidden = false;
    byId("connection").hidden = false;
    this.scoreboard.update(state);
    this.timeline.update(state);
    this.timeline.highlight(this.#fresh);
    this.#fresh.clear();
    this.lineup.update(state);
    document.title = title(state);
    setText(byId("page-title"), `${state.teams.home.name} v ${state.teams.away.name}`);
    this.#sayStanding(state);
    this.#tick();
  }

  #tick() {
    clearTimeout(this.#tickTimer);
    this.scoreboard.tick();
    const clock = this.follower.state?.clock;
    if (!clock?.running || document.hidden) return;
    const wait = untilNextTick(clock, this.follower.time.now());
    this.#tickTimer = setTimeout(() => this.#tick(), wait);
  }

  /** @param {Entry} entry @param {MatchState} state */
  #happened(entry, state) {
    if (entry.type !== "event_logged" && entry.type !== "substitution") return;
    const event = /** @type {MatchEvent} */ (entry.data);
    this.#fresh.add(event.event_id);
    if (!SAID.has(event.kind)) return;
    const sentence = eventSentence(state, event);
    const changesScore = isGoal(event) || event.kind === "shootout_kick";
    this.announcer.say(changesScore ? `${sentence}. ${scoreSentence(state)}` : sentence);
    const side = benefits(event);
    if (isGoal(event) && side) this.scoreboard.celebrate(side);
  }

  /** @param {MatchState} state */
  #sayStanding(state) {
    const { text } = standing(state);
    if (this.#standing && this.#standing !== text) {
      this.announcer.say(`${text}. ${scoreSentence(state)}`, "standing");
    }
    this.#standing = text;
  }

  /** @param {Phase} phase @param {{reason?: string, attempt?: number}} detail */
  #enter(phase, detail) {
    const cutSince = this.connection.cutSince;
    this.connection.update(phase);
    const state = this.follower.state;
    if (phase === "stopped") this.#stopped(detail.reason ?? "broken", cutSince ?? Date.now());
    else if (phase === "waiting" && !state) showNotice("waiting");
    else if (phase === "live" && state) {
      if (cutSince) this.announcer.say(`Connected again. ${scoreSentence(state)}`);
      hideNotice();
    }
  }

  /** @param {string} reason @param {number} since */
  #stopped(reason, since) {
    const hasMatch = this.follower.state !== null;
    showNotice(/** @type {any} */ (reason), { hasMatch, since: timeOfDay(since) });
    this.announcer.say(byId("notice").textContent?.trim().replace(/\s+/g, " ") ?? "");
  }
}

/** @param {MatchState} state */
function title(state) {
  const { home, away } = state.teams;
  const names = `${home.name} v ${away.name}`;
  const score = isUnderWay(state) ? `${state.score.home}–${state.score.away} ` : "";
  return `${score}${names} · Touchline`;
}

/** The jump buttons: links would need the fragment, and there the token stands. */
function wireJumps() {
  for (const button of document.querySelectorAll("[data-jump]")) {
    button.addEventListener("click", () => {
      const target = byId(/** @type {HTMLElement} */ (button).dataset.jump ?? "");
      target.focus({ preventScroll: true });
      target.scrollIntoView({ block: "start" });
    });
  }
}

/** The small score stays in sight once the large one has left it. */
function wireMiniScore() {
  const observer = new IntersectionObserver(([entry]) => {
    byId("mini").classList.toggle("is-shown", !entry.isIntersecting && entry.boundingClientRect.top < 0);
  });
  observer.observe(byId("score-line"));
}

function start() {
  const token = location.hash.slice(1);
  // Another link pasted over this one changes the fragment only, which loads nothing by itself.
  addEventListener("hashchange", () => location.reload());
  wireJumps();
  wireMiniScore();
  if (token) new Viewer(token).start();
  else showNotice("incomplete");
}

start();
