/** Confirms an e-mail address. A click, because programs that check mails open every link in them. */

import { post } from "./account-api.js";
import { forgetToken, mailedToken, onSubmit, showStep } from "./account-form.js";

const STEPS = { 404: "gone", 410: "gone", 409: "taken" };

onSubmit(
  "confirm-form",
  async () => {
    await post("auth/email/verify", { token: mailedToken() });
    forgetToken();
    showStep("done");
  },
  (error) => {
    const step = STEPS[error.status];
    if (step) showStep(step);
    return Boolean(step);
  },
);

addEventListener("hashchange", () => location.reload());
showStep(mailedToken() ? "confirm" : "gone");
