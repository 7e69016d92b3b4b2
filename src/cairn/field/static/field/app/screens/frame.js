/* Owns what every screen shares: bar at the top, banner of practice, heading, foot. */

import { announce, button, code, h, t } from "../ui.js";
import { icon } from "../icons.js";
import * as training from "../training.js";
import * as draft from "./draft.js";
import { back, go } from "./router.js";
import { hide } from "./hide.js";

const TOTAL = 9;

function bar(step, isFirst) {
  return h(
    "div",
    { class: "bar" },
    isFirst
      ? h("span", {})
      : h(
          "button",
          { type: "button", class: "bar-button", onclick: back, "data-id": "back" },
          icon("back"),
          h("span", { class: "unseen" }, t("common.back")),
        ),
    step
      ? h(
          "p",
          { class: "progress" },
          h("span", { class: "unseen" }, t("common.step", { number: step, total: TOTAL })),
          h("span", { "aria-hidden": "true" }, code(`${step}/${TOTAL}`)),
        )
      : h("span", {}),
    h(
      "button",
      { type: "button", class: "bar-button hide-now", onclick: hide, "data-id": "hide" },
      icon("hide"),
      h("span", {}, t("common.hide")),
    ),
  );
}

function deadline() {
  if (!draft.isThere() || !draft.endsSoon()) return null;
  return h(
    "div",
    { class: "notice attention", role: "status" },
    h("p", {}, t("draft.ends_soon", { minutes: Math.max(0, draft.minutesLeft()) })),
    draft.content().danger && draft.content().age
      ? button(t("draft.seal_now"), {
          kind: "plain",
          id: "seal-now",
          onclick: () => go("handover"),
        })
      : null,
  );
}

/** A whole screen. `step`: its number of nine in a report; `foot`: what stays at the lower edge. */
export function screen(
  { title, lead = "", picture = "", step = 0, foot = null, isFirst = false },
  ...body
) {
  return h(
    "div",
    { class: "screen" },
    h(
      "header",
      { class: "top" },
      training.isTraining() && h("p", { class: "practice" }, t("practice.banner")),
      bar(step, isFirst),
    ),
    h(
      "main",
      { id: "main" },
      h("h1", { tabindex: "-1" }, picture && icon(picture), title),
      lead && h("p", { class: "lead" }, lead),
      step ? deadline() : null,
      body,
    ),
    foot && h("footer", { class: "foot" }, foot),
  );
}

/** Remember an answer and go to the next step of this path. */
export function goOn(name, answers = {}) {
  draft.answer(answers);
  go(draft.after(name, draft.content()));
}

/** The one button at the foot of a step: "Go on", or "Skip" as long as nothing is entered. */
export function nextButton(name, hasAnswer = true, options = {}) {
  const label = options.label || t(hasAnswer ? "common.next" : "common.skip");
  return button(label, {
    kind: hasAnswer ? "main" : "plain",
    icon: "next",
    id: "next",
    onclick: options.onclick || (() => goOn(name, options.answers ? options.answers() : {})),
  });
}

/** Run what may fail, once at a time; the button waits, a failure is said and nothing is lost. */
export async function working(pressed, work) {
  if (pressed.getAttribute("aria-busy") === "true") return undefined;
  pressed.setAttribute("aria-busy", "true");
  try {
    return await work();
  } catch {
    announce(t("common.failed"));
    return undefined;
  } finally {
    pressed.removeAttribute("aria-busy");
  }
}
