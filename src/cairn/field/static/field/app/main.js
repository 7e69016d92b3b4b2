/* Owns the start of the app, what locks and hides it, and which screen answers to which name. */

import { contactWhenDue, onRevoked } from "./contact.js";
import * as enrol from "./enrol.js";
import * as kernel from "./kernel.js";
import * as outbox from "./outbox.js";
import * as packs from "./packs.js";
import * as update from "./update.js";
import * as vaultkeys from "./vaultkeys.js";
import { announce, day, h, t } from "./ui.js";
import { cards } from "./screens/cards.js";
import { consent } from "./screens/consent.js";
import { carry } from "./screens/courier.js";
import * as draft from "./screens/draft.js";
import { handover, sealed } from "./screens/handover.js";
import { converter, hide } from "./screens/hide.js";
import * as homes from "./screens/home.js";
import { firstLanguage, useFirstOf } from "./screens/language.js";
import * as door from "./screens/lock.js";
import { meaning, observed } from "./screens/observed.js";
import { again, current, go, guardWith, register, start } from "./screens/router.js";
import { child, childpath, danger, emergency, privacy, who } from "./screens/start.js";
import { languageName, services, where } from "./screens/where.js";

const STEPS = {
  danger,
  emergency,
  privacy,
  child,
  childpath,
  who,
  observed,
  meaning,
  where,
  consent,
  handover,
};
const SHIPPED = ["en", "fr", "ar"];
const SHUT = new Set(["lock", "setup", "converter"]); // what a locked phone may show
const TICK = 15_000; // milliseconds between looks at the minutes of a draft
const IDLE = 1_500; // milliseconds after the start, when nobody waits for anything
const FINGERS = 3; // touching with three at once hides the screen, wherever they land

/** A step remembers that it stands open, so that it can be taken up again there. */
const step = (name, build) => () => {
  draft.standAt(name);
  return build();
};

register({
  ...Object.fromEntries(Object.entries(STEPS).map(([name, build]) => [name, step(name, build)])),
  lock: door.lock,
  setup: door.setup,
  enrol: door.enrolment,
  home: homes.home,
  sent: homes.sent,
  unsafe: homes.unsafe,
  settings: homes.settings,
  cards,
  services,
  courier: carry,
  sealed,
  converter,
});

guardWith((name) => {
  if (!vaultkeys.isUnlocked() && !SHUT.has(name))
    return current() === "converter" ? "converter" : "lock";
  if (name === "lock" && vaultkeys.isUnlocked()) return "home";
  if (name in STEPS && !draft.isThere()) return "home";
  return name;
});

function blankWhenHidden() {
  const set = () =>
    document.documentElement.classList.toggle("blank", document.visibilityState === "hidden");
  document.addEventListener("visibilitychange", set);
  window.addEventListener("pagehide", () => document.documentElement.classList.add("blank"));
  window.addEventListener("pageshow", set);
}

function hideAtOnce() {
  const isOpen = () => vaultkeys.isUnlocked() && current() !== "converter";
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) hide();
  });
  document.addEventListener(
    "touchstart",
    (event) => {
      if (event.touches.length >= FINGERS && isOpen()) hide();
    },
    { passive: true },
  );
}

async function endDraftInTime() {
  if (!draft.isThere() || !vaultkeys.isUnlocked()) return;
  if (draft.minutesLeft() <= 0) {
    await draft.drop();
    go("home", {}, { replace: true });
    announce(t("draft.gone"));
  } else if (draft.endsSoon()) {
    announce(t("draft.ends_soon", { minutes: draft.minutesLeft() }));
  }
}

async function readState() {
  door.known.isSetUp = await vaultkeys.isSetUp();
  door.known.status = (await enrol.status()).state;
  door.known.lost = (await outbox.storageState()).lost;
  await homes.refresh();
}

async function renew() {
  await contactWhenDue().catch(() => undefined);
  await readState();
  await packs.renewed();
  await packs.keepOthers(SHIPPED).catch(() => undefined);
}

async function begin() {
  door.takeCodeFromAddress();
  blankWhenHidden();
  hideAtOnce();
  await kernel.start();
  await useFirstOf(new Set([await firstLanguage(), document.documentElement.lang, ...SHIPPED]));
  await readState();
  vaultkeys.onLock(() => {
    draft.forget();
    if (current() !== "converter") go("lock", {}, { replace: true });
  });
  door.onOpened(renew);
  onRevoked(async () => {
    await readState();
    if (current() === "lock") again();
  });
  update.onWaiting(() => {
    homes.known.update = update.takeOver;
  });
  start("lock");
  setInterval(endDraftInTime, TICK);
  setTimeout(() => {
    day(Date.now()); // formats are made before a step needs them
    languageName(document.documentElement.lang);
  }, IDLE);
}

function fail(problem) {
  console.error(problem);
  const place = document.getElementById("app");
  place.replaceChildren(
    h(
      "main",
      { class: "screen door" },
      h("h1", {}, document.documentElement.dataset.name),
      h("p", {}, "⟳"),
      h("button", { type: "button", class: "button main", onclick: () => location.reload() }, "⟳"),
    ),
  );
}

begin().catch(fail);
