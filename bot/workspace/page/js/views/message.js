/**
 * One message as an element.
 * @import {Message, Reaction, Shortcut, App} from "../types.js"
 * @import {Session} from "../session.js"
 * @typedef {{channel:string, thread:string|null, grouped:boolean, summary:boolean, tools:MessageTools}} MessageLook
 * @typedef {{openThread:(ts:string)=>void, react:(message:Message, name:string)=>void, pickReaction:(message:Message, anchor:HTMLElement)=>void,
 *   menu:(message:Message, anchor:HTMLElement)=>void, status:(ts:string)=>string}} MessageTools
 */
import { el } from "../dom.js";
import { drawBlocks } from "../blocks/index.js";
import { drawMarkdown } from "../text/markdown.js";
import { drawMrkdwn } from "../text/mrkdwn.js";
import { emoji } from "../text/emoji.js";
import { clockTime, fullTime, lastAgo, shortTime } from "../time.js";
import { avatar } from "../ui/avatar.js";
import { icon } from "../ui/icons.js";

/**
 * @param {Message} message
 * @param {Session} session
 * @param {MessageLook} look
 * @returns {HTMLElement}
 */
export function drawMessage(message, session, look) {
  const { store } = session;
  const user = store.users.get(message.user ?? "");
  const name = authorName(message, session);
  const bot = Boolean(message.bot_id || user?.is_bot);
  const time = el("time.stamp", { datetime: new Date(Number(message.ts) * 1000).toISOString(), title: fullTime(message.ts) }, clockTime(message.ts));
  const head = look.grouped ? null : el("div.message-head", null, el("span.author", null, name), bot ? el("span.badge", { title: "An app, not a person" }, "APP") : null, time);
  const gutter = look.grouped ? el("div.gutter", { "aria-hidden": "true" }, el("span.stamp.stamp-short", { title: fullTime(message.ts) }, shortTime(message.ts))) : el("div.gutter", null, avatar(user ?? { id: message.user ?? "", name, is_bot: bot }));
  const node = el("article.message", {
    class: [look.grouped ? "is-grouped" : "", message.ephemeral ? "is-ephemeral" : "", message.streaming ? "is-streaming" : ""].join(" "), tabIndex: -1,
    "aria-label": `${name}, ${fullTime(message.ts)}`, data: { ts: message.ts },
  },
  message.ephemeral ? el("p.ephemeral-note", null, icon("eye"), "Only visible to you") : null, gutter,
  el("div.message-main", null, head, drawBody(message, session, look), drawReactions(message, session, look), look.summary ? drawSummary(message, session, look) : null),
  drawToolbar(message, look));
  return node;
}

/** @param {Message} message @param {Session} session */
export function authorName(message, session) {
  return session.store.userName(message.user) ?? (message.bot_id ? "App" : "Someone");
}

/** @param {Message} message @param {Session} session @param {MessageLook} look */
function drawBody(message, session, look) {
  const { store } = session;
  const blocks = blocksOf(message, session);
  const streamed = message.streaming !== undefined;
  const body = el("div.message-body");
  if (message.subtype && /_(join|leave|topic|purpose|name|archive)$/.test(message.subtype)) body.classList.add("is-notice");
  if (message.subtype === "tombstone") {
    body.classList.add("is-notice");
    body.append("This message was deleted.");
    return body;
  }
  if (message.streaming || !blocks) {
    const text = el("div.text", { data: { text: "" } }, streamed ? drawMarkdown(message.text ?? "", store.names) : drawMrkdwn(message.text ?? "", store.names));
    if (!streamed && onlyEmoji(message.text ?? "")) text.classList.add("is-jumbo");
    body.append(text);
  }
  if (blocks) {
    const container = { type: /** @type {const} */ ("message"), channel: look.channel, ts: message.ts, ...(message.thread_ts ? { thread_ts: message.thread_ts } : {}), ...(message.ephemeral ? { ephemeral: true } : {}) };
    body.append(drawBlocks(blocks, session.blockContext("message", container)));
  }
  if (message.files?.length) body.append(el("div.files", null, message.files.map(drawShared)));
  if (message.edited && !message.streaming) {
    const end = blocks ? body : body.querySelector("[data-text] > p:last-child") ?? body;
    end.append(" ", el("span.edited", { title: fullTime(message.edited.ts) }, "(edited)"));
  }
  return body;
}

/** A file that was shared, to be saved. @param {{id:string, name:string, pretty_type?:string, size?:number}} file */
function drawShared(file) {
  const size = file.size ? `${Math.max(1, Math.round(file.size / 1000))} kB` : "";
  return el("a.file-card", { href: `/files/${encodeURIComponent(file.id)}`, download: file.name }, el("span.link-card-icon", null, icon("file")),
    el("span.file-card-body", null, el("span.file-card-name", null, file.name), el("span.file-card-note", null, [file.pretty_type, size].filter(Boolean).join(" · "))));
}

/**
 * The blocks to draw. A person's own text comes with a rich_text copy of it, which knows less of the formatting than the text;
 * while a message streams its text is drawn as it comes.
 * @param {Message} message
 * @param {Session} session
 */
function blocksOf(message, session) {
  const user = session.store.users.get(message.user ?? "");
  if (!message.blocks?.length || (message.text && !message.bot_id && user && !user.is_bot && message.blocks.every((block) => block.type === "rich_text"))) return null;
  const blocks = message.streaming ? message.blocks.filter((block) => block.type !== "markdown") : message.blocks;
  return blocks.length ? blocks : null;
}

/** @param {string} text */
function onlyEmoji(text) {
  const names = text.trim().split(/\s+/);
  return names.length <= 6 && names.every((word) => /^(:[a-z0-9_+-]+:|\p{Extended_Pictographic}\uFE0F?)$/u.test(word) && (word[0] !== ":" || emoji(word.slice(1, -1))));
}

/** @param {Message} message @param {Session} session @param {MessageLook} look */
function drawReactions(message, session, look) {
  const list = (message.reactions ?? []).filter((reaction) => reaction.count > 0);
  if (!list.length) return null;
  const people = (/** @type {Reaction} */ reaction) => reaction.users.map((id) => (id === session.store.me ? "you" : session.store.userName(id) ?? "someone")).join(", ");
  const more = el("button.reaction.reaction-add", { type: "button", "aria-label": "Add a reaction", "aria-haspopup": "menu", on: { click: (/** @type {Event} */ e) => look.tools.pickReaction(message, /** @type {HTMLElement} */ (e.currentTarget)) } }, icon("smile"));
  return el("div.reactions", null, list.map((reaction) => {
    const mine = reaction.users.includes(session.store.me);
    return el("button.reaction", {
      type: "button", class: mine ? "is-mine" : "", "aria-pressed": String(mine), title: `${people(reaction)} reacted with :${reaction.name}:`,
      "aria-label": `${reaction.name.replace(/_/g, " ")}, ${reaction.count}, from ${people(reaction)}`, on: { click: () => look.tools.react(message, reaction.name) },
    }, el("span.reaction-picture", { "aria-hidden": "true" }, emoji(reaction.name) ?? `:${reaction.name}:`), el("span.reaction-count", null, String(reaction.count)));
  }), more);
}

/** The line under a root that leads to its thread. @param {Message} message @param {Session} session @param {MessageLook} look */
function drawSummary(message, session, look) {
  const status = look.tools.status(message.ts);
  const count = message.reply_count ?? 0;
  if (!count && !status) return null;
  const people = (message.reply_users ?? []).slice(0, 3).map((id) => avatar(session.store.users.get(id), "tiny"));
  return el("button.summary", { type: "button", on: { click: () => look.tools.openThread(message.ts) } },
    people.length ? el("span.summary-people", null, people) : null,
    el("span.summary-count", null, count ? `${count} ${count === 1 ? "reply" : "replies"}` : "Open the thread"),
    status ? el("span.summary-when.is-live", null, el("span.dots", { "aria-hidden": "true" }, el("i"), el("i"), el("i")), status)
      : message.latest_reply ? el("span.summary-when", { data: { ago: message.latest_reply } }, lastAgo(message.latest_reply)) : null, icon("next"));
}

/** @param {Message} message @param {MessageLook} look */
function drawToolbar(message, look) {
  const { tools } = look;
  /** @param {string} label @param {Node|string} face @param {(anchor:HTMLElement)=>void} run @param {boolean} [popup] */
  const button = (label, face, run, popup) => el("button.tool", { type: "button", "aria-label": label, title: label, "aria-haspopup": popup ? "menu" : null, on: { click: (/** @type {Event} */ e) => run(/** @type {HTMLElement} */ (e.currentTarget)) } }, face);
  const quick = message.ephemeral ? [] : ["+1", "eyes", "white_check_mark"].map((name) => button(`React with ${name.replace(/_/g, " ")}`, emoji(name) ?? name, () => tools.react(message, name)));
  return el("div.toolbar", { role: "toolbar", "aria-label": "Message actions" }, quick,
    message.ephemeral ? null : button("Add a reaction", icon("smile"), (anchor) => tools.pickReaction(message, anchor), true),
    message.ephemeral || look.thread ? null : button("Reply in thread", icon("thread"), () => tools.openThread(message.thread_ts ?? message.ts)),
    button("More actions", icon("more"), (anchor) => tools.menu(message, anchor), true));
}
