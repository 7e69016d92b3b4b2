/* The encoder for the tests. */

import { encode } from "/field/app/qr.js";

export const drawn = (wanted) =>
  wanted.map(({ text, mask }) => {
    const { version, mask: used, rows } = encode(text, mask);
    return { version, mask: used, rows: rows.map((row) => row.join("")) };
  });

export const refusal = (text) => {
  try {
    encode(text);
    return "";
  } catch (problem) {
    return problem.message;
  }
};
