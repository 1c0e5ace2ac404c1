/** What can be done with a message: shared by the channel and the thread. */
import { el } from "../dom.js";
import { EMOJI, REACTIONS } from "../text/emoji.js";
import { editable, outgoing } from "../text/outgoing.js";
import { channelHash, go } from "../router.js";
import { isReply } from "../store.js";
import { confirmDialog, makeDialog } from "../ui/dialog.js";
import { icon } from "../ui/icons.js";
import { openMenu } from "../ui/menu.js";
import { openPopover } from "../ui/popover.js";
import { toast } from "../ui/toast.js";

/**
 * @import {Message} from "../types.js"
 * @import {Session} from "../session.js"
 * @import {MessageTools} from "./message.js"
 */

/** Run a request, and say so when it fails. @param {() => Promise<any>} run */
export async function attempt(run) {
  try {
    return await run();
  } catch (error) {
    toast(error instanceof Error ? error.message : "That didn't work.", "error");
    return null;
  }
}

/** A status as a sentence about the app. @param {string} app @param {string} status */
export function statusWords(app, status) {
  if (!status) return "";
  if (status === "processing") return `${app} is working…`;
  return /^(is|are|has|was)\b/i.test(status) ? `${app} ${status}` : status;
}

/**
 * @param {Session} session
 * @param {string} channel
 * @returns {MessageTools}
 */
export function messageTools(session, channel) {
  const react = (/** @type {Message} */ message, /** @type {string} */ name) => void attempt(() => session.react(channel, message, name));
  return {
    openThread: (ts) => go(channelHash(channel, ts)),
    react,
    pickReaction: (message, anchor) => pickReaction(anchor, (name) => react(message, name)),
    menu: (message, anchor) => openMessageMenu(session, channel, message, anchor),
    status: (ts) => {
      const app = session.store.appOf(session.store.channels.get(channel)) ?? [...session.store.apps.values()][0];
      return statusWords(app?.name ?? "The app", session.store.statuses.get(`${channel}:${ts}`) ?? "");
    },
  };
}

/** @param {HTMLElement} anchor @param {(name:string)=>void} choose */
function pickReaction(anchor, choose) {
  const grid = el("div.emoji-grid", { role: "menu", "aria-label": "Reactions" });
  const close = openPopover(anchor, grid, { align: "end" });
  const buttons = REACTIONS.map((name) => el("button.emoji-button", { type: "button", role: "menuitem", title: `:${name}:`, "aria-label": name.replace(/_/g, " "), tabIndex: -1, on: { click: () => { close(true); choose(name); } } }, EMOJI[name]));
  grid.append(...buttons);
  grid.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = buttons.indexOf(/** @type {any} */ (document.activeElement));
    buttons[(at + step + buttons.length) % buttons.length].focus();
  });
  buttons[0].focus();
}

/** @param {Session} session @param {string} channel @param {Message} message @param {HTMLElement} anchor */
function openMessageMenu(session, channel, message, anchor) {
  const { store } = session;
  const root = isReply(message) ? message.thread_ts ?? null : null;
  const address = `${location.origin}/${channelHash(channel, root, message.ts)}`;
  const shortcuts = [...store.apps.values()].flatMap((app) => (app.shortcuts ?? []).filter((s) => s.type === "message").map((shortcut) => ({ shortcut, app })));
  const mine = message.user === store.me && !message.ephemeral;
  /** @type {import("../ui/menu.js").MenuItem[]} */
  const items = [];
  if (!message.ephemeral) {
    items.push({ label: "Reply in thread", icon: "thread", run: () => go(channelHash(channel, message.thread_ts ?? message.ts)) });
    items.push({ label: "Copy link", icon: "link", run: () => copy(address, "Link copied") });
  }
  items.push({ label: "Copy text", icon: "copy", run: () => copy(message.text ?? "", "Text copied") });
  if (mine) items.push("divider", { label: "Edit message", icon: "edit", run: () => edit(session, channel, message) }, { label: "Delete message", icon: "trash", danger: true, run: () => remove(session, channel, message) });
  if (message.ephemeral) items.push("divider", { label: "Hide", icon: "close", run: () => store.change(channel, message.ts, () => null) });
  if (shortcuts.length && !message.ephemeral) {
    items.push("divider", { heading: "From apps" });
    for (const { shortcut, app } of shortcuts) items.push({ label: shortcut.name, note: app.name, icon: "bolt", run: () => void attempt(() => session.ask("/page/shortcut", { callback_id: shortcut.callback_id, type: "message", channel, ts: message.ts })) });
  }
  openMenu(anchor, items, { label: "Message actions", align: "end" });
}

/** @param {string} text @param {string} done */
async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    toast("The browser did not allow copying.", "error");
  }
}

/** @param {Session} session @param {string} channel @param {Message} message */
async function remove(session, channel, message) {
  const yes = await confirmDialog({ title: "Delete this message?", body: "It goes away for everyone. This can't be undone.", confirm: "Delete", deny: "Keep", danger: true });
  if (yes) await attempt(() => session.ask("/page/delete", { channel, ts: message.ts }));
}

/** @param {Session} session @param {string} channel @param {Message} message */
function edit(session, channel, message) {
  const { store } = session;
  const made = makeDialog({ label: "Edit message", onCancel: () => made.close() });
  const input = el("textarea.field-input", { rows: 5, "aria-label": "Message", value: editable(message.text ?? "", (id) => store.users.get(id)?.name, (id) => store.channels.get(id)?.name) });
  const save = async () => {
    const text = outgoing(input.value.trim(), [...store.users.values()], [...store.channels.values()].filter((c) => !c.is_im));
    if (!text) return;
    if ((await attempt(() => session.ask("/page/edit", { channel, ts: message.ts, text }))) !== null) made.close();
  };
  input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void save();
  });
  made.dialog.append(el("div.dialog-panel", null,
    el("header.dialog-head", null, el("h2.dialog-title", null, "Edit message"), el("button.icon-button", { type: "button", "aria-label": "Close", on: { click: () => made.close() } }, icon("close"))),
    el("div.dialog-body", null, input),
    el("footer.dialog-foot", null, el("button.button", { type: "button", on: { click: () => made.close() } }, "Cancel"), el("button.button.button-primary", { type: "button", on: { click: save } }, "Save"))));
  made.show();
  input.focus();
}
