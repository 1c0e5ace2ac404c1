/**
 * Markdown as models write it: headings, lists, links, emphasis, code, tables, quotes. Raw HTML is shown as text.
 * Blocks are parsed line by line; a text that is still arriving may stop anywhere.
 *
 * @import {Names} from "./mrkdwn.js"
 * @typedef {{t:"heading", level:number, s:string} | {t:"para", s:string} | {t:"pre", s:string, lang:string} | {t:"hr"}
 *   | {t:"quote", c:MdBlock[]} | {t:"list", ordered:boolean, start:number, items:MdItem[]}
 *   | {t:"table", head:string[], align:string[], rows:string[][]}} MdBlock
 * @typedef {{c:MdBlock[], done:boolean|null}} MdItem
 */
import { el, link } from "../dom.js";
import { drawChannel, drawEmoji, drawUser } from "./mrkdwn.js";
import { emoji } from "./emoji.js";
import { decode } from "./entities.js";

const ITEM = /^(\s*)([-*+•]|\d{1,9}[.)])(?:\s+(.*)|$)/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const DELIMITERS = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/**
 * @param {string} text
 * @returns {MdBlock[]}
 */
export function parseMarkdown(text) {
  return parseBlocks(text.replace(/\r\n?/g, "\n").replace(/\t/g, "    ").split("\n"));
}

/** @param {string[]} lines @returns {MdBlock[]} */
function parseBlocks(lines) {
  /** @type {MdBlock[]} */
  const out = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    const fence = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]*)/.exec(line);
    const heading = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line);
    if (!line.trim()) at += 1;
    else if (fence) {
      let end = at + 1;
      while (end < lines.length && !lines[end].trim().startsWith(fence[1])) end += 1;
      out.push({ t: "pre", s: lines.slice(at + 1, end).join("\n"), lang: fence[2] });
      at = end + 1;
    } else if (heading) {
      out.push({ t: "heading", level: heading[1].length, s: heading[2] });
      at += 1;
    } else if (RULE.test(line)) {
      out.push({ t: "hr" });
      at += 1;
    } else if (/^ {0,3}>/.test(line)) {
      let end = at;
      while (end < lines.length && /^ {0,3}>/.test(lines[end])) end += 1;
      out.push({ t: "quote", c: parseBlocks(lines.slice(at, end).map((l) => l.replace(/^ {0,3}> ?/, ""))) });
      at = end;
    } else if (ITEM.test(line)) at = parseList(lines, at, out);
    else if (line.includes("|") && at + 1 < lines.length && lines[at + 1].includes("-") && DELIMITERS.test(lines[at + 1])) at = parseTable(lines, at, out);
    else {
      let end = at + 1;
      while (end < lines.length && lines[end].trim() && !startsBlock(lines[end])) end += 1;
      out.push({ t: "para", s: lines.slice(at, end).join("\n") });
      at = end;
    }
  }
  return out;
}

/** @param {string} line */
function startsBlock(line) {
  return /^ {0,3}(#{1,6}\s|>|`{3,}|~{3,})/.test(line) || ITEM.test(line) || RULE.test(line);
}

/** @param {string[]} lines @param {number} at @param {MdBlock[]} out @returns {number} where the list ends */
function parseList(lines, at, out) {
  const first = /** @type {RegExpExecArray} */ (ITEM.exec(lines[at]));
  const ordered = /\d/.test(first[2]);
  const indent = first[1].length;
  /** @type {MdItem[]} */
  const items = [];
  let index = at;
  while (index < lines.length) {
    const found = ITEM.exec(lines[index]);
    if (!found || found[1].length !== indent || /\d/.test(found[2]) !== ordered) break;
    const body = [found[3] ?? ""];
    index += 1;
    while (index < lines.length) {
      const next = lines[index];
      const depth = next.length - next.trimStart().length;
      if (!next.trim()) {
        const after = lines[index + 1] ?? "";
        if (!after.trim() || after.length - after.trimStart().length <= indent) break;
        body.push("");
      } else if (depth > indent) body.push(next.slice(Math.min(depth, indent + found[2].length + 1)));
      else if (!startsBlock(next)) body.push(next.trim());
      else break;
      index += 1;
    }
    const task = /^\[([ xX])\]\s+/.exec(body[0]);
    if (task) body[0] = body[0].slice(task[0].length);
    items.push({ c: parseBlocks(body), done: task ? task[1] !== " " : null });
    while (index + 1 < lines.length && !lines[index].trim() && ITEM.exec(lines[index + 1])?.[1].length === indent) index += 1;
  }
  out.push({ t: "list", ordered, start: ordered ? parseInt(first[2], 10) : 1, items });
  return index;
}

/** @param {string[]} lines @param {number} at @param {MdBlock[]} out @returns {number} */
function parseTable(lines, at, out) {
  const align = cells(lines[at + 1]).map((c) => (/^:-+:$/.test(c) ? "center" : /-:$/.test(c) ? "right" : "left"));
  const rows = [];
  let index = at + 2;
  while (index < lines.length && lines[index].trim() && lines[index].includes("|")) {
    rows.push(cells(lines[index]));
    index += 1;
  }
  out.push({ t: "table", head: cells(lines[at]), align, rows });
  return index;
}

/** @param {string} line @returns {string[]} */
function cells(line) {
  return line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/\\\|/g, "|"));
}

/**
 * Runs inside a paragraph.
 * @param {string} text
 * @param {Names} names
 * @returns {Node[]}
 */
export function drawMdInline(text, names) {
  /** @type {Node[]} */
  const out = [];
  let plain = "";
  const push = (/** @type {Node} */ node) => {
    if (plain) out.push(document.createTextNode(decode(plain)));
    plain = "";
    out.push(node);
  };
  let at = 0;
  while (at < text.length) {
    const found = matchRun(text, at, names);
    if (found) {
      push(found.node);
      at = found.end;
    } else if (text[at] === "\\" && /[!-/:-@[-`{-~]/.test(text[at + 1] ?? "")) {
      plain += text[at + 1];
      at += 2;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  if (plain) out.push(document.createTextNode(decode(plain)));
  return out;
}

/** @param {string} text @param {number} at @param {Names} names @returns {{node:Node, end:number}|null} */
function matchRun(text, at, names) {
  const rest = text.slice(at);
  const before = text[at - 1] ?? " ";
  /** @type {RegExpExecArray|null} */
  let m = null;
  switch (text[at]) {
    case "\n": return { node: el("br"), end: at + 1 };
    case "`":
      m = /^(`+)(?!`)([\s\S]*?[^`])\1(?!`)/.exec(rest);
      return m && { node: el("code", null, m[2].trim()), end: at + m[0].length };
    case "!":
      m = /^!\[([^\]]*)\]\(\s*<?([^\s)>]+)>?[^)]*\)/.exec(rest);
      return m && { node: link(m[2], [m[1] || m[2]]), end: at + m[0].length };
    case "[":
      m = /^\[((?:[^[\]]|\[[^\]]*\])*)\]\(\s*<?((?:[^\s()<>]|\([^\s()]*\))+)>?(?:\s+["'(][^)]*)?\s*\)/.exec(rest);
      return m && { node: link(decode(m[2]), drawMdInline(m[1], names)), end: at + m[0].length };
    case "<":
      m = /^<((?:https?:\/\/|mailto:)[^\s<>|]+)(?:\|([^<>]*))?>/i.exec(rest);
      if (m) return { node: link(decode(m[1]), [decode(m[2] || m[1])]), end: at + m[0].length };
      m = /^<@([UWB][A-Z0-9]+)(?:\|([^>]*))?>/.exec(rest);
      if (m) return { node: drawUser(m[1], names, m[2]), end: at + m[0].length };
      m = /^<#([CGD][A-Z0-9]+)(?:\|([^>]*))?>/.exec(rest);
      return m && { node: drawChannel(m[1], names, m[2]), end: at + m[0].length };
    case ":":
      m = /^:([a-z0-9_+'-]+):/i.exec(rest);
      return m && emoji(m[1]) ? { node: drawEmoji(m[1]), end: at + m[0].length } : null;
    case "~":
      m = /^~~(?=\S)([\s\S]*?\S)~~/.exec(rest);
      return m && { node: el("s", null, drawMdInline(m[1], names)), end: at + m[0].length };
    case "*":
    case "_":
      if (text[at] === "_" && /[\p{L}\p{N}]/u.test(before)) return null;
      m = /^(\*\*|__)(?=\S)([\s\S]*?\S)\1(?!\1[0])/.exec(rest);
      if (m) return { node: el("strong", null, drawMdInline(m[2], names)), end: at + m[0].length };
      m = /^(\*|_)(?=[^\s*_])([\s\S]*?[^\s])\1(?!\1)/.exec(rest);
      if (m && m[1] === "_" && /[\p{L}\p{N}]/u.test(rest[m[0].length] ?? "")) return null;
      return m && { node: el("em", null, drawMdInline(m[2], names)), end: at + m[0].length };
    case "h":
      m = /[\s("'>*_]/.test(before) ? /^https?:\/\/[^\s<>"|]+/.exec(rest) : null;
      if (!m) return null;
      m[0] = m[0].replace(/[.,;:!?)\]'*_~]+$/, "");
      return { node: link(decode(m[0]), [decode(m[0])]), end: at + m[0].length };
    default: return null;
  }
}

/**
 * @param {string} text
 * @param {Names} names
 * @returns {DocumentFragment}
 */
export function drawMarkdown(text, names) {
  const out = document.createDocumentFragment();
  out.append(...parseMarkdown(text).map((block) => drawBlock(block, names)));
  return out;
}

/** @param {MdBlock} block @param {Names} names @returns {Node} */
function drawBlock(block, names) {
  switch (block.t) {
    case "heading": return el(`h${Math.min(6, block.level + 2)}.md-h${block.level}`, null, drawMdInline(block.s, names));
    case "para": return el("p", null, drawMdInline(block.s, names));
    case "pre": return el("pre.code", { tabIndex: 0 }, el("code", null, block.s));
    case "hr": return el("hr");
    case "quote": return el("blockquote", null, block.c.map((b) => drawBlock(b, names)));
    case "list": return el(block.ordered ? "ol" : "ul", block.start !== 1 ? { start: block.start } : null, block.items.map((i) => drawItem(i, names)));
    case "table": return drawTable(block, names);
  }
}

/** @param {MdItem} item @param {Names} names */
function drawItem(item, names) {
  const [first, ...rest] = item.c;
  const body = first?.t === "para" ? [drawMdInline(first.s, names), rest.map((b) => drawBlock(b, names))] : item.c.map((b) => drawBlock(b, names));
  if (item.done === null) return el("li", null, body);
  const box = el("span.task-box", { role: "img", "aria-label": item.done ? "done" : "to do", class: item.done ? "is-done" : "" });
  return el("li.task-item", null, box, el("span", null, body));
}

/** @param {Extract<MdBlock, {t:"table"}>} table @param {Names} names */
function drawTable(table, names) {
  const row = (/** @type {string[]} */ texts, /** @type {string} */ tag) =>
    el("tr", null, table.head.map((_, i) => el(tag, { class: `align-${table.align[i] ?? "left"}` }, drawMdInline(texts[i] ?? "", names))));
  return el("div.table-scroll", { tabIndex: 0, role: "region", "aria-label": "Table" },
    el("table.table", null, el("thead", null, row(table.head, "th")), el("tbody", null, table.rows.map((cellsOf) => row(cellsOf, "td")))));
}
