/**
 * The landing page: every listed match in play is followed live, and matches move between the
 * sections as they start and end.
 *
 * @typedef {import("./types.js").MatchState} MatchState
 * @typedef {import("./types.js").MatchEvent} MatchEvent
 * @typedef {import("./types.js").Entry} Entry
 */

import { celebrate, updateCard, updateClock } from "./card-view.js";
import { byId } from "./dom.js";
import { Follower } from "./follower.js";
import { kickoffText } from "./labels.js";
import { benefits, isGoal } from "./timeline.js";

/** Sockets a page may hold; cards below the first dozen stay as the server wrote them. */
const FOLLOWED = 12;
const REFRESH_MS = 30_000;
const MOVE_AFTER_MS = 500;
/** A match that is over stays in its place for a moment: that is when people look. */
const LEAVE_AFTER_MS = 5_000;

class Board {
  /** @type {Map<string, Follower>} by match */
  #followers = new Map();
  #moveTimer = 0;

  start() {
    this.#follow();
    setInterval(() => this.#tick(), 500);
    setInterval(() => this.#refresh(), REFRESH_MS);
    addEventListener("online", () => this.#each((follower) => follower.wake()));
    addEventListener("offline", () => this.#each((follower) => follower.cut()));
    document.addEventListener("visibilitychange", () => this.#seen());
  }

  #seen() {
    if (document.hidden) return;
    this.#each((follower) => follower.wake());
    this.#refresh();
  }

  /** Follow what is on or to come; what ended under our eyes may be reopened or replayed. */
  #follow() {
    localiseKickoffs();
    const isFollowed = (/** @type {Element} */ card) => this.#followers.has(id(card));
    const cards = [...document.querySelectorAll(".card")]
      .filter((card) => card.matches(FOLLOWED_CARDS) || isFollowed(card))
      .slice(0, FOLLOWED);
    const tokens = new Map(cards.map((card) => [id(card), card.getAttribute("data-token") ?? ""]));
    for (const [matchId, follower] of this.#followers) {
      if (tokens.get(matchId) === follower.session.shareToken) continue;
      follower.stop();
      this.#followers.delete(matchId);
    }
    for (const [matchId, token] of tokens) {
      if (this.#followers.has(matchId)) this.#draw(matchId);
      else this.#add(matchId, token);
    }
  }

  /** @param {string} matchId @param {string} token */
  #add(matchId, token) {
    const follower = new Follower(token, {
      state: () => this.#draw(matchId),
      happened: (entry) => this.#happened(matchId, entry),
    });
    this.#followers.set(matchId, follower);
    follower.start();
  }

  /** @param {string} matchId */
  #draw(matchId) {
    const card = cardOf(matchId);
    const follower = this.#followers.get(matchId);
    const state = follower?.state;
    if (!card || !state) return;
    updateCard(card, state);
    updateClock(card, state, follower.time);
    const section = card.closest("[data-section]")?.getAttribute("data-section");
    if (group(state.match.status) !== section) this.#planMove(section === "in-play");
  }

  /** @param {string} matchId @param {Entry} entry */
  #happened(matchId, entry) {
    const event = /** @type {MatchEvent} */ (entry.data);
    const card = cardOf(matchId);
    if (!card || entry.type !== "event_logged" || !isGoal(event)) return;
    const side = benefits(event);
    if (side) celebrate(card, side);
  }

  #tick() {
    if (document.hidden) return;
    for (const [matchId, { state, time }] of this.#followers) {
      const card = cardOf(matchId);
      if (card && state) updateClock(card, state, time);
    }
  }

  /** @param {boolean} isLeaving  the matches in play */
  #planMove(isLeaving) {
    clearTimeout(this.#moveTimer);
    const wait = isLeaving ? LEAVE_AFTER_MS : MOVE_AFTER_MS;
    this.#moveTimer = setTimeout(() => this.#refresh(), wait);
  }

  /** Ask for the page again and take its lists over, if other matches stand in them. */
  async #refresh() {
    if (document.hidden) return;
    const fresh = await freshMatches();
    if (!fresh || shape(fresh) === shape(byId("matches"))) return;
    byId("matches").replaceWith(document.adoptNode(fresh));
    this.#follow();
  }

  /** @param {(follower: Follower) => void} act */
  #each(act) {
    for (const follower of this.#followers.values()) act(follower);
  }
}

const FOLLOWED_CARDS = '[data-section="in-play"] .card, [data-section="to-come"] .card';

/** @param {Element} card */
function id(card) {
  return card.getAttribute("data-match") ?? "";
}

/** @param {string} matchId */
function cardOf(matchId) {
  return document.querySelector(`.card[data-match="${CSS.escape(matchId)}"]`);
}

/** @param {string} status */
function group(status) {
  if (["live", "paused"].includes(status)) return "in-play";
  return ["scheduled", "postponed"].includes(status) ? "to-come" : "over";
}

/** Which matches stand in which section. @param {Element} matches */
function shape(matches) {
  const sections = [...matches.querySelectorAll("[data-section]")];
  return JSON.stringify(
    sections.map((one) => [one.getAttribute("data-section"), [...one.querySelectorAll(".card")].map(id)]),
  );
}

/** @returns {Promise<Element | null>} null when the server cannot be reached now */
async function freshMatches() {
  try {
    const response = await fetch(location.pathname, { credentials: "omit" });
    if (!response.ok) return null;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.getElementById("matches");
  } catch {
    return null;
  }
}

/** The server knows no time zone; the reader's browser does. */
function localiseKickoffs() {
  for (const time of document.querySelectorAll('[data-part="kickoff"]')) {
    time.textContent = kickoffText(time.getAttribute("datetime") ?? "");
  }
}

new Board().start();
