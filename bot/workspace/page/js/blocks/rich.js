/** The rich_text block: sections, lists, quotes and preformatted runs. */
import { el, link } from "../dom.js";
import { drawChannel, drawDate, drawEmoji, drawUser } from "../text/mrkdwn.js";

/** @import {Names} from "../text/mrkdwn.js" */

/**
 * @param {any} block
 * @param {Names} names
 * @returns {HTMLElement}
 */
export function drawRichText(block, names) {
  return el("div.text.rich", null, (block?.elements ?? []).map((/** @type {any} */ part) => drawPart(part, names)));
}

/** @param {any} part @param {Names} names @returns {Node} */
function drawPart(part, names) {
  const runs = () => (part.elements ?? []).map((/** @type {any} */ run) => drawRun(run, names));
  switch (part.type) {
    case "rich_text_section": return el("p", null, runs());
    case "rich_text_quote": return el("blockquote", { class: part.border ? "has-border" : "" }, runs());
    case "rich_text_preformatted": return el("pre.code", { tabIndex: 0 }, el("code", null, runs()));
    case "rich_text_list": {
      const ordered = part.style === "ordered";
      return el(ordered ? "ol" : "ul", { start: ordered && part.offset ? part.offset + 1 : null, class: `indent-${Math.min(8, Number(part.indent) || 0)}` },
        (part.elements ?? []).map((/** @type {any} */ item) => el("li", null, (item.elements ?? []).map((/** @type {any} */ run) => drawRun(run, names)))));
    }
    default: return drawRun(part, names);
  }
}

/** @param {any} run @param {Names} names @returns {Node} */
function drawRun(run, names) {
  return styled(drawPlainRun(run, names), run.style);
}

/** @param {any} run @param {Names} names @returns {Node} */
function drawPlainRun(run, names) {
  switch (run?.type) {
    case "text": return lines(String(run.text ?? ""));
    case "link": return link(run.url, [run.text || run.url]);
    case "user": return drawUser(run.user_id, names);
    case "channel": return drawChannel(run.channel_id, names);
    case "usergroup": return el("span.mention", null, "@group");
    case "team": return el("span.mention", null, "@team");
    case "broadcast": return el("span.mention.mention-me", null, `@${run.range}`);
    case "emoji": return run.unicode && /^[0-9a-f-]+$/i.test(run.unicode) ? fromUnicode(run) : drawEmoji(String(run.name ?? ""));
    case "date": return drawDate(Number(run.timestamp), String(run.format ?? "{date_short}"), run.url, String(run.fallback ?? ""));
    case "color": return el("span.colour-run", null, el("span.swatch", { style: { background: /^#[0-9a-f]{3,8}$/i.test(run.value) ? run.value : "transparent" }, "aria-hidden": "true" }), String(run.value ?? ""));
    default: return document.createTextNode(typeof run?.text === "string" ? run.text : "");
  }
}

/** @param {any} run */
function fromUnicode(run) {
  const points = String(run.unicode).split("-").map((code) => parseInt(code, 16)).filter((code) => code <= 0x10ffff);
  return el("span.emoji", { role: "img", "aria-label": String(run.name ?? "emoji").replace(/_/g, " ") }, String.fromCodePoint(...points));
}

/** @param {string} text */
function lines(text) {
  const out = document.createDocumentFragment();
  text.split("\n").forEach((line, at) => {
    if (at) out.append(el("br"));
    if (line) out.append(line);
  });
  return out;
}

/** @param {Node} node @param {any} style @returns {Node} */
function styled(node, style) {
  let out = node;
  if (style?.code) out = el("code", null, out);
  if (style?.underline) out = el("u", null, out);
  if (style?.strike) out = el("s", null, out);
  if (style?.italic) out = el("em", null, out);
  if (style?.bold) out = el("strong", null, out);
  return out;
}
