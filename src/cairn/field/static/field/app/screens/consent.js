/* Owns the question whether the person agrees: per recipient, in one card, with four answers. */

import { button, choice, h, t } from "../ui.js";
import * as draft from "./draft.js";
import { goOn, screen } from "./frame.js";
import { known } from "./home.js";
import { phrases } from "./phrases.js";

/** Who could get it: recipients of the unit; [[code, label]...]. */
const recipients = () => (known.unit && known.unit.recipients) || [];

export function consent() {
  const given = draft.content();
  const all = recipients().map(([code]) => code);
  let ticked = given.consent_for.filter((code) => all.includes(code));
  const error = h("p", { class: "error", role: "alert", hidden: true }, t("consent.tick"));
  const answer = (value, whom) => () => {
    if (value === "only" && !whom().length) {
      error.hidden = false;
      return;
    }
    if (value === "no" || value === "not-asked") draft.clearIdentity();
    goOn("consent", { consent: value, consent_for: whom() });
  };
  const option = (value, picture, whom) =>
    button(t(`consent.${value}`), {
      kind: "big",
      icon: picture,
      id: `consent:${value}`,
      onclick: answer(value, whom),
      pressed: given.consent === value,
    });
  return screen(
    { title: t("consent.title"), lead: t("consent.lead"), picture: "agree", step: 8 },
    h(
      "section",
      { class: "card" },
      all.length
        ? choice(
            t("consent.to"),
            recipients().map(([code, label]) => [code, label, "check"]),
            ticked,
            (chosen) => {
              ticked = chosen;
              error.hidden = true;
            },
            { multiple: true, id: "recipient" },
          )
        : null,
      h("p", { class: "help" }, t("consent.unit")),
      given.age !== "adult" && h("p", { class: "help" }, t("consent.child")),
      error,
      h(
        "div",
        { class: "two" },
        option("yes", "agree", () => all),
        all.length > 1 ? option("only", "check", () => ticked) : null,
        option("no", "cross", () => []),
        option("not-asked", "question", () => []),
      ),
    ),
    phrases("consent", given.language),
  );
}
