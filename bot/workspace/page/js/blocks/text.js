/** Slack's text objects. */
import { el } from "../dom.js";
import { drawEmoji, drawInline, drawMrkdwn, parseInline } from "../text/mrkdwn.js";
import { emoji } from "../text/emoji.js";
import { decode } from "../text/entities.js";

/** @import {Names} from "../text/mrkdwn.js" */

/** The words of a text object or string, with emoji names as pictures. @param {any} text @returns {string} */
export function plainText(text) {
  const words = typeof text === "string" ? text : text?.text;
  return typeof words === "string" ? words.replace(/:([a-z0-9_+'-]+):/gi, (whole, name) => emoji(name) ?? whole) : "";
}

/**
 * A text object as nodes: mrkdwn is parsed, plain_text keeps its lines.
 * @param {any} text
 * @param {Names} names
 * @returns {Node}
 */
export function drawText(text, names) {
  if (!text) return document.createTextNode("");
  if (typeof text === "string") return document.createTextNode(plainText(text));
  if (text.type === "mrkdwn") return text.verbatim === true && !/[*_~`<:&\n]/.test(text.text) ? document.createTextNode(text.text) : drawMrkdwn(String(text.text ?? ""), names);
  return drawPlain(String(text.text ?? ""));
}

/** A text object on one line: no paragraphs or lists. @param {any} text @param {Names} names @returns {Node[]} */
export function drawLine(text, names) {
  if (!text) return [];
  if (typeof text === "string") return [document.createTextNode(plainText(text))];
  if (text.type !== "mrkdwn") return [drawPlain(String(text.text ?? ""))];
  return String(text.text ?? "").split("\n").flatMap((line, at) => [...(at ? [el("br")] : []), ...drawInline(parseInline(line), names)]);
}

/** @param {string} text */
function drawPlain(text) {
  const out = document.createDocumentFragment();
  for (const piece of decode(text).split(/(:[a-z0-9_+'-]+:|\n)/gi)) {
    if (piece === "\n") out.append(el("br"));
    else if (/^:.+:$/.test(piece)) out.append(drawEmoji(piece.slice(1, -1)));
    else if (piece) out.append(piece);
  }
  return out;
}
