/** Forgotten password: ask for a link, or choose a new password with the one that was mailed. */

import { post } from "./account-api.js";
import { forgetToken, mailedToken, onSubmit, showStep } from "./account-form.js";

const GONE = new Set([404, 410]);

onSubmit("ask-form", async ({ email }) => {
  await post("auth/password/reset", { email });
  showStep("sent");
});

onSubmit(
  "choose-form",
  async ({ new_password }) => {
    await post("auth/password/reset/confirm", { token: mailedToken(), new_password });
    forgetToken();
    showStep("done");
  },
  (error) => {
    if (GONE.has(error.status)) showStep("gone");
    return GONE.has(error.status);
  },
);

addEventListener("hashchange", () => location.reload());
document.querySelector("[data-ask-again]")?.addEventListener("click", () => {
  forgetToken();
  showStep("ask");
});
showStep(mailedToken() ? "choose" : "ask");
