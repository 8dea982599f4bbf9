// Bars and handles: places on a histogram ↔ values of a rule. Pure.

/** `bins`: {lowest, step, count, isWhole}. The value at an edge. */
export function edge(bins, place) {
  return tidy(bins.lowest + bins.step * place);
}

function tidy(value) {
  return Number(value.toPrecision(12));
}

/** Handle places for a range; open ends are the outer edges. */
export function placesOf(bins, [low, high]) {
  const at = (value) => (value - bins.lowest) / bins.step;
  const inside = (place) => Math.max(0, Math.min(bins.count, place));
  const a = low == null ? 0 : inside(at(low));
  const b = high == null ? bins.count : inside(at(bins.isWhole ? high + 1 : high));
  return [a, Math.max(a, b)];
}

/** The range that two edges stand for; whole numbers end one before the upper edge. */
export function rangeAt(bins, a, b) {
  const high = edge(bins, b);
  return [a <= 0 ? null : edge(bins, a), b >= bins.count ? null : bins.isWhole ? high - 1 : high];
}

/** A drag from one place to another: what the handles become. mode: low, high, both, new. */
export function dragged(bins, mode, start, from, to) {
  const [a, b] = start;
  const near = Math.round(to);
  if (mode === "low") return [Math.max(0, Math.min(near, Math.ceil(b) - 1)), b];
  if (mode === "high") return [a, Math.min(bins.count, Math.max(near, Math.floor(a) + 1))];
  if (mode === "both") {
    const by = Math.max(-a, Math.min(bins.count - b, Math.round(to - from)));
    return [a + by, b + by];
  }
  const low = Math.max(0, Math.floor(Math.min(from, to)));
  return [low, Math.min(bins.count, Math.max(low + 1, Math.ceil(Math.max(from, to))))];
}

/** The places after a key on a handle; undefined for a key that moves nothing. */
export function nudged(bins, which, [a, b], key) {
  const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5 };
  const [first, last] = which === "low" ? [0, Math.ceil(b) - 1] : [Math.floor(a) + 1, bins.count];
  const ends = { Home: first, End: last };
  if (!(key in steps) && !(key in ends)) return undefined;
  const now = which === "low" ? Math.round(a) : Math.round(b);
  const to = key in ends ? ends[key] : now + steps[key];
  if (which === "low") return [Math.max(0, Math.min(Math.ceil(b) - 1, to)), b];
  return [a, Math.min(bins.count, Math.max(Math.floor(a) + 1, to))];
}

/** Heights in 0 to 1; whatever is there is seen. */
export function heights(counts, most) {
  return counts.map((count) => (count > 0 ? Math.max(0.03, Math.min(1, count / most)) : 0));
}
