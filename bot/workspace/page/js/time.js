/** How times are said. A Slack ts is seconds since 1970 with a serial: "1700000000.000100". */

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const dayLong = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const dayYear = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

/** @param {string|number} ts @returns {Date} */
export function dateOf(ts) {
  return new Date(Number(ts) * 1000);
}

/** "14:05" @param {string} ts */
export function clockTime(ts) {
  return clock.format(dateOf(ts));
}

/** "14:05", or "2:05" where the clock has twelve hours: for the narrow gutter. @param {string} ts */
export function shortTime(ts) {
  const parts = clock.formatToParts(dateOf(ts));
  return parts.filter((part) => part.type === "hour" || part.type === "minute").map((part) => part.value).join(":");
}

/** The whole date and time, for a tooltip. @param {string} ts */
export function fullTime(ts) {
  return full.format(dateOf(ts));
}

/** A key that is the same for two times of one local day. @param {string} ts */
export function dayKey(ts) {
  const day = dateOf(ts);
  return `${day.getFullYear()}-${day.getMonth()}-${day.getDate()}`;
}

/** "Today", "Yesterday" or the date. @param {string} ts */
export function dayName(ts) {
  const day = dateOf(ts);
  const now = new Date();
  const midnight = (/** @type {Date} */ d) => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
  const days = Math.round((midnight(now) - midnight(day)) / 86_400_000);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return (day.getFullYear() === now.getFullYear() ? dayLong : dayYear).format(day);
}

/** "just now", "2 min ago", "3 h ago", "yesterday", or the date. @param {string|number} ts */
export function ago(ts) {
  const seconds = Date.now() / 1000 - Number(ts);
  if (seconds < 45) return "just now";
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  if (seconds < 172_800) return "yesterday";
  return new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" }).format(dateOf(ts));
}

/** When a thread was last written in: "just now" or "last 2 min ago". @param {string} ts */
export function lastAgo(ts) {
  const said = ago(ts);
  return said === "just now" ? said : `last ${said}`;
}

/** Slack's date tokens, each as the options of a DateTimeFormat. @type {Record<string, Intl.DateTimeFormatOptions>} */
const TOKENS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  date_slash: { year: "numeric", month: "2-digit", day: "2-digit" },
  day_divider_pretty: { weekday: "long", month: "long", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

/**
 * Fill Slack's date format ("Posted {date_short_pretty} at {time}") for the person's own clock.
 * @param {number} seconds since 1970
 * @param {string} format
 * @returns {string}
 */
export function fillDate(seconds, format) {
  return format.replace(/\{(\w+)\}/g, (whole, /** @type {string} */ token) => {
    if (token === "ago") return ago(seconds);
    const pretty = token.endsWith("_pretty") && token !== "day_divider_pretty";
    const options = TOKENS[pretty ? token.slice(0, -"_pretty".length) : token];
    if (!options) return whole;
    const name = dayName(String(seconds));
    if ((pretty || token === "day_divider_pretty") && (name === "Today" || name === "Yesterday")) return name.toLowerCase();
    return new Intl.DateTimeFormat(undefined, options).format(dateOf(seconds));
  });
}
