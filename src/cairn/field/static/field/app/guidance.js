// What observed signs may mean, in three bands with reasons. No total, no verdict.
// The same rule as identification/indicatorbank/guidance.py, where its sources stand.

const BANDS = ["none", "unclear", "concern"];
const PARTS = ["act", "means", "exploitation"];

// The signs for a place and a kind of officer, in their order; an empty list means all.
export function shown(signs, setting, profile) {
  const fits = (list, code) => list.length === 0 || list.includes(code);
  return signs.filter((sign) => fits(sign.settings, setting) && fits(sign.profiles, profile));
}

// True when an officer's own judgement is below the band, so that it needs a reason.
export function isLower(judgement, guided) {
  const own = BANDS.indexOf(judgement);
  return own >= 0 && own < BANDS.indexOf(guided);
}

// age: whatever is not "adult" is treated as a child. seen: {code: "yes" | "no" | "unknown"}, no
// key: not asked. Gives {band, why: [{reason, signs}], ask: [codes]}.
export function band(age, seen, signs) {
  const isChild = age !== "adult";
  const answers = new Map(Object.entries(seen));
  const known = new Set(signs.map((sign) => sign.code));
  const saidYes = signs.filter((sign) => answers.get(sign.code) === "yes");
  const of = (...kinds) =>
    saidYes.filter((sign) => kinds.includes(sign.kind)).map((sign) => sign.code);
  const strange = [...answers.keys()]
    .filter((code) => answers.get(code) === "yes" && !known.has(code))
    .sort(byCodePoint);
  const unchecked = signs
    .filter((sign) => sign.kind !== "context" && answers.get(sign.code) === "unknown")
    .map((sign) => sign.code);
  const [level, first] =
    fromSigns(isChild, of, strange) ?? fromNothing(answers, of("context"), unchecked);
  const why = [first];
  if (strange.length && first.reason !== "not-in-list") {
    why.push({ reason: "not-in-list", signs: strange });
  }
  if (unchecked.length && first.reason !== "not-checked") {
    why.push({ reason: "not-checked", signs: unchecked });
  }
  if (of("context").length && first.reason !== "context-only") {
    why.push({ reason: "context-beside", signs: of("context") });
  }
  return { band: level, why, ask: toAsk(isChild, answers, of, signs) };
}

function fromSigns(isChild, of, strange) {
  const parts = [...PARTS, "child"].filter((kind) => of(kind).length);
  const has = (...kinds) => kinds.every((kind) => parts.includes(kind));
  const because = (level, reason, ...kinds) => [level, { reason, signs: of(...kinds) }];
  if (of("danger").length) return because("concern", "danger", "danger");
  if (isChild && has("exploitation")) {
    return because("concern", "child-exploited", "exploitation");
  }
  if (isChild && parts.length >= 2) return because("concern", "child-several", ...parts);
  if (has("means", "exploitation")) {
    return because("concern", "means-with-exploitation", "means", "exploitation");
  }
  if (has("means", "act")) return because("concern", "means-with-act", "means", "act");
  if (has("act", "exploitation")) {
    return because("unclear", "no-means-seen", "act", "exploitation");
  }
  if (parts.length) return because("unclear", "one-part", ...parts);
  if (strange.length) return ["unclear", { reason: "not-in-list", signs: strange }];
  return null;
}

function fromNothing(answers, context, unchecked) {
  if (unchecked.length) return ["unclear", { reason: "not-checked", signs: unchecked }];
  if (context.length) return ["none", { reason: "context-only", signs: context }];
  if (![...answers.values()].includes("no")) {
    return ["unclear", { reason: "nothing-answered", signs: [] }];
  }
  return ["none", { reason: "nothing-seen", signs: [] }];
}

function toAsk(isChild, answers, of, signs) {
  const missing = PARTS.filter((kind) => !of(kind).length);
  if (isChild || missing.length === PARTS.length) return [];
  return signs
    .filter((sign) => missing.includes(sign.kind))
    .map((sign) => sign.code)
    .filter((code) => !["yes", "no"].includes(answers.get(code)));
}

// As Python orders texts; the default of JavaScript compares halves of signs beyond the plane.
function byCodePoint(one, other) {
  const left = [...one];
  const right = [...other];
  for (let place = 0; place < Math.min(left.length, right.length); place += 1) {
    const step = left[place].codePointAt(0) - right[place].codePointAt(0);
    if (step !== 0) return step;
  }
  return left.length - right.length;
}
