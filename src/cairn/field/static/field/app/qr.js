/* QR codes, ISO/IEC 18004:2015: byte mode, level M, versions 1 to 25. */

import { utf8 } from "./b64.js";

const MOST_VERSION = 25;
/* Table 9 of the standard for level M, from version 1: check bytes of a block; blocks. */
const CHECK_BYTES = [
  10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28,
];
const BLOCKS = [
  1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21,
];
const LEVEL_M = 0; // the two bits of the level in the format information
const FORMAT_MASK = 0x5412;

const sizeOf = (version) => 17 + 4 * version;

/* Middles of the alignment patterns along one side: 6, …, the last; even steps, as in Annex E. */
function alignments(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const last = sizeOf(version) - 7;
  const step = Math.ceil((last - 6) / (count - 1) / 2) * 2;
  const places = Array.from({ length: count - 1 }, (_, at) => last - at * step);
  return [6, ...places.reverse()];
}

/* Bytes that the code carries in all, check bytes included. */
function allBytes(version) {
  const side = sizeOf(version);
  const count = alignments(version).length;
  let free = side * side - 3 * 64 - 31 - 2 * (side - 16); // finders, format, timing
  if (count) free -= 25 * (count * count - 3) - 10 * (count - 2);
  if (version >= 7) free -= 36;
  return free >> 3;
}

const roomOf = (version) => allBytes(version) - CHECK_BYTES[version - 1] * BLOCKS[version - 1];
const countBits = (version) => (version < 10 ? 8 : 16);

/* The smallest version that takes `length` bytes. Throws Error("too-large"). */
function versionFor(length) {
  for (let version = 1; version <= MOST_VERSION; version += 1) {
    if (4 + countBits(version) + 8 * length <= 8 * roomOf(version)) return version;
  }
  throw new Error("too-large");
}

/* --- Bytes with their check bytes ------------------------------------------------------------ */

/* Logarithms in the field of 256 elements over x^8 + x^4 + x^3 + x^2 + 1. */
const POWERS = new Uint8Array(512);
const LOGS = new Uint8Array(256);
for (let exponent = 0, value = 1; exponent < 255; exponent += 1) {
  POWERS[exponent] = value;
  POWERS[exponent + 255] = value;
  LOGS[value] = exponent;
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
}
const times = (one, two) => (one && two ? POWERS[LOGS[one] + LOGS[two]] : 0);

/* The generator polynomial's coefficients below its highest one. */
function generator(length) {
  let poly = [1];
  for (let root = 0; root < length; root += 1) {
    const next = [...poly, 0];
    poly.forEach((factor, at) => {
      next[at + 1] ^= times(factor, POWERS[root]);
    });
    poly = next;
  }
  return poly.slice(1);
}

function checkBytes(block, factors) {
  const rest = new Uint8Array(factors.length);
  for (const byte of block) {
    const lead = byte ^ rest[0];
    rest.copyWithin(0, 1);
    rest[rest.length - 1] = 0;
    factors.forEach((factor, at) => {
      rest[at] ^= times(factor, lead);
    });
  }
  return rest;
}

function filled(bytes, version) {
  const room = roomOf(version);
  const bits = [];
  const put = (value, count) => {
    for (let at = count - 1; at >= 0; at -= 1) bits.push((value >> at) & 1);
  };
  put(0b0100, 4);
  put(bytes.length, countBits(version));
  for (const byte of bytes) put(byte, 8);
  put(0, Math.min(4, room * 8 - bits.length));
  put(0, -bits.length & 7);
  const whole = new Uint8Array(room);
  bits.forEach((bit, at) => {
    whole[at >> 3] |= bit << (7 - (at & 7));
  });
  for (let at = bits.length >> 3, turn = 0; at < room; at += 1, turn ^= 1) {
    whole[at] = turn ? 0x11 : 0xec;
  }
  return whole;
}

/* Data in blocks, each with its check bytes, interleaved as they are drawn. */
function interleaved(bytes, version) {
  const count = BLOCKS[version - 1];
  const factors = generator(CHECK_BYTES[version - 1]);
  const short = Math.floor(bytes.length / count);
  const longer = bytes.length % count; // the last blocks have one byte more
  const blocks = [];
  for (let at = 0, number = 0; number < count; number += 1) {
    const length = short + (number < count - longer ? 0 : 1);
    blocks.push(bytes.subarray(at, at + length));
    at += length;
  }
  const checks = blocks.map((block) => checkBytes(block, factors));
  const order = [];
  for (let at = 0; at <= short; at += 1) {
    for (const block of blocks) if (at < block.length) order.push(block[at]);
  }
  for (let at = 0; at < factors.length; at += 1) for (const check of checks) order.push(check[at]);
  return order;
}

/* --- The picture ------------------------------------------------------------------------------ */

/* `dark`: 1 for a dark module; `fixed`: 1 where a pattern stands that no mask touches. */
class Picture {
  constructor(version) {
    this.version = version;
    this.size = sizeOf(version);
    this.dark = new Uint8Array(this.size ** 2);
    this.fixed = new Uint8Array(this.size ** 2);
  }

  set(row, column, isDark) {
    const at = row * this.size + column;
    this.dark[at] = isDark ? 1 : 0;
    this.fixed[at] = 1;
  }

  /* Rings around a middle: dark where the distance is one of `rings`. */
  rings(row, column, reach, rings) {
    for (let down = -reach; down <= reach; down += 1) {
      for (let right = -reach; right <= reach; right += 1) {
        const [y, x] = [row + down, column + right];
        if (y < 0 || x < 0 || y >= this.size || x >= this.size) continue;
        this.set(y, x, rings.includes(Math.max(Math.abs(down), Math.abs(right))));
      }
    }
  }

  patterns() {
    const end = this.size - 1;
    for (let at = 0; at <= end; at += 1) {
      this.set(6, at, at % 2 === 0);
      this.set(at, 6, at % 2 === 0);
    }
    for (const [row, column] of [[3, 3], [3, end - 3], [end - 3, 3]]) {
      this.rings(row, column, 4, [0, 1, 3]);
    }
    const places = alignments(this.version);
    const last = places.length - 1;
    places.forEach((row, down) =>
      places.forEach((column, right) => {
        const corner = [[0, 0], [0, last], [last, 0]].some(([y, x]) => y === down && x === right);
        if (!corner) this.rings(row, column, 2, [0, 2]);
      }),
    );
    this.format(0);
    if (this.version >= 7) this.versionBits();
  }

  /* Level and mask, twice, with their check bits (BCH 15, 5). */
  format(mask) {
    const value = (LEVEL_M << 3) | mask;
    const bits = ((value << 10) | remainder(value << 10, 0x537, 10)) ^ FORMAT_MASK;
    const end = this.size - 1;
    for (let at = 0; at < 15; at += 1) {
      const isDark = (bits >> at) & 1;
      if (at < 8) this.set(at < 6 ? at : at + 1, 8, isDark);
      else this.set(8, at === 8 ? 7 : 14 - at, isDark);
      if (at < 8) this.set(8, end - at, isDark);
      else this.set(end - 14 + at, 8, isDark);
    }
    this.set(end - 7, 8, true);
  }

  /* The version, twice, with its check bits (BCH 18, 6). */
  versionBits() {
    const bits = (this.version << 12) | remainder(this.version << 12, 0x1f25, 12);
    for (let at = 0; at < 18; at += 1) {
      const [one, two] = [Math.floor(at / 3), this.size - 11 + (at % 3)];
      this.set(one, two, (bits >> at) & 1);
      this.set(two, one, (bits >> at) & 1);
    }
  }

  /* Bits in columns of two from the right, up and down in turn, round the fixed patterns. */
  write(bytes) {
    let bit = 0;
    const total = bytes.length * 8;
    for (let right = this.size - 1, turn = 0; right > 0; right -= 2, turn += 1) {
      if (right === 6) right -= 1; // the column of the timing pattern is left out
      for (let step = 0; step < this.size; step += 1) {
        const row = turn % 2 === 0 ? this.size - 1 - step : step;
        for (const column of [right, right - 1]) {
          const at = row * this.size + column;
          if (this.fixed[at] || bit >= total) continue;
          this.dark[at] = (bytes[bit >> 3] >> (7 - (bit & 7))) & 1;
          bit += 1;
        }
      }
    }
  }

  masked(mask) {
    const copy = new Picture(this.version);
    copy.fixed = this.fixed;
    const isTurned = MASKS[mask];
    for (let row = 0, at = 0; row < this.size; row += 1) {
      for (let column = 0; column < this.size; column += 1, at += 1) {
        copy.dark[at] = this.dark[at] ^ (!this.fixed[at] && isTurned(row, column) ? 1 : 0);
      }
    }
    copy.format(mask);
    return copy;
  }
}

function remainder(value, divisor, bits) {
  let rest = value;
  for (let at = 31 - Math.clz32(rest); at >= bits; at = 31 - Math.clz32(rest)) {
    rest ^= divisor << (at - bits);
  }
  return rest;
}

/* Table 10 of the standard: which modules a mask turns. */
const MASKS = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (row, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];

/* How hard a picture is to read (7.8.3 of the standard): runs, blocks, false finders, balance. */
function hardness({ size, dark }) {
  let points = 0;
  for (const [along, across] of [[1, size], [size, 1]]) {
    for (let line = 0; line < size; line += 1) points += lineHardness(dark, line * across, along, size);
  }
  let count = 0;
  for (let at = 0; at < dark.length; at += 1) {
    count += dark[at];
    if (at % size === size - 1 || at + size >= dark.length) continue;
    const sum = dark[at] + dark[at + 1] + dark[at + size] + dark[at + size + 1];
    if (sum === 0 || sum === 4) points += 3;
  }
  return points + 10 * Math.floor(Math.abs((count * 20) / dark.length - 10));
}

function lineHardness(dark, start, along, size) {
  let points = 0;
  let run = 0;
  let window = 0;
  for (let at = 0; at < size; at += 1) {
    const module = dark[start + at * along];
    run = at && module === dark[start + (at - 1) * along] ? run + 1 : 1;
    if (run === 5) points += 3;
    else if (run > 5) points += 1;
    window = ((window << 1) | module) & 0x7ff;
    if (at >= 10 && (window === 0b10111010000 || window === 0b00001011101)) points += 40;
  }
  return points;
}

/* The picture of a text: {version, mask, size, rows} with rows of 0 (light) and 1 (dark), without
   the four light modules that have to stand round it. `mask`: the best one unless given.
   Throws Error("too-large") for more than version 25 takes. */
export function encode(text, mask = null) {
  const bytes = utf8(text);
  const version = versionFor(bytes.length);
  const plain = new Picture(version);
  plain.patterns();
  plain.write(interleaved(filled(bytes, version), version));
  const masks = mask === null ? [0, 1, 2, 3, 4, 5, 6, 7] : [mask];
  const drawn = masks.map((each) => ({ mask: each, picture: plain.masked(each) }));
  const scored = drawn.map((each) => ({
    ...each,
    points: drawn.length > 1 ? hardness(each.picture) : 0,
  }));
  const best = scored.reduce((one, two) => (two.points < one.points ? two : one));
  const { size, dark } = best.picture;
  const rows = Array.from({ length: size }, (_, row) => [...dark.subarray(row * size, (row + 1) * size)]);
  return { version, mask: best.mask, size, rows };
}
