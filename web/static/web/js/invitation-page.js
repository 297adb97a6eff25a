/** Joins an organisation: with the account one has, or with a new one. */

import { AccountError, post } from "./account-api.js";
import { complain, forgetToken, mailedToken, onSubmit, showStep } from "./account-form.js";
import { byId, setText } from "./dom.js";

const ROLES = {
  owner: "an owner: you may do everything, members and deletion included",
  admin: "an admin: you manage members, teams, matches and tournaments",
  scorer: "a scorer: you log what happens in the matches",
  member: "a member: you see everything that is not public",
};

/** @param {AccountError} error */
function isOver(error) {
  if (error.status !== 404 && error.status !== 410) return false;
  showStep("gone");
  return true;
}

/** @param {string} accessToken */
async function accept(accessToken) {
  let step = "done";
  try {
    const { organisation } = await post("invitations/accept", { token: mailedToken() }, accessToken);
    setText(byId("done-title"), `Welcome to ${organisation.name}`);
    forgetToken();
  } catch (error) {
    if (!(error instanceof AccountError) || error.code !== "already_member") throw error;
    step = "member";
  } finally {
    // The page has no further use for the session, and nobody would know of it.
    await post("auth/logout", {}, accessToken).catch(() => {});
  }
  showStep(step);
}

/** @param {string} username @param {string} password */
async function signIn(username, password) {
  const body = { username, password, device_name: "Invitation page" };
  const { access_token: accessToken } = await post("auth/login", body);
  await accept(accessToken);
}

onSubmit("sign-in-form", ({ username, password }) => signIn(username, password), isOver);

onSubmit(
  "register-form",
  async ({ username, email, password }) => {
    await post("auth/register", { username, email, password });
    try {
      await signIn(username, password);
    } catch (error) {
      if (!(error instanceof AccountError) || isOver(error)) return;
      continueWithSignIn(username, error);
    }
  },
  isOver,
);

/** The account is made; only joining failed. @param {string} username @param {AccountError} error */
function continueWithSignIn(username, error) {
  const form = /** @type {HTMLFormElement} */ (byId("sign-in-form"));
  /** @type {HTMLInputElement} */ (byId("sign-in-username")).value = username;
  byId("register").hidden = true;
  complain(form, new AccountError(error.status, error.code, `Your account is made. ${error.message}`));
}

async function start() {
  if (!mailedToken()) return showStep("gone");
  try {
    const { organisation, role, email } = await post("invitations/preview", { token: mailedToken() });
    setText(byId("join-title"), `Join ${organisation.name}`);
    setText(byId("join-role"), `You are invited as ${ROLES[role] ?? role}.`);
    /** @type {HTMLInputElement} */ (byId("register-email")).value = email;
    showStep("join");
  } catch (error) {
    if (!(error instanceof AccountError)) throw error;
    if (isOver(error)) return;
    setText(byId("waiting-text"), error.message);
    showStep("waiting");
  }
}

addEventListener("hashchange", () => location.reload());
byId("try-again").addEventListener("click", () => start());
start();
