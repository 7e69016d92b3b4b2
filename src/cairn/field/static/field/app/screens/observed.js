/* Owns what was seen or heard, and what it may mean: three-valued answers, reasons, no verdict. */

import { band, isLower, shown } from "../guidance.js";
import * as packs from "../packs.js";
import * as store from "../store.js";
import { button, choice, h, lines, t } from "../ui.js";
import { icon } from "../icons.js";
import * as draft from "./draft.js";
import { goOn, nextButton, screen } from "./frame.js";
import { known, numbers } from "./home.js";
import { again } from "./router.js";

const SETTINGS = [
  "checkpoint",
  "border-post",
  "mine",
  "workplace",
  "bar",
  "camp",
  "detention",
  "clinic",
  "armed-group",
  "organ",
  "household",
  "route",
  "other",
];
const BANDS = ["none", "unclear", "concern"];
const REASONS = ["explained", "mistaken", "other-source", "other"];
const ANSWERS = [
  ["yes", "eye"],
  ["no", "cross"],
  ["unknown", "question"],
];

const signs = () => (packs.edition() ? packs.edition().signs : []);

/** Signs of the place and the kind of officer; signs of a child only where there may be one. */
function shownSigns(given) {
  const found = shown(signs(), given.setting, given.profile);
  return given.age === "adult" ? found.filter((sign) => sign.kind !== "child") : found;
}

function keepSetting(setting) {
  known.place = { ...known.place, setting };
  store.meta.set("place", known.place);
  draft.answer({ setting });
  again();
}

const settingTiles = () =>
  h(
    "div",
    { class: "tiles" },
    SETTINGS.map((code) =>
      button(t(`setting.${code}`), {
        kind: "tile",
        icon: code,
        id: `setting:${code}`,
        onclick: () => keepSetting(code),
      }),
    ),
  );

let order = 0;

function signRow(sign) {
  order += 1;
  const label = `sign-${order}`;
  const buttons = ANSWERS.map(([value, picture]) => {
    const one = h(
      "button",
      { type: "button", class: `answer ${value}`, "data-id": `${sign.code}:${value}` },
      icon(picture),
      h("span", {}, t(`observed.${value}`)),
    );
    one.addEventListener("click", () => {
      const seen = { ...draft.content().seen };
      if (seen[sign.code] === value) delete seen[sign.code];
      else seen[sign.code] = value;
      draft.answer({ seen });
      mark();
    });
    return [value, one];
  });
  const mark = () =>
    buttons.forEach(([value, one]) =>
      one.setAttribute("aria-pressed", String(draft.content().seen[sign.code] === value)),
    );
  mark();
  return h(
    "li",
    {},
    h(
      "div",
      { class: "sign", role: "group", "aria-labelledby": label },
      h("p", { id: label }, sign.text, sign.asked && h("small", {}, " – ", t("observed.asked"))),
      h(
        "div",
        { class: "answers" },
        buttons.map(([, one]) => one),
      ),
    ),
  );
}

export function observed() {
  const given = draft.content();
  if (!given.setting) {
    return screen(
      {
        title: t("observed.setting"),
        picture: "place",
        step: 5,
        foot: nextButton("observed", false),
      },
      settingTiles(),
    );
  }
  const found = shownSigns(given);
  const lead = given.age === "adult" ? "observed.lead" : "observed.child";
  return screen(
    {
      title: t("observed.title"),
      lead: t(lead),
      picture: "eye",
      step: 5,
      foot: nextButton("observed"),
    },
    h(
      "details",
      { class: "folded place" },
      h(
        "summary",
        {},
        icon(given.setting),
        " ",
        t(`setting.${given.setting}`),
        h("span", { class: "change" }, t("common.change")),
      ),
      settingTiles(),
    ),
    found.length
      ? h("ul", { class: "signs" }, found.map(signRow))
      : h("p", { class: "notice" }, t("observed.none")),
  );
}

/** The band with its reasons, from the signs of the edition. */
function guidance(given) {
  return band(given.age, given.seen, signs());
}

const textOf = (code) => (signs().find((sign) => sign.code === code) || { text: code }).text;

function reasons(found) {
  const sentences = packs.edition().reasons;
  return h(
    "dl",
    { class: "why" },
    found.why.map(({ reason, signs: codes }) => [
      h("dt", {}, sentences[reason] || reason),
      h("dd", {}, codes.length ? lines(codes.map(textOf)) : null),
    ]),
  );
}

function nextLooks(found) {
  const seen = Object.entries(draft.content().seen).filter(([, answer]) => answer === "yes");
  const fromSeen = seen.map(([code]) => (signs().find((sign) => sign.code === code) || {}).next);
  const near = new Set(shownSigns(draft.content()).map((sign) => sign.code));
  const isAdult = draft.content().age === "adult";
  const asked = isAdult ? found.ask.filter((code) => near.has(code)).map(textOf) : [];
  const all = [...new Set([...fromSeen.filter(Boolean), ...asked])].slice(0, 6);
  return all.length
    ? h("details", { class: "folded" }, h("summary", {}, t("meaning.ask")), lines(all))
    : null;
}

/** A sign says danger now: whom to call, and one touch that makes the report an urgent one. */
function dangerSeen(given, found) {
  if (!found.why.some(({ reason }) => reason === "danger")) return null;
  return [
    h("h2", {}, t("emergency.numbers")),
    numbers(),
    given.danger !== "now" &&
      button(t("danger.now"), {
        kind: "plain wide",
        icon: "danger",
        id: "danger-now",
        onclick: () => {
          draft.answer({ danger: "now" });
          again();
        },
      }),
  ];
}

function ownView(found, labels) {
  const given = draft.content();
  const why = h("div", { "aria-live": "polite" });
  const error = h("p", { class: "error", role: "alert", hidden: true }, t("meaning.reason_needed"));
  const show = (judgement) => {
    error.hidden = true;
    why.replaceChildren(
      ...(isLower(judgement, found.band)
        ? [
            choice(
              t("meaning.reason"),
              REASONS.map((code) => [code, t(`reason.${code}`)]),
              draft.content().judgement_reason || "",
              (reason) => draft.answer({ judgement_reason: reason }),
              { id: "reason" },
            ),
          ]
        : []),
    );
  };
  show(given.judgement || "");
  const pick = choice(
    t("meaning.own"),
    BANDS.map((code) => [code, labels[code].label]),
    given.judgement || "",
    (judgement) => {
      draft.answer({ judgement, judgement_reason: "" });
      show(judgement);
    },
    { id: "own" },
  );
  const isComplete = () => {
    const now = draft.content();
    const complete = !isLower(now.judgement || "", found.band) || Boolean(now.judgement_reason);
    error.hidden = complete;
    if (!complete) why.scrollIntoView({ block: "center" });
    return complete;
  };
  return { row: h("section", { class: "own" }, pick, why, error), isComplete };
}

export function meaning() {
  const given = draft.content();
  const edition = packs.edition();
  if (!edition) {
    return screen({
      title: t("meaning.title"),
      lead: t("observed.none"),
      step: 6,
      foot: nextButton("meaning"),
    });
  }
  const found = guidance(given);
  if (given.band !== found.band) draft.answer({ band: found.band });
  const own = ownView(found, edition.bands);
  const onclick = () => {
    if (own.isComplete()) goOn("meaning");
  };
  return screen(
    {
      title: t("meaning.title"),
      lead: t("meaning.lead"),
      picture: "think",
      step: 6,
      foot: nextButton("meaning", true, { onclick }),
    },
    h(
      "section",
      { class: "band", "data-band": found.band },
      h("h2", {}, edition.bands[found.band].label),
      h("p", {}, edition.bands[found.band].text),
    ),
    h("h2", {}, t("meaning.why")),
    reasons(found),
    dangerSeen(given, found),
    nextLooks(found),
    own.row,
  );
}
