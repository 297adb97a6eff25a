/**
 * The short-lived viewer token that a share link buys, renewed before it expires.
 *
 * @typedef {{viewer_token: string, expires_in: number, match_id: string}} Exchange
 */

import { exchange } from "./api.js";

/** Renew when this share of the token's life is left, so that a cut finds a token that still works. */
const RENEW_AT = 0.2;

export class ViewerSession {
  /** @type {Promise<string> | null} */
  #pending = null;
  #token = "";
  #expiresMs = 0;
  #lifeMs = 0;
  matchId = "";

  /**
   * @param {string} shareToken
   * @param {{exchange?: (token: string) => Promise<Exchange>, now?: () => number}} [seams]
   */
  constructor(shareToken, seams = {}) {
    this.shareToken = shareToken;
    this.exchange = seams.exchange ?? exchange;
    this.now = seams.now ?? Date.now;
  }

  /** A token that is good for a while; callers at the same time share one exchange. */
  token() {
    if (this.#token && this.now() < this.#expiresMs - this.#lifeMs * RENEW_AT) {
      return Promise.resolve(this.#token);
    }
    return this.renew();
  }

  /** Milliseconds until `token()` would ask the server again. */
  get renewsIn() {
    return Math.max(1000, this.#expiresMs - this.#lifeMs * RENEW_AT - this.now());
  }

  /** @returns {Promise<string>} */
  renew() {
    this.#pending ??= this.#ask().finally(() => {
      this.#pending = null;
    });
    return this.#pending;
  }

  async #ask() {
    const answer = await this.exchange(this.shareToken);
    this.matchId = answer.match_id;
    this.#token = answer.viewer_token;
    this.#lifeMs = answer.expires_in * 1000;
    this.#expiresMs = this.now() + this.#lifeMs;
    return this.#token;
  }
}
