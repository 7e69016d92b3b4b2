/* Owns the phrases to say, to show or to play, in the language of the person. */

import * as packs from "../packs.js";
import { icon } from "../icons.js";
import { announce, choice, folded, h, t } from "../ui.js";

const NAMES = { en: "English", fr: "Français", ar: "العربية" };
const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ps", "ur"]);
const OF_STEP = {
  danger: ["safe", "water"],
  privacy: ["greet", "aside", "alone", "interpreter", "other_interpreter"],
  child: ["stop", "child"],
  who: ["greet", "help", "promise", "cannot", "stop"],
  where: ["help", "water"],
  consent: ["agree", "stop"],
  handover: ["keep", "thanks"],
};

const all = () => packs.contents().phrases || {};

function player(address, label) {
  const button = h(
    "button",
    { type: "button", class: "round", "aria-label": `${t("phrases.play")}: ${label}` },
    icon("play"),
  );
  button.addEventListener("click", () => {
    new Audio(address).play().catch(() => announce(t("common.failed")));
  });
  return button;
}

function list(step, language) {
  const spoken = all()[language] || {};
  return h(
    "ul",
    { class: "phrases", lang: language, dir: RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr" },
    OF_STEP[step]
      .filter((key) => spoken[key])
      .map((key) => {
        const address = (packs.contents().audio || {})[`${language}/${key}`];
        return h("li", {}, h("q", {}, spoken[key]), address && player(address, spoken[key]));
      }),
  );
}

/** Names of languages as they call themselves: [[code, name]...]. */
export const languages = () => Object.keys(all()).map((code) => [code, NAMES[code] || code]);

/** The phrases of a step, folded; `language` is that of the person when it is known. */
export function phrases(step, language) {
  const known = all();
  let chosen = known[language] ? language : document.documentElement.lang;
  const place = h("div", {}, list(step, chosen));
  const pick = choice(
    t("phrases.in"),
    languages(),
    chosen,
    (value) => {
      chosen = value || chosen;
      place.replaceChildren(list(step, chosen));
    },
    { id: "phrases" },
  );
  return folded(t("phrases.title"), pick, place);
}
