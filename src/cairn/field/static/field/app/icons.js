/* Owns the pictograms: strokes on a grid of 24, drawn here, always beside a text. */

const FIGURE =
  "M12 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM7.5 21v-6l-1-4.5L9 9h6l2.5 1.5-1 4.5v6M12 15v6";
const SMALL = "M12 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM9 21v-5l-1-3 2-1.5h4l2 1.5-1 3v5M12 17v4";

const SHAPES = {
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  hide: "M3 16L16 3l5 5L8 21zM7 12l2 2M10 9l2 2M13 6l2 2",
  plus: "M12 5v14M5 12h14",
  check: "M4 12.5l5 5L20 6.5",
  cross: "M6 6l12 12M18 6L6 18",
  question: "M9 9a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 18v.5",
  danger: "M12 3l10 18H2zM12 10v5M12 18v.5",
  calm: "M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM8.5 12l2.5 2.5 4.5-5",
  alone: "M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 21c0-5 2-9 6-9s6 4 6 9M18 4v16",
  "not-alone":
    "M8 9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM16 9a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 20c0-5 2-8 5-8s4 2 4 4c0-2 1-4 4-4s5 3 5 8",
  child: SMALL,
  "maybe-child": `M8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM5 21v-5l-1-3 2-1.5h4l2 1.5-1 3v5M16 9a2.5 2.5 0 1 1 3.5 2.3c-.7.4-1 1-1 1.7M18.5 16.5v.5`,
  adult: FIGURE,
  talk: "M3 4h18v12H10l-5 5v-5H3z",
  eye: "M2 12c3-5 6-7 10-7s7 2 10 7c-3 5-6 7-10 7s-7-2-10-7zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  think: "M9 17c0-2-3-4-3-8a6 6 0 0 1 12 0c0 4-3 6-3 8zM9.5 20.5h5",
  place:
    "M12 22c-5-6-7-9-7-12a7 7 0 0 1 14 0c0 3-2 6-7 12zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  agree:
    "M7 11V5a1.5 1.5 0 0 1 3 0v6-8a1.5 1.5 0 0 1 3 0v8-7a1.5 1.5 0 0 1 3 0v8-4a1.5 1.5 0 0 1 3 0v6c0 4-2 7-6 7-3 0-5-1-7-5l-2-4c-1-2 1-3 2-1z",
  seal: "M3 5h18v14H3zM3 6l9 7 9-7",
  cards: "M4 4h7c1 0 1 1 1 1v15s0-1-1-1H4zM20 4h-7c-1 0-1 1-1 1v15s0-1 1-1h7z",
  carry: "M4 3h7v13H4zM13 8h7v13h-7zM7 13h1M16 18h1M14 4h4v2",
  unsafe: "M12 3v3M5 6l2 2M19 6l-2 2M7 18v-5a5 5 0 0 1 10 0v5M4 21h16v-3H4z",
  settings:
    "M4 7h10M18 7h2M4 17h2M10 17h10M16 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  lock: "M5 11h14v10H5zM8 11V7a4 4 0 0 1 8 0v4",
  call: "M5 3h4l2 5-2.5 2a12 12 0 0 0 5.5 5.5l2-2.5 5 2v4c0 1-1 2-2 2C11 20 4 13 3 5c0-1 1-2 2-2z",
  play: "M7 4l13 8-13 8z",
  file: "M6 2h8l5 5v15H6zM14 2v5h5",
  list: "M4 6h.5M8 6h12M4 12h.5M8 12h12M4 18h.5M8 18h12",
  checkpoint: "M4 21V8M2 21h5M4 10l17-4v4L4 14",
  "border-post": "M5 22V3M5 4h14l-3 4 3 4H5",
  mine: "M4 8c5-5 11-5 16 0M12 5v16M9 21h6",
  workplace: "M3 21V9l6 4V9l6 4V4h4v17z",
  bar: "M5 4h14l-7 8zM12 12v8M8 20h8",
  camp: "M12 4L2 20h20zM12 12l-4 8M12 12l4 8",
  detention: "M4 3h16v18H4zM8 3v18M12 3v18M16 3v18",
  clinic: "M4 4h16v16H4zM12 8v8M8 12h8",
  "armed-group":
    "M6 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM12 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM18 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM3 20v-8h6v8M9 12v-2h6v10M15 12h6v8",
  organ: "M12 20C5 15 3 12 3 8.5A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 9 1.5C21 12 19 15 12 20z",
  household: "M3 12l9-8 9 8M6 10v10h12V10M10 20v-6h4v6",
  route:
    "M2 6h12v11H2zM14 10h4l4 4v3h-8M6 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM18 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  other: "M6 12h.5M12 12h.5M18 12h.5",
};
const TURNS = new Set(["back", "next", "play"]); // They point along the line of reading.
const SVG = "http://www.w3.org/2000/svg";

const drawn = new Map();

/** The shape of `name`, hidden from screen readers, for a text stands beside it. */
export function icon(name) {
  if (!drawn.has(name)) drawn.set(name, draw(name));
  return drawn.get(name).cloneNode(true);
}

function draw(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  svg.setAttribute("class", TURNS.has(name) ? "icon icon-turns" : "icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name] || SHAPES.other);
  svg.append(path);
  return svg;
}

/** A square of dark and light cells, `matrix[row][column]` true when dark, with its quiet zone. */
export function squareOf(matrix, label) {
  const quiet = 4;
  const size = matrix.length + 2 * quiet;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  svg.setAttribute("class", "code-square");
  svg.setAttribute("shape-rendering", "crispEdges");
  const path = document.createElementNS(SVG, "path");
  let strokes = "";
  matrix.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (row[x]) strokes += `M${x + quiet} ${y + quiet}h1v1h-1z`;
    }
  });
  path.setAttribute("d", strokes);
  svg.append(path);
  return svg;
}
