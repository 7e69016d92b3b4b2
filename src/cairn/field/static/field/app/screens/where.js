/* Owns where the person can go: places that everybody may know, from the list on this phone. */

import { button, choice, code, day, folded, h, notice, number, t } from "../ui.js";
import * as draft from "./draft.js";
import { goOn, nextButton, screen } from "./frame.js";
import { known } from "./home.js";
import { daysBetween, matching } from "./match.js";
import { phrases } from "./phrases.js";

const NEEDS = [
  "safe-place",
  "health",
  "counselling",
  "legal",
  "child",
  "asylum",
  "basic-needs",
  "family",
  "work-rights",
  "return",
  "interpreter",
  "hotline",
];
const FIRST = 3; // places that stand there at once (study (f): two or three)
const OLD = 14; // days after which a list is called old: as long as a phone lives without contact

// A span of years reads from left to right; "60 and over" is a phrase of the language.
const ageLabel = (age) => (age === "60+" ? t(`age.${age}`) : code(t(`age.${age}`)));
const comma = () => (document.documentElement.lang === "ar" ? "، " : ", ");
const directory = () => known.directory;
const today = () => new Date().toISOString().slice(0, 10);

let names = { list: null, language: "" };

/** The name of a language in that of the app. Asked for once before a step needs it: the first
 *  name takes long on a slow phone. */
export function languageName(spoken) {
  const { lang } = document.documentElement;
  try {
    if (names.language !== lang)
      names = { list: new Intl.DisplayNames([lang], { type: "language" }), language: lang };
    return names.list.of(spoken);
  } catch {
    return spoken;
  }
}

/** How fresh the list is: always its day, and a word of care when it is old. */
function freshness() {
  const { as_of } = directory();
  if (!as_of) return null;
  const days = daysBetween(as_of.slice(0, 10), today());
  return days > OLD
    ? notice(t("services.old", { days }), "attention")
    : h("p", { class: "help" }, t("services.as_of", { date: day(as_of) }));
}

/** One place; `offer`: what stands at its foot in a report. */
function placeCard(point, offer = null) {
  return h(
    "li",
    { class: "place-card" },
    h("h2", {}, h("bdi", {}, point.name)),
    h("p", { class: "help" }, (point.needs || []).map((need) => t(`need.${need}`)).join(" · ")),
    point.hours && h("p", {}, `${t("services.hours")}: `, h("bdi", {}, point.hours)),
    point.phone && h("p", {}, number(point.phone)),
    point.reach && h("p", {}, `${t("services.reach")}: `, h("bdi", {}, point.reach)),
    point.languages && point.languages.length
      ? h(
          "p",
          { class: "help" },
          `${t("services.languages")}: ${point.languages.map(languageName).join(comma())}`,
        )
      : null,
    point.assured_on &&
      h("p", { class: "help" }, t("services.assured", { date: day(point.assured_on) })),
    offer,
  );
}

function wantedOf(given) {
  return {
    needs: given.needs,
    age: given.age,
    sex: given.sex,
    language: given.language,
    area: given.area,
  };
}

function offerButton(point) {
  const isOffered = draft.content().offered.includes(point.code);
  return button(t(isOffered ? "where.offered" : "where.offer"), {
    kind: "main",
    icon: "check",
    id: `offer:${point.code}`,
    pressed: isOffered,
    onclick: () => {
      const offered = draft.content().offered;
      goOn("where", { offered: offered.includes(point.code) ? offered : [...offered, point.code] });
    },
  });
}

function places(found, all) {
  if (!found.length) return [h("p", { class: "notice" }, t("where.none"))];
  const shown = all ? found : found.slice(0, FIRST);
  return [
    h(
      "ul",
      { class: "places" },
      shown.map((point) => placeCard(point, offerButton(point))),
    ),
  ];
}

export function where() {
  const given = draft.content();
  let all = false;
  const list = h("div", { "aria-live": "polite" });
  const more = button(t("where.more"), {
    kind: "quiet",
    id: "more",
    onclick: () => {
      all = true;
      fill();
    },
  });
  const fill = () => {
    const found = matching(directory().points, wantedOf(draft.content()));
    list.replaceChildren(...places(found, all));
    more.hidden = all || found.length <= FIRST;
  };
  const change = (answers) => {
    draft.answer(answers);
    fill();
  };
  const bands = (
    given.age === "child" ? ["0-11", "12-17"] : ["0-11", "12-17", "18-24", "25-59", "60+"]
  ).slice(given.age === "adult" ? 2 : 0);
  fill();
  const hasOffer = given.offered.length > 0;
  const label = hasOffer ? t("common.next") : t("where.without");
  return screen(
    {
      title: t("where.title"),
      lead: t("where.lead"),
      picture: "place",
      step: 7,
      foot: nextButton("where", hasOffer, { label }),
    },
    folded(
      t("where.filter"),
      choice(
        t("where.needs"),
        NEEDS.map((need) => [need, t(`need.${need}`)]),
        given.needs,
        (needs) => change({ needs }),
        { multiple: true, id: "need" },
      ),
      choice(
        t("where.sex"),
        ["female", "male", "other"].map((sex) => [sex, t(`sex.${sex}`)]),
        given.sex || "",
        (sex) => change({ sex }),
        { id: "sex" },
      ),
      choice(
        t("where.age_band"),
        bands.map((age) => [age, ageLabel(age)]),
        given.age_band || "",
        (age_band) => change({ age_band }),
        { id: "age-band" },
      ),
    ),
    freshness(),
    list,
    more,
    h("p", { class: "help" }, t("where.not_police")),
    phrases("where", given.language),
  );
}

/** The whole list, outside a report. */
export function services() {
  const wanted = {
    needs: [],
    age: "",
    sex: "",
    language: "",
    area: (known.device && known.device.area) || "",
  };
  const list = h("ul", { class: "places", "aria-live": "polite" });
  const fill = () =>
    list.replaceChildren(...matching(directory().points, wanted).map((point) => placeCard(point)));
  fill();
  const { points } = directory();
  if (!points.length)
    return screen({ title: t("services.title"), lead: t("services.none"), picture: "place" });
  return screen(
    { title: t("services.title"), picture: "place" },
    freshness(),
    folded(
      t("where.filter"),
      choice(
        t("where.needs"),
        NEEDS.map((need) => [need, t(`need.${need}`)]),
        [],
        (needs) => {
          wanted.needs = needs;
          fill();
        },
        { multiple: true, id: "need" },
      ),
    ),
    list,
  );
}
