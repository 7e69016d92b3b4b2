/* Owns the page from which everything is reached, the reports of this phone, and its settings. */

import { contact } from "../contact.js";
import * as enrol from "../enrol.js";
import * as outbox from "../outbox.js";
import * as packs from "../packs.js";
import * as store from "../store.js";
import * as training from "../training.js";
import * as vaultkeys from "../vaultkeys.js";
import { announce, button, choice, clock, code, day, h, moment, notice, number, t } from "../ui.js";
import * as draft from "./draft.js";
import { screen, working } from "./frame.js";
import { changeLanguage } from "./language.js";
import { languages } from "./phrases.js";
import { again, go } from "./router.js";

const STATES = ["here", "received", "read", "held"];
/** What the first page needs to know, read before it is shown. */
export const known = {
  device: null,
  unit: null,
  place: {},
  directory: { as_of: null, points: [] },
  update: null,
};

/** Read again what the screens show without waiting: device, unit, the place of last time. */
export async function refresh() {
  known.device = await enrol.device();
  known.unit = known.device ? known.device.unit : null;
  known.directory = await packs.directory();
  known.place = (await store.meta.get("place")) || {};
}

/** To the first page, after the mode or the keys have changed. */
export async function comeHome() {
  await refresh();
  await draft.resume();
  go("home", {}, { replace: true });
}

function begin() {
  const { profile = "other", area = "" } = known.device || {};
  draft.begin({ profile, setting: known.place.setting || "", area: known.place.area || area });
  go("danger");
}

function resumeCard() {
  if (!draft.isThere()) return null;
  return h(
    "div",
    { class: "notice waiting" },
    button(t("home.resume", { time: clock(draft.begun()) }), {
      kind: "main",
      icon: "next",
      id: "resume",
      onclick: () => go(draft.at()),
    }),
    h("p", {}, t("home.resume_note", { time: clock(draft.endsAt()) })),
    button(t("home.drop"), {
      kind: "quiet",
      id: "drop",
      onclick: async () => {
        await draft.drop();
        again();
      },
    }),
  );
}

/** The honest states with their numbers; touched, they open the list. */
function counter() {
  const place = h("button", {
    type: "button",
    class: "counter",
    onclick: () => go("sent"),
    "data-id": "sent",
  });
  const fill = async () => {
    const counts = await outbox.counts();
    const shown = STATES.filter((state) => state !== "held" || counts.held);
    place.replaceChildren(
      ...shown.map((state) =>
        h(
          "span",
          { class: "count", "data-state": state },
          h("span", { class: "count-figure" }, code(String(counts[state]))),
          h("span", {}, t(`state.${state}`)),
        ),
      ),
    );
  };
  whileShown(place, fill);
  return place;
}

/** Run `fill` now and after each change of the outbox, as long as `place` stands on the page. */
function whileShown(place, fill) {
  const run = () => fill().catch(() => announce(t("common.failed")));
  run();
  let wasShown = false;
  const stop = outbox.onChange(() => {
    wasShown ||= place.isConnected;
    if (wasShown && !place.isConnected) stop();
    else run();
  });
}

const tile = (name, picture, label) =>
  button(label, { kind: "tile", icon: picture, id: name, onclick: () => go(name) });

export function home() {
  const mayReport = Boolean(known.unit);
  return screen(
    { title: t("home.title"), isFirst: true },
    resumeCard(),
    !mayReport &&
      notice(
        t("home.not_enrolled"),
        "waiting",
        button(t("home.enrol"), { kind: "plain", id: "enrol", onclick: () => go("enrol") }),
      ),
    button(t("home.new"), {
      kind: draft.isThere() ? "plain wide" : "main wide",
      icon: "plus",
      id: "new",
      onclick: () => (mayReport ? begin() : go("enrol")),
    }),
    counter(),
    h(
      "div",
      { class: "tiles" },
      tile("cards", "cards", t("home.cards")),
      tile("services", "place", t("home.services")),
      tile("courier", "carry", t("home.courier")),
      tile("settings", "settings", t("home.settings")),
    ),
    h(
      "div",
      { class: "pair" },
      button(t("home.unsafe"), {
        kind: "danger",
        icon: "unsafe",
        id: "unsafe",
        onclick: () => go("unsafe"),
      }),
      button(t("home.lock"), {
        kind: "plain",
        icon: "lock",
        id: "lock",
        onclick: () => vaultkeys.lock(),
      }),
    ),
  );
}

function row(item) {
  return h(
    "li",
    { class: "item", "data-state": item.state },
    h("p", {}, code(item.reference), " ", h("span", { class: "badge" }, t(`state.${item.state}`))),
    h("p", { class: "help" }, moment(item.sealed_at), " – ", t(`state.${item.state}_help`)),
  );
}

/** Reference, time and state of what was sealed here: nothing more is left of it. */
export function sent() {
  const place = h("div", { "aria-live": "polite" });
  const fill = async () => {
    const items = await outbox.list();
    const counts = await outbox.counts();
    place.replaceChildren(
      items.length ? h("ul", { class: "items" }, items.map(row)) : h("p", {}, t("sent.none")),
      ...(counts.carried
        ? [h("p", {}, `${t("sent.carried")}: `, code(String(counts.carried)))]
        : []),
    );
  };
  whileShown(place, fill);
  const send = async (event) => {
    await working(event.currentTarget, async () => {
      announce(t("sent.trying"));
      await outbox.sync();
      await fill();
      announce(t((await outbox.counts()).here ? "sent.waiting" : "sent.done"));
    });
  };
  const storage = h("div", {});
  Promise.all([outbox.storageState(), outbox.counts()]).then(
    ([state, counts]) => {
      if (state.low) storage.append(notice(t("storage.low"), "attention"));
      else if (!state.persisted && counts.here) storage.append(notice(t("storage.unsure"), "plain"));
    },
    () => undefined,
  );
  return screen(
    {
      title: t("sent.title"),
      lead: t("sent.lead"),
      foot: button(t("sent.now"), { kind: "main", icon: "seal", id: "send-now", onclick: send }),
    },
    place,
    storage,
  );
}

/** Numbers of the unit for an emergency, to be called by touching them. */
export function numbers() {
  const found = (known.unit && known.unit.emergency) || [];
  if (!found.length) return h("p", {}, t("emergency.no_numbers"));
  return h(
    "ul",
    { class: "numbers" },
    found.map(([label, digits]) => h("li", {}, h("span", { dir: "auto" }, label), number(digits))),
  );
}

/** Tell the unit that the officer needs help; nothing about anybody else goes with it. */
export function unsafe() {
  const said = h("p", { class: "notice waiting", role: "status", hidden: true });
  const tell = async (event) => {
    await working(event.currentTarget, async () => {
      const { state } = await contact({ unsafe: true });
      said.hidden = false;
      said.textContent = t(
        state === "ok" || state === "training" ? "unsafe.sent" : "unsafe.waiting",
      );
    });
  };
  return screen(
    { title: t("unsafe.title"), lead: t("unsafe.lead"), picture: "unsafe" },
    button(t("unsafe.send"), { kind: "danger wide", icon: "unsafe", id: "tell", onclick: tell }),
    said,
    h("h2", {}, t("unsafe.call")),
    numbers(),
  );
}

function facts() {
  const place = h("dl", { class: "facts" });
  const put = (label, value) => place.append(h("dt", {}, label), h("dd", {}, value));
  if (known.device) {
    put(t("settings.device"), code(known.device.device));
    const last = known.device.contact_at;
    put(t("settings.contact"), last ? moment(last) : t("settings.never"));
    if (known.device.valid_until && !training.isTraining())
      put(t("settings.until"), day(known.device.valid_until));
  }
  return place;
}

function practice() {
  if (training.isTraining()) {
    return button(t("settings.leave"), {
      kind: "plain wide",
      id: "leave",
      onclick: async () => {
        draft.forget();
        await training.leave();
        await comeHome();
      },
    });
  }
  return [
    button(t("settings.practise"), {
      kind: "plain wide",
      id: "practise",
      onclick: async () => {
        await draft.flush();
        draft.forget();
        await training.enter();
        await comeHome();
      },
    }),
    h("p", { class: "help" }, t("settings.practise_help")),
  ];
}

export function settings() {
  const now = document.documentElement.lang;
  return screen(
    { title: t("settings.title") },
    choice(t("settings.language"), languages(), now, (value) => changeLanguage(value || now), {
      id: "language",
    }),
    known.update &&
      notice(
        t("settings.update"),
        "waiting",
        button(t("settings.update_now"), {
          kind: "plain",
          id: "update",
          onclick: () => known.update(),
        }),
      ),
    facts(),
    practice(),
    button(t("settings.lock"), {
      kind: "plain wide",
      icon: "lock",
      id: "lock-now",
      onclick: () => vaultkeys.lock(),
    }),
    h("p", { class: "help" }, t("settings.limits")),
  );
}
