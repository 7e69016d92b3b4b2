/* Owns which places of help stand first: those that fit the person, the nearest before others. */

const fits = (allowed = [], value) => !allowed.length || !value || allowed.includes(value);

/** Points of the directory that fit, best first. `wanted`: {needs, age, sex, language, area}.
 *
 *  A place that is not for this age or sex is left out; a need that nobody there answers too.
 *  Area and language only order the list: a place further away is better than none.
 *  An age in doubt counts as a child's, and places for all ages stay.
 */
export function matching(points, wanted) {
  const ages = wanted.age && wanted.age !== "adult" ? "child" : wanted.age;
  const found = [];
  points.forEach((point, order) => {
    const { needs = [], languages = [] } = point;
    const met = wanted.needs.filter((need) => needs.includes(need)).length;
    if (wanted.needs.length && !met) return;
    if (!fits(point.ages, ages) || !fits(point.sexes, wanted.sex)) return;
    let score = met * 4;
    if (wanted.area && point.area === wanted.area) score += 3;
    if (wanted.language && languages.includes(wanted.language)) score += 2;
    if (ages === "child" && needs.includes("child")) score += 3;
    found.push({ point, score, order });
  });
  found.sort((one, other) => other.score - one.score || one.order - other.order);
  return found.map((one) => one.point);
}

/** Whole days between two ISO days. */
export const daysBetween = (from, to) =>
  Math.floor((Date.parse(to) - Date.parse(from)) / 86_400_000);
