// Numbers, money, shares and dates as people read them. Pure: no page is needed.

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

export function count(value) {
  return whole.format(value);
}

/** A number short enough for a bar's end: 12,345 → 12.3k. */
export function short(value) {
  const size = Math.abs(value);
  if (size >= 999_500_000) return trimmed(value / 1e9, 2) + "bn";
  if (size >= 999_500) return trimmed(value / 1e6, 2) + "M";
  if (size >= 9_995) return trimmed(value / 1e3, 1) + "k";
  if (size >= 100 || Number.isInteger(value)) return whole.format(Math.round(value));
  return trimmed(value, size >= 10 ? 1 : 2);
}

function trimmed(value, digits) {
  return String(Number(value.toFixed(digits)));
}

/** A share of 0 to 1; one decimal below ten percent, and never 0% for something. */
export function percent(share) {
  if (!share) return "0%";
  if (share < 0.001) return "<0.1%";
  if (share > 0.999 && share < 1) return ">99.9%";
  return (share * 100).toFixed(share < 0.0995 ? 1 : 0).replace(/\.0$/, "") + "%";
}

export function money(value, symbol) {
  const sign = value < 0 ? "−" : "";
  const size = Math.abs(value);
  const text = size >= 9_995 ? short(size) : whole.format(Math.round(size));
  return sign + symbol + (size > 0 && size < 10 ? size.toFixed(2) : text);
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY = 86_400_000;

/** Days since 1970 → "9 Dec 2011". */
export function day(days) {
  const when = new Date(days * DAY);
  return `${when.getUTCDate()} ${MONTHS[when.getUTCMonth()]} ${when.getUTCFullYear()}`;
}

export function isoDay(days) {
  return new Date(days * DAY).toISOString().slice(0, 10);
}

export function daysOf(iso) {
  return Math.round(Date.parse(iso + "T00:00:00Z") / DAY);
}

/** A value of a field with its unit. */
export function shown(value, field) {
  if (field.kind === "date") return day(value);
  if (field.kind === "share") return percent(value);
  if (field.kind === "money") return money(value, field.unit);
  return short(value) + (field.unit ? " " + field.unit : "");
}

/** A range in words: "€100 or more", "60 – 260 days". */
export function range(low, high, field) {
  const [from, to] = field.kind === "date" ? ["from ", "until "] : ["", "up to "];
  const more = field.kind === "date" ? "" : " or more";
  if (low == null && high == null) return "any";
  if (high == null) return from + shown(low, field) + more;
  if (low == null) return to + shown(high, field);
  if (low === high) return shown(low, field);
  const bare = field.unit && !["money", "share", "date"].includes(field.kind) ? { ...field, unit: "" } : field;
  return `${shown(low, bare)} – ${shown(high, field)}`;
}

/** How a value stands to everyone's: {text, tone}; `inverted` where less is better. */
export function against(value, base, inverted = false) {
  if (!base || value == null) return { text: "", tone: "" };
  const change = (value / base - 1) * 100;
  const rounded = Math.round(Math.abs(change));
  if (rounded === 0) return { text: "= everyone", tone: "" };
  const isGood = change > 0 !== inverted;
  const size = rounded > 999 ? `×${short(value / base)}` : `${rounded}%`;
  return { text: (change > 0 ? "▲ " : "▼ ") + size, tone: isGood ? "good" : "bad" };
}

export function times(lift) {
  if (lift > 0 && lift < 0.005) return "×<0.01";
  return "×" + (lift >= 9.95 ? lift.toFixed(0) : lift >= 1 ? lift.toFixed(1) : lift.toFixed(2));
}

/** What a rule changes: "−54.2k". */
export function change(withIt, withoutIt) {
  const difference = withIt - withoutIt;
  if (difference === 0) return "±0";
  return (difference > 0 ? "+" : "−") + short(Math.abs(difference));
}
