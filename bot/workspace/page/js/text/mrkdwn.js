/**
 * Slack's mrkdwn: parsed into a small tree (pure), then drawn with `drawInline` and `drawMrkdwn`.
 *
 * @typedef {{t:"text", s:string} | {t:"code", s:string} | {t:"br"}
 *   | {t:"bold"|"italic"|"strike", c:Inline[]} | {t:"link", url:string, c:Inline[]} | {t:"user", id:string, label?:string}
 *   | {t:"channel", id:string, label?:string} | {t:"broadcast", range:string} | {t:"group", id:string, label?:string}
 *   | {t:"emoji", name:string} | {t:"date", seconds:number, format:string, url?:string, fallback:string}} Inline
 * @typedef {{t:"para", c:Inline[]} | {t:"pre", s:string} | {t:"quote", c:Inline[]}
 *   | {t:"list", ordered:boolean, start:number, items:Inline[][]} | {t:"gap"}} Part
 */
import { el, link } from "../dom.js";
import { fillDate, fullTime } from "../time.js";
import { emoji } from "./emoji.js";
import { decode } from "./entities.js";

const MARKS = /** @type {const} */ ({ "*": "bold", _: "italic", "~": "strike" });
const BARE_URL = /^https?:\/\/[^\s<>|"]+/i;

/**
 * The parts of a text: paragraphs, code, quotes and lists.
 * @param {string} text
 * @returns {Part[]}
 */
export function parseMrkdwn(text) {
  /** @type {Part[]} */
  const parts = [];
  text.split(/```/).forEach((piece, index, all) => {
    if (index % 2 === 1 && index < all.length - 1) parts.push({ t: "pre", s: decode(unlink(piece.replace(/^\n/, "").replace(/\n$/, ""))) });
    else if (index % 2 === 1) parts.push(...parseLines(`\`\`\`${piece}`));
    else if (piece.trim() || all.length === 1) parts.push(...parseLines(index ? piece.replace(/^\n/, "") : piece));
  });
  return parts;
}

/** Inside code a link stays as its words. @param {string} text */
function unlink(text) {
  return text.replace(/<((?:https?|mailto):[^>|]+)(?:\|([^>]*))?>/g, (_, url, label) => label || url);
}

/** @param {string} text @returns {Part[]} */
function parseLines(text) {
  /** @type {Part[]} */
  const parts = [];
  for (const line of text.replace(/\n$/, "").split("\n")) {
    const last = parts.at(-1);
    const quote = /^(?:&gt;|>)(?:&gt;&gt;|>>)? ?(.*)$/.exec(line);
    const bullet = /^\s*[•◦▪‣] ?\s*(.+)$/.exec(line) ?? /^\s*- (.+)$/.exec(line);
    const number = /^\s*(\d{1,3})\. (.+)$/.exec(line);
    if (quote) {
      if (last?.t === "quote") last.c.push({ t: "br" }, ...parseInline(quote[1]));
      else parts.push({ t: "quote", c: parseInline(quote[1]) });
    } else if (bullet) {
      if (last?.t === "list" && !last.ordered) last.items.push(parseInline(bullet[1]));
      else parts.push({ t: "list", ordered: false, start: 1, items: [parseInline(bullet[1])] });
    } else if (number) {
      if (last?.t === "list" && last.ordered) last.items.push(parseInline(number[2]));
      else parts.push({ t: "list", ordered: true, start: Number(number[1]), items: [parseInline(number[2])] });
    } else if (!line.trim()) {
      if (parts.length && last?.t !== "gap") parts.push({ t: "gap" });
    } else if (last?.t === "para") last.c.push({ t: "br" }, ...parseInline(line));
    else parts.push({ t: "para", c: parseInline(line) });
  }
  while (parts.at(-1)?.t === "gap") parts.pop();
  return parts;
}

/**
 * One line's runs.
 * @param {string} line
 * @returns {Inline[]}
 */
export function parseInline(line) {
  /** @type {Inline[]} */
  const out = [];
  let plain = "";
  const flush = () => {
    if (plain) out.push({ t: "text", s: decode(plain) });
    plain = "";
  };
  const push = (/** @type {Inline} */ node) => {
    flush();
    out.push(node);
  };
  let at = 0;
  while (at < line.length) {
    const rest = line.slice(at);
    const char = line[at];
    if (char === "`") {
      const found = /^`([^`\n]+)`/.exec(rest);
      if (found) {
        push({ t: "code", s: decode(unlink(found[1])) });
        at += found[0].length;
        continue;
      }
    } else if (char === "<") {
      const found = /^<([^<>\n]+)>/.exec(rest);
      const node = found && parseAngle(found[1]);
      if (found && node) {
        push(node);
        at += found[0].length;
        continue;
      }
    } else if (char === ":") {
      const found = /^:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/i.exec(rest);
      if (found && emoji(found[1])) {
        push({ t: "emoji", name: found[1] });
        at += found[0].length;
        continue;
      }
    } else if (char === "*" || char === "_" || char === "~") {
      const end = closing(line, at, char);
      if (end > 0) {
        push({ t: MARKS[char], c: parseInline(line.slice(at + 1, end)) });
        at = end + 1;
        continue;
      }
    } else if ((char === "h" || char === "H") && (at === 0 || /[\s(["'*_~]/.test(line[at - 1]))) {
      const found = BARE_URL.exec(rest);
      if (found) {
        const url = found[0].replace(/[.,;:!?)\]'*_~]+$/, "");
        push({ t: "link", url: decode(url), c: [{ t: "text", s: decode(url) }] });
        at += url.length;
        continue;
      }
    }
    plain += char;
    at += 1;
  }
  flush();
  return out;
}

/**
 * Where the mark opened at `at` closes, or -1. A mark opens at a word's start and closes at a word's end.
 * @param {string} line
 * @param {number} at
 * @param {string} mark
 */
function closing(line, at, mark) {
  if (at > 0 && /[\p{L}\p{N}]/u.test(line[at - 1])) return -1;
  if (!line[at + 1] || /\s/.test(line[at + 1]) || line[at + 1] === mark) return -1;
  let depth = 0;
  for (let i = at + 1; i < line.length; i += 1) {
    if (line[i] === "<") depth += 1;
    else if (line[i] === ">") depth = Math.max(0, depth - 1);
    else if (line[i] === "`") {
      const end = line.indexOf("`", i + 1);
      if (end > 0) i = end;
    } else if (line[i] === mark && !depth && !/\s/.test(line[i - 1]) && !/[\p{L}\p{N}]/u.test(line[i + 1] ?? "")) return i;
  }
  return -1;
}

/** What stands between < and >. @param {string} inner @returns {Inline|null} */
function parseAngle(inner) {
  const bar = inner.indexOf("|");
  const head = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? undefined : inner.slice(bar + 1);
  if (/^@[UWB][A-Z0-9]*$/.test(head)) return { t: "user", id: head.slice(1), label: label && decode(label) };
  if (/^#[CGD][A-Z0-9]*$/.test(head)) return { t: "channel", id: head.slice(1), label: label && decode(label) };
  if (head.startsWith("!subteam^")) return { t: "group", id: head.slice(9), label: label && decode(label) };
  if (head.startsWith("!date^")) {
    const [, seconds, format, url] = head.split("^");
    return { t: "date", seconds: Number(seconds), format: decode(format ?? ""), url, fallback: decode(label ?? "") };
  }
  if (/^!(here|channel|everyone)$/.test(head)) return { t: "broadcast", range: head.slice(1) };
  if (/^(https?:|mailto:)/i.test(head)) {
    return { t: "link", url: decode(head), c: label ? parseInline(label) : [{ t: "text", s: decode(head.replace(/^mailto:/, "")) }] };
  }
  return null;
}

/**
 * @typedef {{user:(id:string)=>string|null, channel:(id:string)=>string|null, me:string}} Names  how ids are said
 */

/** @param {Inline[]} nodes @param {Names} names @returns {Node[]} */
export function drawInline(nodes, names) {
  return nodes.map((node) => drawNode(node, names));
}

/** @param {Inline} node @param {Names} names @returns {Node} */
function drawNode(node, names) {
  switch (node.t) {
    case "text": return document.createTextNode(node.s);
    case "br": return el("br");
    case "code": return el("code", null, node.s);
    case "bold": return el("strong", null, drawInline(node.c, names));
    case "italic": return el("em", null, drawInline(node.c, names));
    case "strike": return el("s", null, drawInline(node.c, names));
    case "link": return link(node.url, drawInline(node.c, names));
    case "user": return drawUser(node.id, names, node.label);
    case "channel": return drawChannel(node.id, names, node.label);
    case "group": return el("span.mention", null, node.label ?? "@group");
    case "broadcast": return el("span.mention.mention-me", null, `@${node.range}`);
    case "emoji": return drawEmoji(node.name);
    case "date": return drawDate(node.seconds, node.format, node.url, node.fallback);
  }
}

/** @param {string} id @param {Names} names @param {string} [label] */
export function drawUser(id, names, label) {
  return el("span.mention", { class: id === names.me ? "mention-me" : "" }, `@${names.user(id) ?? label ?? id}`);
}

/** @param {string} id @param {Names} names @param {string} [label] */
export function drawChannel(id, names, label) {
  const name = names.channel(id);
  if (!name) return el("span.mention", null, `#${label ?? "private-channel"}`);
  return el("a.mention", { href: `#/channel/${encodeURIComponent(id)}` }, `#${name}`);
}

/** @param {string} name */
export function drawEmoji(name) {
  const picture = emoji(name);
  if (!picture) return document.createTextNode(`:${name}:`);
  return el("span.emoji", { role: "img", "aria-label": name.replace(/_/g, " "), title: `:${name}:` }, picture);
}

/** @param {number} seconds @param {string} format @param {string|undefined} url @param {string} fallback */
export function drawDate(seconds, format, url, fallback) {
  if (!Number.isFinite(seconds)) return document.createTextNode(fallback);
  const time = el("time", { datetime: new Date(seconds * 1000).toISOString(), title: fullTime(String(seconds)) }, fillDate(seconds, format) || fallback);
  return url ? link(url, [time]) : time;
}

/**
 * A whole mrkdwn text.
 * @param {string} text
 * @param {Names} names
 * @returns {DocumentFragment}
 */
export function drawMrkdwn(text, names) {
  const out = document.createDocumentFragment();
  for (const part of parseMrkdwn(text)) {
    if (part.t === "pre") out.append(el("pre.code", { tabIndex: 0 }, el("code", null, part.s)));
    else if (part.t === "quote") out.append(el("blockquote", null, drawInline(part.c, names)));
    else if (part.t === "list") {
      const items = part.items.map((item) => el("li", null, drawInline(item, names)));
      out.append(el(part.ordered ? "ol" : "ul", part.ordered && part.start !== 1 ? { start: part.start } : null, items));
    } else if (part.t === "gap") out.append(el("div.gap"));
    else out.append(el("p", null, drawInline(part.c, names)));
  }
  return out;
}
