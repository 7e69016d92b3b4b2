/* Owns the first four steps: danger, privacy, child, who I am. Safety before any question. */

import { button, choice, h, lines, notice, t } from "../ui.js";
import * as draft from "./draft.js";
import { goOn, nextButton, screen } from "./frame.js";
import { known, numbers } from "./home.js";
import { languages, phrases } from "./phrases.js";

const big = (name, picture, label, onclick, help = "") =>
  button(label, { kind: "big", icon: picture, id: name, onclick, help });

/** Steps that were taken, to be ticked; `codes` of content v1. */
function ticks(legend, codes) {
  const others = draft.content().steps.filter((code) => !codes.includes(code));
  return choice(
    legend,
    codes.map((code) => [code, t(`step.${code}`), "check"]),
    draft.content().steps.filter((code) => codes.includes(code)),
    (chosen) => draft.answer({ steps: [...others, ...chosen] }),
    { multiple: true, id: "step", quiet: true },
  );
}

export function danger() {
  return screen(
    { title: t("danger.title"), lead: t("danger.lead"), step: 1 },
    h(
      "div",
      { class: "two tall" },
      big("danger-now", "danger", t("danger.now"), () => goOn("danger", { danger: "now" })),
      big("danger-no", "calm", t("danger.no"), () => goOn("danger", { danger: "no" })),
    ),
    phrases("danger", draft.content().language),
  );
}

export function emergency() {
  return screen(
    {
      title: t("emergency.title"),
      lead: t("emergency.lead"),
      picture: "danger",
      step: 1,
      foot: nextButton("emergency"),
    },
    h("h2", {}, t("emergency.numbers")),
    numbers(),
    ticks(t("emergency.title"), ["away", "called", "medical", "told-lead"]),
    notice(t("emergency.note"), "attention"),
  );
}

export function privacy() {
  const given = draft.content();
  const interpreters = ["none", "checked", "unchecked"].map((value) => [
    value,
    t(`interpreter.${value}`),
  ]);
  return screen(
    {
      title: t("privacy.title"),
      lead: t("privacy.lead"),
      step: 2,
      foot: nextButton("privacy", Boolean(given.privacy)),
    },
    h(
      "div",
      { class: "two" },
      big("alone", "alone", t("privacy.alone"), () => goOn("privacy", { privacy: "alone" })),
      big(
        "not-alone",
        "not-alone",
        t("privacy.not-alone"),
        () => goOn("privacy", { privacy: "not-alone" }),
        t("privacy.not_alone_help"),
      ),
    ),
    choice(
      t("interpreter.title"),
      interpreters,
      given.interpreter || "",
      (interpreter) => draft.answer({ interpreter }),
      { id: "interpreter" },
    ),
    h("p", { class: "help" }, t("interpreter.help")),
    choice(
      t("language.title"),
      languages(),
      given.language || "",
      (language) => draft.answer({ language }),
      { id: "language" },
    ),
    phrases("privacy", given.language),
  );
}

export function child() {
  const answer = (age) => () => goOn("child", { age });
  return screen(
    { title: t("child.title"), lead: t("child.lead"), step: 3 },
    h(
      "div",
      { class: "three" },
      big("adult", "adult", t("child.adult"), answer("adult")),
      big("maybe-child", "maybe-child", t("child.maybe-child"), answer("maybe-child")),
      big("child", "child", t("child.child"), answer("child")),
    ),
  );
}

export function childpath() {
  return screen(
    {
      title: t("childpath.title"),
      lead: t("childpath.lead"),
      picture: "child",
      step: 3,
      foot: nextButton("childpath"),
    },
    ticks(t("childpath.title"), ["stopped", "guardian", "child-focal"]),
    notice(t("childpath.note"), "attention"),
    h("h2", {}, t("childpath.numbers")),
    numbers(),
    phrases("child", draft.content().language),
  );
}

/** What must be reported by law comes before the script, so that nobody tells too much unknowing. */
function law() {
  const unit = known.unit || {};
  const found = [];
  if (draft.content().profile === "health") found.push(notice(t("who.care"), "plain"));
  if (unit.mandatory_reporting) {
    found.push(
      h(
        "section",
        { class: "notice attention" },
        h("h2", {}, t("who.law")),
        h("p", { dir: "auto" }, unit.mandatory_reporting),
      ),
    );
  } else if (draft.content().profile === "health") {
    found.push(notice(t("who.no_law"), "attention"));
  }
  if (unit.restricted_note) {
    found.push(
      h(
        "section",
        { class: "notice waiting" },
        h("h2", {}, t("who.restricted")),
        h("p", { dir: "auto" }, unit.restricted_note),
      ),
    );
  }
  return found;
}

export function who() {
  const given = draft.content();
  const said = () =>
    goOn("who", {
      told: "yes",
      steps: [...new Set([...draft.content().steps, "introduced"])],
    });
  const can = ["who.can_help", "who.can_stop", "who.can_share"].map((key) => t(key));
  const cannot = ["who.cannot_status", "who.cannot_secret", "who.cannot_case"].map((key) => t(key));
  return screen(
    {
      title: t("who.title"),
      lead: t("who.lead"),
      picture: "talk",
      step: 4,
      foot: h(
        "div",
        { class: "pair" },
        button(t("who.not_said"), {
          kind: "plain",
          id: "not-said",
          onclick: () => goOn("who", { told: "no" }),
        }),
        button(t("who.said"), { kind: "main", icon: "check", id: "said", onclick: said }),
      ),
    },
    law(),
    h("h2", {}, t("who.can")),
    lines(can, "lines can"),
    h("h2", {}, t("who.cannot")),
    lines(cannot, "lines cannot"),
    phrases("who", given.language),
  );
}
