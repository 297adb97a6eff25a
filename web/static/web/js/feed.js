/**
 * One socket that stays connected to one match: it resumes where it was, and each entry is handed
 * on once and in order, however often the network is cut.
 *
 * @typedef {import("./types.js").Cursor} Cursor
 * @typedef {import("./types.js").Entry} Entry
 *
 * @typedef {"connecting" | "catching_up" | "live" | "waiting" | "stopped"} Phase
 *
 * @typedef {object} FeedListener
 * @property {() => Promise<{address: string, token: string}>} open  where to connect, and with what
 * @property {() => void} expired  the token was refused; the next `open` must bring another
 * @property {(stamp: string, isFirst: boolean) => void} time  a time stamp the server sent just now
 * @property {(frame: {epoch: string, seq: number, data: object}) => void} snapshot
 * @property {(entry: Entry, isLive: boolean) => void} entry
 * @property {(phase: Phase, detail: {reason?: string, attempt?: number, retryMs?: number}) => void} phase
 */

import { afterClose, isMalformed, placeOf, retryDelay } from "./feed-rules.js";

const WELCOME_WITHIN_MS = 10_000;
const RESUME_WITHIN_MS = 5_000;
const HEAD_WITHIN_MS = 2_000;
/** On top of the announced heartbeat, for a slow network. */
const PING_GRACE_MS = 10_000;

export class Feed {
  /** @type {FeedListener} */ #listener;
  /** @type {WebSocket | null} */ #socket = null;
  /** @type {Cursor | null} */ #cursor = null;
  /** @type {Phase} */ #phase = "connecting";
  #retryTimer = 0;
  #silenceTimer = 0;
  #silenceMs = WELCOME_WITHIN_MS;
  /** Timers stand still while a device sleeps; the wall clock tells how long it was silent. */
  #heardMs = 0;
  #resumeTimer = 0;
  #headTimer = 0;
  #isResuming = false;
  #attempt = 0;
  #malformed = 0;
  /** @type {number | null} */ #retryMs = null;
  /** Tells the answers of an earlier try from those of this one. */
  #generation = 0;
  #topic = "";

  /** @param {FeedListener} listener */
  constructor(listener) {
    this.#listener = listener;
  }

  /** @param {Cursor | null} cursor  where to resume; null asks for a snapshot */
  moveTo(cursor) {
    this.#cursor = cursor;
  }

  /** Connect now, whatever was planned: at the start, and when there is reason for hope. */
  connect() {
    if (this.#phase === "stopped") return;
    this.#drop();
    this.#enter("connecting", { attempt: this.#attempt });
    this.#open(this.#generation);
  }

  /** The network is back or the page is looked at again: sit out no delay, trust no silent socket. */
  wake() {
    const isSilent = Date.now() - this.#heardMs > this.#silenceMs;
    if (this.#phase === "waiting" || isSilent) this.connect();
  }

  /** The device says that its network is gone; the socket cannot know yet. */
  cut() {
    if (this.#phase === "stopped" || this.#phase === "waiting") return;
    this.#retry();
  }

  /** @param {string} reason */
  stop(reason) {
    this.#drop();
    this.#enter("stopped", { reason });
  }

  /** @param {number} generation */
  async #open(generation) {
    let way;
    try {
      way = await this.#listener.open();
    } catch (error) {
      if (generation === this.#generation) this.#openFailed(/** @type {any} */ (error));
      return;
    }
    if (generation !== this.#generation) return;
    const socket = new WebSocket(way.address);
    this.#socket = socket;
    this.#expectFrameWithin(WELCOME_WITHIN_MS);
    socket.onopen = () => this.#send({ type: "hello", token: way.token, ...this.#since() });
    socket.onmessage = (message) => this.#receive(JSON.parse(message.data));
    socket.onclose = (close) => this.#closed(close.code);
  }

  /** @param {{isFinal?: boolean, reason?: string, retryMs?: number | null}} error */
  #openFailed(error) {
    if (error.isFinal) this.stop(error.reason ?? "broken");
    else this.#retry(error.retryMs ?? null);
  }

  /** @param {any} frame */
  #receive(frame) {
    this.#expectFrameWithin(this.#silenceMs);
    const handler = HANDLERS[frame.type];
    if (handler) handler(this, frame);
    else if (typeof frame.seq === "number") this.#follow(frame);
  }

  /** @param {{server_time: string, ping_seconds: number}} frame */
  welcomed(frame) {
    this.#silenceMs = frame.ping_seconds * 1000 + PING_GRACE_MS;
    this.#listener.time(frame.server_time, true);
    this.#enter("catching_up");
  }

  /** @param {{topic: string, epoch: string, seq: number, data: object}} frame */
  replaced(frame) {
    this.#topic = frame.topic;
    this.#cursor = { epoch: frame.epoch, seq: frame.seq };
    this.#resumed();
    this.#listener.snapshot(frame);
  }

  /** @param {{topic: string, seq: number}} frame */
  caughtUp(frame) {
    this.#topic = frame.topic;
    this.#attempt = 0;
    this.#malformed = 0;
    this.#resumed();
    // The server's own word on where it is: what it believes sent and this page lacks is a hole.
    if (this.#cursor && frame.seq > this.#cursor.seq) this.#resume();
    else this.#enter("live");
  }

  /** @param {{at: string, heads?: Record<string, number>}} frame */
  pinged(frame) {
    this.#listener.time(frame.at, false);
    this.#send({ type: "pong" });
    const head = frame.heads?.[this.#topic];
    if (typeof head === "number") this.#expectHead(head);
  }

  forget() {
    this.#cursor = null;
    this.#enter("catching_up");
  }

  /** @param {{retry_ms?: number}} frame */
  dismissed(frame) {
    this.#retryMs = frame.retry_ms ?? null;
  }

  /** @param {Entry} entry  or a `skip`, which keeps the count of an entry hidden from viewers */
  #follow(entry) {
    const place = placeOf(this.#cursor, entry.seq);
    if (place === "drop") return;
    if (place === "hole") {
      this.#resume();
      return;
    }
    this.#cursor = { ...this.#cursor, seq: entry.seq };
    this.#resumed();
    this.#listener.entry(entry, this.#phase === "live");
  }

  /** A heartbeat may overtake entries; those that have not come a little later never will. @param {number} head */
  #expectHead(head) {
    clearTimeout(this.#headTimer);
    this.#headTimer = setTimeout(() => {
      if (this.#cursor && head > this.#cursor.seq) this.#resume();
    }, HEAD_WITHIN_MS);
  }

  /** Ask again for what is missing; if even that brings nothing, the connection is not worth keeping. */
  #resume() {
    if (this.#isResuming) return;
    this.#isResuming = true;
    this.#send({ type: "subscribe", topic: this.#topic, ...this.#since() });
    this.#resumeTimer = setTimeout(() => this.#retry(), RESUME_WITHIN_MS);
  }

  #resumed() {
    this.#isResuming = false;
    clearTimeout(this.#resumeTimer);
  }

  #since() {
    return this.#cursor ? { since: this.#cursor.seq, epoch: this.#cursor.epoch } : {};
  }

  /** @param {number} code */
  #closed(code) {
    if (isMalformed(code)) this.#malformed += 1;
    const next = afterClose(code, this.#malformed);
    if (next.action === "stop") {
      this.stop(next.reason);
      return;
    }
    if (next.action === "renew") this.#listener.expired();
    this.#retry();
  }

  /** @param {number | null} [delayMs]  what the server asked for, else the usual back-off */
  #retry(delayMs = null) {
    const retryMs = delayMs ?? this.#retryMs ?? retryDelay(this.#attempt, Math.random());
    this.#attempt += 1;
    this.#drop();
    this.#retryTimer = setTimeout(() => this.connect(), retryMs);
    this.#enter("waiting", { attempt: this.#attempt, retryMs });
  }

  #drop() {
    this.#generation += 1;
    this.#retryMs = null;
    this.#resumed();
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#silenceTimer);
    clearTimeout(this.#headTimer);
    if (!this.#socket) return;
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }

  /** @param {number} ms */
  #expectFrameWithin(ms) {
    this.#heardMs = Date.now();
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => this.#retry(), ms);
  }

  /** @param {object} frame */
  #send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** @param {Phase} phase @param {{reason?: string, attempt?: number, retryMs?: number}} [detail] */
  #enter(phase, detail = {}) {
    if (phase === this.#phase && phase === "live") return;
    this.#phase = phase;
    this.#listener.phase(phase, detail);
  }
}

/** @type {Record<string, (feed: Feed, frame: any) => void>} */
const HANDLERS = {
  welcome: (feed, frame) => feed.welcomed(frame),
  snapshot: (feed, frame) => feed.replaced(frame),
  live: (feed, frame) => feed.caughtUp(frame),
  ping: (feed, frame) => feed.pinged(frame),
  reset: (feed) => feed.forget(),
  bye: (feed, frame) => feed.dismissed(frame),
  error: () => undefined,
};
