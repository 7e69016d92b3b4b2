/* Owns the first screens: opening with the passphrase, setting up, enrolling with a code. */

import { contact } from "../contact.js";
import * as enrol from "../enrol.js";
import * as outbox from "../outbox.js";
import * as store from "../store.js";
import * as training from "../training.js";
import * as vaultkeys from "../vaultkeys.js";
import { button, choice, field, folded, h, notice, t } from "../ui.js";
import { working } from "./frame.js";
import { languages } from "./phrases.js";
import { comeHome } from "./home.js";
import { again, go } from "./router.js";
import { changeLanguage } from "./language.js";

let afterOpening = async () => undefined;

/** `work` is done, without waiting for it, each time the phone was opened. */
export const onOpened = (work) => {
  afterOpening = work;
};

/** What the locked page says about the state of the phone: set at the start and after a contact. */
export const known = { isSetUp: false, status: "", lost: "" };

function languageChoice() {
  const now = document.documentElement.lang;
  return choice(t("lock.language"), languages(), now, (value) => changeLanguage(value || now), {
    id: "language",
    quiet: true,
  });
}

const card = (...body) => h("div", { class: "screen door" }, h("main", { id: "main" }, body));

async function open(phrase, entry, pressed) {
  const answer = await working(pressed, () => vaultkeys.unlock(phrase));
  if (answer === "real" || answer === "training") {
    await comeHome();
    afterOpening();
    return;
  }
  entry.input.value = "";
  if (answer === "wait") {
    entry.fail(t("lock.wait", { seconds: Math.ceil((await vaultkeys.waitLeft()) / 1000) }));
  } else if (answer) {
    entry.fail(t("lock.wrong"));
  }
}

function stateNotices() {
  const found = [];
  if (["revoked", "expired"].includes(known.status))
    found.push(notice(t(`lock.${known.status}`), "attention"));
  if (known.lost === "database") {
    found.push(
      notice(
        t("lock.lost"),
        "attention",
        button(t("common.close"), {
          onclick: async () => {
            await store.lossTold();
            known.lost = "";
            again();
          },
        }),
      ),
    );
  }
  return found;
}

/** A forgotten passphrase: the keys go, what is sealed stays and is sent. */
function forgotten() {
  return folded(
    t("lock.forgot"),
    h("p", {}, t("lock.forgot_help")),
    button(t("lock.begin_anew"), {
      kind: "danger",
      id: "begin-anew",
      onclick: async (event) => {
        await working(event.currentTarget, async () => {
          await vaultkeys.startOver();
          known.isSetUp = false;
          known.status = "";
          again();
        });
      },
    }),
  );
}

/** The neutral first page: a name, a field, how many things wait. */
export function lock() {
  if (!known.isSetUp) return setup();
  const entry = field(t("lock.passphrase"), {
    type: "password",
    autocomplete: "off",
    "data-focus": true,
  });
  const pressed = button(t("lock.open"), { kind: "main", icon: "lock", submit: true, id: "open" });
  const count = h("p", { class: "help", hidden: true, "data-id": "waiting" });
  outbox.counts().then(
    (counts) => {
      count.hidden = !counts.here;
      count.textContent = t("lock.waiting", { count: counts.here });
    },
    () => undefined,
  );
  return card(
    h("h1", { tabindex: "-1" }, document.documentElement.dataset.name),
    stateNotices(),
    h(
      "form",
      {
        class: "stack",
        onsubmit: (event) => {
          event.preventDefault();
          open(entry.input.value, entry, pressed);
        },
      },
      entry.row,
      pressed,
    ),
    count,
    forgotten(),
    h(
      "button",
      { type: "button", class: "link", "data-id": "converter", onclick: () => go("converter") },
      t("hide.title"),
    ),
    languageChoice(),
  );
}

function checkPhrases(first, again_, second) {
  first.fail("");
  again_.fail("");
  second.fail("");
  if (!vaultkeys.isStrong(first.input.value)) return first.fail(t("setup.short")) || false;
  if (first.input.value !== again_.input.value) return again_.fail(t("setup.differs")) || false;
  if (!second.input.value) return true;
  if (second.input.value === first.input.value) return second.fail(t("setup.same")) || false;
  if (!vaultkeys.isStrong(second.input.value)) return second.fail(t("setup.short")) || false;
  return true;
}

/** Choose the passphrases; nothing is kept of them. */
export function setup() {
  const secret = { type: "password", autocomplete: "new-password" };
  const first = field(t("setup.passphrase"), { ...secret, help: t("setup.rule") });
  const second = field(t("setup.second"), { ...secret, help: t("setup.second_help") });
  const repeat = field(t("setup.repeat"), secret);
  const pressed = button(t("setup.save"), {
    kind: "main",
    icon: "next",
    submit: true,
    id: "set-up",
  });
  const save = async (event) => {
    event.preventDefault();
    if (!checkPhrases(first, repeat, second)) return;
    await working(pressed, async () => {
      await vaultkeys.setUp(first.input.value, second.input.value);
      known.isSetUp = true;
      go("enrol", {}, { replace: true });
    });
  };
  return card(
    h("h1", { tabindex: "-1" }, t("setup.title")),
    h("p", { class: "lead" }, t("setup.lead")),
    h(
      "form",
      { class: "stack", onsubmit: save },
      first.row,
      repeat.row,
      h(
        "details",
        { class: "folded" },
        h("summary", {}, t("setup.second")),
        second.row,
      ),
      pressed,
    ),
    languageChoice(),
  );
}

/** A code from the address that a scanned invitation opens: taken out of the address at once. */
export const pending = { code: "" };

export function takeCodeFromAddress() {
  pending.code = enrol.codeInAddress(location.hash);
  if (location.hash) history.replaceState(history.state, "", location.pathname);
}

/** Make the keys of this phone known to its unit. */
export function enrolment() {
  const entry = field(t("enrol.code"), {
    value: pending.code,
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    dir: "ltr",
    class: "input code-input",
    maxlength: "20",
  });
  const pressed = button(t("enrol.go"), { kind: "main", icon: "check", submit: true, id: "enrol" });
  const send = async (event) => {
    event.preventDefault();
    await working(pressed, async () => {
      const refused = await enrolWith(entry.input.value);
      if (refused) {
        entry.fail(t(refused));
        return;
      }
      pending.code = "";
      known.status = "";
      await comeHome();
      afterOpening();
    });
  };
  return card(
    h("h1", { tabindex: "-1" }, t("enrol.title")),
    h("p", { class: "lead" }, t("enrol.lead")),
    h("form", { class: "stack", onsubmit: send }, entry.row, pressed),
    button(t("enrol.practise"), {
      kind: "quiet",
      id: "practise",
      onclick: async () => {
        await training.enter();
        await comeHome();
      },
    }),
  );
}

const REFUSALS = new Set(["unknown-code", "used", "expired", "offline"]);

async function enrolWith(given) {
  try {
    await enrol.enrol(given);
    await contact(); // brings the places of help; whatever it says, the phone is enrolled
    return "";
  } catch (problem) {
    return `enrol.${REFUSALS.has(problem.message) ? problem.message : "failed"}`;
  }
}
