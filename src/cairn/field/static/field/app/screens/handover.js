/* Owns the end of a report: its outcome, what may be added, the sealing, the reference. */

import * as outbox from "../outbox.js";
import * as packs from "../packs.js";
import * as store from "../store.js";
import { button, choice, code, field, folded, h, notice, t } from "../ui.js";
import * as draft from "./draft.js";
import { screen, working } from "./frame.js";
import { known } from "./home.js";
import { phrases } from "./phrases.js";
import { again, go } from "./router.js";

const OUTCOMES = [
  ["refer", "place"],
  ["child-referral", "child"],
  ["information", "talk"],
  ["emergency", "danger"],
  ["nothing", "check"],
];
const CONTACTS = ["in-person", "safe-word", "through-service", "none"];
const PAINTED = 100; // milliseconds: the reference stands on the screen before the sending begins
const LONGEST = { note: 500, name: 200, phone: 60 };

/** Outcomes in the order that fits what was noted: the most likely one comes first. */
export function ordered(given) {
  const first = [];
  if (given.danger === "now") first.push("emergency");
  if (given.age !== "adult") first.push("child-referral");
  if (given.consent === "no" || (given.band === "none" && !given.offered.length))
    first.push("information");
  const rank = (value) => (first.includes(value) ? first.indexOf(value) : first.length);
  return [...OUTCOMES].sort((one, other) => rank(one[0]) - rank(other[0]));
}

function identityFields() {
  const given = draft.identity();
  return folded(
    t("identity.title"),
    h("p", { class: "help" }, t("identity.lead")),
    ["name", "phone", "note"].map(
      (key) =>
        field(t(`identity.${key}`), {
          value: given[key] || "",
          maxlength: LONGEST[key],
          autocomplete: "off",
          dir: key === "phone" ? "ltr" : "auto",
          oninput: (event) => draft.answerIdentity({ [key]: event.currentTarget.value }),
        }).row,
    ),
  );
}

function additions(given) {
  const areas = (known.unit && known.unit.areas) || [];
  const keepArea = (area) => {
    known.place = { ...known.place, area };
    store.meta.set("place", known.place);
    draft.answer({ area });
  };
  return folded(
    t("more.title"),
    choice(
      t("contact.title"),
      CONTACTS.map((value) => [value, t(`contact.${value}`)]),
      given.contact || "",
      (contact) => draft.answer({ contact }),
      { id: "contact" },
    ),
    areas.length
      ? choice(t("area.title"), areas, given.area || "", keepArea, { id: "area" })
      : null,
    field(t("note.title"), {
      long: true,
      help: t("note.help"),
      value: given.note || "",
      maxlength: LONGEST.note,
      dir: "auto",
      oninput: (event) => draft.answer({ note: event.currentTarget.value }),
    }).row,
  );
}

const failure = (problem) =>
  problem.message === "no-key" || problem.message === "not-enrolled"
    ? "sealed.no_key"
    : "sealed.failed";

/** Seal and put into the outbox; afterwards nothing here can read it. */
async function seal(outcome, said) {
  await draft.rest(); // a save that is under way must not come after the sealing
  const edition = packs.edition();
  const given = { ...draft.content(), outcome };
  const facts = {
    list: edition ? edition.edition : "",
    app: document.documentElement.dataset.build || "",
  };
  const identity = draft.sealableIdentity(draft.identity(), given.consent);
  let item = null;
  try {
    item = await outbox.add(draft.sealable(given, facts), identity);
  } catch (problem) {
    draft.answer({ outcome }); // kept with all that was entered, to be sealed later
    said.hidden = false;
    said.textContent = t(failure(problem));
    return;
  }
  draft.forget();
  go("sealed", { id: item.id, reference: item.reference }, { replace: true });
  setTimeout(() => outbox.sync().catch(() => undefined), PAINTED);
}

function check(outcome, oddities, said) {
  const keys = h(
    "div",
    {
      class: "notice attention",
      role: "alertdialog",
      "aria-labelledby": "check-title",
      tabindex: "-1",
    },
    h("h2", { id: "check-title" }, t("handover.check")),
    oddities.map((key) => h("p", {}, t(key))),
    h(
      "div",
      { class: "pair" },
      button(t("handover.anyway"), {
        kind: "plain",
        id: "anyway",
        onclick: (event) => working(event.currentTarget, () => seal(outcome, said)),
      }),
      button(t("handover.change"), { kind: "main", id: "other", onclick: again }),
    ),
  );
  return keys;
}

export function handover() {
  const given = draft.content();
  const said = h("p", { class: "notice attention", role: "alert", hidden: true });
  const outcomes = h("div", { class: "stack" });
  outcomes.append(
    ...ordered(given).map(([value, picture]) =>
      button(t(`handover.${value}`), {
        kind: "big row",
        icon: picture,
        id: `outcome:${value}`,
        onclick: async (event) => {
          const oddities = draft.odd(draft.content(), value);
          if (!oddities.length) {
            await working(event.currentTarget, () => seal(value, said));
            return;
          }
          const question = check(value, oddities, said);
          outcomes.replaceChildren(question);
          question.focus();
        },
      }),
    ),
  );
  // A health worker reports with consent only, unless the law says otherwise (study (f)).
  const careOnly = given.profile === "health" && !["yes", "only"].includes(given.consent);
  const drop = button(t("home.drop"), {
    kind: "plain",
    id: "drop",
    onclick: async () => {
      await draft.drop();
      go("home", {}, { replace: true });
    },
  });
  const agreed = given.consent === "yes" || given.consent === "only";
  return screen(
    { title: t("handover.title"), picture: "seal", step: 9 },
    careOnly ? notice(t("handover.health"), "attention", drop) : null,
    agreed ? identityFields() : null,
    additions(given),
    h("p", { class: "lead" }, t("handover.lead")),
    outcomes,
    said,
    phrases("handover", given.language),
  );
}

/** What is left of a report here: a number that says nothing, and where the report is. */
export function sealed({ id, reference }) {
  const state = h("p", { class: "state", role: "status" });
  const show = async () => {
    const item = (await outbox.list()).find((one) => one.id === id);
    if (item)
      state.replaceChildren(
        h("strong", {}, t(`state.${item.state}`)),
        " – ",
        t(`state.${item.state}_help`),
      );
  };
  show();
  const stop = outbox.onChange(() => (state.isConnected ? show() : stop && stop()));
  return screen(
    {
      title: t("sealed.title"),
      picture: "check",
      foot: button(t("sealed.close"), {
        kind: "main",
        icon: "check",
        id: "done",
        onclick: () => go("home", {}, { replace: true }),
      }),
    },
    h(
      "p",
      { class: "reference" },
      h("span", { class: "unseen" }, t("sealed.reference"), " "),
      code(reference),
    ),
    h("p", {}, t("sealed.give")),
    h("h2", {}, t("sealed.state")),
    state,
    notice(t("sent.lead"), "plain"),
  );
}
