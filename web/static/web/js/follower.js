/**
 * Follows one shared match: exchanges the link, keeps the state current, looks up new names, and
 * reads the document over HTTP while sockets do not get through.
 *
 * @typedef {import("./types.js").MatchState} MatchState
 * @typedef {import("./types.js").Entry} Entry
 * @typedef {import("./feed.js").Phase} Phase
 *
 * @typedef {object} FollowerListener
 * @property {(state: MatchState) => void} state  the state changed
 * @property {(entry: Entry, state: MatchState) => void} [happened]  one entry, while live
 * @property {(phase: Phase, detail: {reason?: string, attempt?: number, retryMs?: number}) => void} [phase]
 */

import { liveDocument } from "./api.js";
import { ServerTime } from "./clock.js";
import { Feed } from "./feed.js";
import { ViewerSession } from "./session.js";
import { fromSnapshot, reduce, unknownPlayers } from "./state.js";

/** Some networks block sockets: from this try on the page reads the document instead. */
const READ_FROM_ATTEMPT = 3;
const SPREAD_MS = 1_000;

export class Follower {
  /** @type {MatchState | null} */
  state = null;
  time = new ServerTime();
  /** Players already asked for: one who stays unknown must not be asked for again and again. */
  #asked = new Set();
  #renewTimer = 0;
  #mustRenew = false;
  /** @type {Phase} */ #phase = "connecting";

  /** @param {string} shareToken @param {FollowerListener} listener */
  constructor(shareToken, listener) {
    this.session = new ViewerSession(shareToken);
    this.listener = listener;
    this.feed = new Feed({
      open: () => this.#open(),
      expired: () => {
        this.#mustRenew = true;
      },
      time: (stamp, isFirst) => this.#sampleTime(stamp, isFirst),
      snapshot: (frame) => this.#replace(fromSnapshot(frame)),
      entry: (entry, isLive) => this.#apply(entry, isLive),
      phase: (phase, detail) => this.#enter(phase, detail),
    });
  }

  start() {
    this.feed.connect();
  }

  /** @param {string} [reason] */
  stop(reason = "left") {
    clearTimeout(this.#renewTimer);
    this.feed.stop(reason);
  }

  wake() {
    this.feed.wake();
  }

  cut() {
    this.feed.cut();
  }

  async #open() {
    const token = await (this.#mustRenew ? this.session.renew() : this.session.token());
    this.#mustRenew = false;
    this.#planRenewal();
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const path = `/ws/match/${encodeURIComponent(this.session.matchId)}/share`;
    return { address: `${scheme}//${location.host}${path}`, token };
  }

  /** Renewed in good time, so that a cut later on finds a token that still opens a socket. */
  #planRenewal() {
    clearTimeout(this.#renewTimer);
    this.#renewTimer = setTimeout(() => this.#renew(), this.session.renewsIn);
  }

  async #renew() {
    try {
      await this.session.renew();
      this.#planRenewal();
    } catch (error) {
      // Anything else is left to the next connection, which needs a token and says so.
      if (/** @type {any} */ (error).isFinal) this.stop(/** @type {any} */ (error).reason);
    }
  }

  /** @param {string} stamp @param {boolean} isFirst */
  #sampleTime(stamp, isFirst) {
    if (isFirst) this.time.restart();
    this.time.sample(stamp);
  }

  /** @param {MatchState} state */
  #replace(state) {
    this.state = state;
    this.#asked.clear();
    this.listener.state(state);
  }

  /** @param {Entry} entry @param {boolean} isLive */
  #apply(entry, isLive) {
    if (!this.state) return;
    this.state = reduce(this.state, entry);
    this.listener.state(this.state);
    if (isLive) this.listener.happened?.(entry, this.state);
    this.#lookUp(this.state);
  }

  /** Names stand in no entry; whoever is new is looked up in the document. @param {MatchState} state */
  async #lookUp(state) {
    const unknown = unknownPlayers(state).filter((player) => !this.#asked.has(player));
    if (!unknown.length) return;
    for (const player of unknown) this.#asked.add(player);
    // Everybody who watches meets a new player at the same moment.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * SPREAD_MS));
    const document = await this.#read();
    if (!document) for (const player of unknown) this.#asked.delete(player);
    if (!document || !this.state) return;
    this.state = { ...this.state, people: document.people };
    this.listener.state(this.state);
  }

  /** @param {Phase} phase @param {{reason?: string, attempt?: number, retryMs?: number}} detail */
  #enter(phase, detail) {
    this.#phase = phase;
    if (phase === "stopped") clearTimeout(this.#renewTimer);
    this.listener.phase?.(phase, detail);
    if (phase === "waiting" && (detail.attempt ?? 0) >= READ_FROM_ATTEMPT) this.#readAhead();
  }

  async #readAhead() {
    const document = await this.#read();
    const isCutOff = this.#phase === "waiting" || this.#phase === "connecting";
    if (!document || !isCutOff || this.#isKnown(document)) return;
    this.feed.moveTo({ epoch: document.epoch, seq: document.seq });
    this.#replace(document);
  }

  /** @param {MatchState} document */
  #isKnown(document) {
    return this.state?.epoch === document.epoch && this.state.seq >= document.seq;
  }

  /** @returns {Promise<MatchState | null>} null when it cannot be had now */
  async #read() {
    try {
      const token = await this.session.token();
      return await liveDocument(this.session.matchId, token);
    } catch {
      return null;
    }
  }
}
