/* What the tests of the screens' own rules call. */

import * as draft from "/field/app/screens/draft.js";
import { ordered } from "/field/app/screens/handover.js";
import { convert } from "/field/app/screens/hide.js";
import { matching } from "/field/app/screens/match.js";

export const places = (cases) =>
  cases.map(([points, wanted]) => matching(points, wanted).map((point) => point.code));
export const path = (given) => {
  const steps = ["danger"];
  while (steps.at(-1) !== "handover") steps.push(draft.after(steps.at(-1), given));
  return steps.map((step) => [step, draft.stepOf(step)]);
};
export const sealable = ([given, facts]) => draft.sealable(given, facts);
export const identities = (cases) =>
  cases.map(([given, consent]) => draft.sealableIdentity(given, consent));
export const odd = (cases) => cases.map(([given, outcome]) => draft.odd(given, outcome));
export const firstOutcomes = (cases) => cases.map((given) => ordered(given)[0][0]);
export const converted = (cases) => cases.map((given) => convert(...given));
