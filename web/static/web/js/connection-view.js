/**
 * Whether the page is current: connected, catching up, or cut off and since when.
 *
 * @typedef {import("./feed.js").Phase} Phase
 */

import { byId, setAttribute, setText } from "./dom.js";
import { timeOfDay } from "./labels.js";

/** A reconnection quicker than this is nobody's business. */
const QUIET_MS = 1_500;

export class ConnectionView {
  /** @type {number | null} */
  #cutSince = null;
  #hasJoined = false;
  #timer = 0;

  /** @param {Phase} phase */
  update(phase) {
    clearTimeout(this.#timer);
    if (phase === "live") this.#joined();
    else if (phase === "stopped") this.#show("stopped", "Not connected");
    // While connected, catching up is part of following: after a reset, say.
    else if (this.#hasJoined && (phase !== "catching_up" || this.#cutSince)) this.#cut();
    else if (this.#hasJoined) return;
    else this.#show("busy", phase === "waiting" ? "Connecting, trying again" : "Connecting");
  }

  /** When the connection was lost, or null while it stands. */
  get cutSince() {
    return this.#cutSince;
  }

  #joined() {
    this.#hasJoined = true;
    this.#cutSince = null;
    this.#show("live", "Up to date");
  }

  #cut() {
    this.#cutSince ??= Date.now();
    const waited = Date.now() - this.#cutSince;
    this.#timer = setTimeout(() => this.#tell(), Math.max(0, QUIET_MS - waited));
  }

  #tell() {
    const since = timeOfDay(/** @type {number} */ (this.#cutSince));
    const word = navigator.onLine ? "Reconnecting" : "Offline";
    this.#show(navigator.onLine ? "busy" : "offline", `${word} since ${since}`);
  }

  /** @param {string} tone @param {string} text */
  #show(tone, text) {
    setAttribute(byId("connection"), "data-tone", tone);
    setText(byId("connection-text"), text);
  }
}
