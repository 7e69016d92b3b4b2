/* Owns the report that is being made: its answers, the order of its steps, its minutes. */

import { isLower } from "../guidance.js";
import * as store from "../store.js";

/** The steps in the order of the safety: each number of the nine, with what stands under it. */
export const STEPS = [
  ["danger", "emergency"],
  ["privacy"],
  ["child", "childpath"],
  ["who"],
  ["observed"],
  ["meaning"],
  ["where"],
  ["consent"],
  ["handover"],
];
const WARN = 5; // minutes before a draft dies that the screens begin to say so

let draft = null;
let touched = 0;
let saving = Promise.resolve();

const empty = () => ({
  content: { steps: [], seen: {}, needs: [], offered: [], consent_for: [] },
  identity: {},
  at: "danger",
  begun: new Date().toISOString(),
});

export const content = () => draft.content;
export const identity = () => draft.identity;
export const isThere = () => draft !== null;
export const at = () => draft.at;
export const begun = () => draft.begun;

/** When the draft is deleted unless it is touched again, as an ISO moment. */
export const endsAt = () => new Date(touched + store.DRAFT_LIFE).toISOString();

/** Whole minutes until then; 0 or less when it is over. */
export const minutesLeft = () => Math.ceil((touched + store.DRAFT_LIFE - Date.now()) / 60_000);
export const endsSoon = () => draft !== null && minutesLeft() <= WARN;

const SOON = 40; // milliseconds: the next screen is painted before the last answer is encrypted
let timer = null;

function keep() {
  clearTimeout(timer);
  timer = null;
  if (!draft) return;
  const now = structuredClone(draft);
  // One after the other, so that an older state never lands on a newer one.
  saving = saving.then(() => store.saveDraft(now)).catch(() => undefined);
}

function save() {
  touched = Date.now();
  timer ||= setTimeout(keep, SOON);
}

/** Keep what was answered now, and wait until it is kept. */
export function flush() {
  if (timer) keep();
  return saving;
}

/** Before the sealing: no save begins any more; resolves when one that is under way is over. */
export function rest() {
  clearTimeout(timer);
  timer = null;
  return saving;
}

/** Begin a report with what the phone knows already: `known` {profile, setting, area}. */
export function begin(known) {
  draft = empty();
  Object.assign(draft.content, known);
  save();
}

/** Keep answers: `answers` are keys of content v1. */
export function answer(answers) {
  Object.assign(draft.content, answers);
  save();
}

export function answerIdentity(answers) {
  Object.assign(draft.identity, answers);
  save();
}

/** Nothing of a name stays when the person does not agree. */
export function clearIdentity() {
  draft.identity = {};
}

/** Remember which step stands open, for coming back. */
export function standAt(name) {
  if (draft && draft.at !== name) {
    draft.at = name;
    save();
  }
}

/** Take up what was kept, after a reload or a lock. */
export async function resume() {
  const end = await store.draftExpiresAt();
  draft = await store.loadDraft();
  touched = end ? end - store.DRAFT_LIFE : 0;
  return draft;
}

/** Forget it in memory only: the phone was locked, or the report is sealed. */
export function forget() {
  clearTimeout(timer);
  timer = null;
  draft = null;
}

export async function drop() {
  forget();
  await saving;
  await store.dropDraft();
}

/** The step after `name` on this path: only danger and a child open a side step. */
export function after(name, given) {
  if (name === "danger") return given.danger === "now" ? "emergency" : "privacy";
  if (name === "child") return given.age === "adult" ? "who" : "childpath";
  const order = STEPS.flat();
  return order[order.indexOf(name) + 1];
}

/** 1 to 9: which step of the nine a screen belongs to. */
export const stepOf = (name) => STEPS.findIndex((group) => group.includes(name)) + 1;

const FILLED = (value) =>
  Array.isArray(value) ? value.length > 0 : value !== "" && value !== undefined;

/** Content v1 as it is sealed: what was not answered is left out, never guessed. */
export function sealable(given, { list, app }) {
  const found = { v: 1 };
  for (const [key, value] of Object.entries(given)) {
    if (key === "seen" ? Object.keys(value).length : FILLED(value)) found[key] = value;
  }
  // The signs were changed after the judgement: without its reason it is left out, the band stays.
  if (isLower(found.judgement, found.band) && !found.judgement_reason) delete found.judgement;
  if (!found.consent) found.consent = "not-asked";
  if (found.consent !== "yes" && found.consent !== "only") delete found.consent_for;
  if (list) found.list = list;
  if (app) found.app = app;
  return found;
}

/** Identity v1, or null: only with consent, and only when something was entered. */
export function sealableIdentity(given, consent) {
  if (consent !== "yes" && consent !== "only") return null;
  const entered = Object.entries(given).filter(([, value]) => value.trim());
  return entered.length ? { v: 1, ...Object.fromEntries(entered) } : null;
}

/** What does not fit together, as keys of texts: asked once, never forbidden. */
export function odd(given, outcome) {
  const found = [];
  if (given.danger === "now" && outcome === "nothing") found.push("odd.danger");
  if (given.age !== "adult" && !["child-referral", "emergency"].includes(outcome))
    found.push("odd.child");
  if (given.consent === "no" && outcome === "refer") found.push("odd.no");
  if (given.band === "concern" && outcome === "nothing") found.push("odd.concern");
  return found;
}
