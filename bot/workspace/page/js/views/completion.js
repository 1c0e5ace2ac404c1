/**
 * What a composer offers while one types: people after @, channels after #, commands after / at the start.
 * @import {Session} from "../session.js"
 * @typedef {{insert:string, label:string, note?:string, hint?:string, face?:Node}} Offer
 */
import { avatar } from "../ui/avatar.js";
import { icon } from "../ui/icons.js";

const MOST = 8;

/**
 * The word before the caret that asks for completion.
 * @param {string} text
 * @param {number} caret
 * @returns {{start:number, kind:"@"|"#"|"/", word:string}|null}
 */
export function completing(text, caret) {
  const before = text.slice(0, caret);
  const command = /^\/(\S*)$/.exec(before);
  if (command) return { start: 0, kind: "/", word: command[1] };
  const found = /(?:^|[\s(])([@#])([\p{L}\p{N}._-]*)$/u.exec(before);
  if (!found) return null;
  return { start: caret - found[2].length - 1, kind: /** @type {"@"|"#"} */ (found[1]), word: found[2] };
}

/**
 * @param {Session} session
 * @param {"@"|"#"|"/"} kind
 * @param {string} word
 * @returns {Offer[]}
 */
export function offers(session, kind, word) {
  const { store } = session;
  const wanted = word.toLowerCase();
  const fits = (/** @type {string} */ text) => text.toLowerCase().split(/[\s._-]+/).some((part) => part.startsWith(wanted)) || text.toLowerCase().startsWith(wanted);
  if (kind === "/") {
    const commands = [...store.apps.values()].flatMap((app) => (app.commands ?? []).map((command) => ({ command, app })));
    return commands.filter(({ command }) => command.command.slice(1).toLowerCase().startsWith(wanted)).slice(0, MOST)
      .map(({ command, app }) => ({ insert: `${command.command} `, label: command.command, hint: command.usage_hint, note: command.description || app.name, face: icon("slash") }));
  }
  if (kind === "#") {
    return [...store.channels.values()].filter((c) => !c.is_im && !c.is_archived && c.name && fits(c.name)).slice(0, MOST)
      .map((c) => ({ insert: `#${c.name} `, label: c.name ?? "", note: c.topic, face: icon(c.is_private ? "lock" : "hash") }));
  }
  const people = [...store.users.values()].filter((user) => fits(user.name) || fits(user.real_name ?? "")).sort((a, b) => Number(b.is_bot ?? false) - Number(a.is_bot ?? false));
  const all = ["here", "channel"].filter(fits).map((range) => ({ insert: `@${range} `, label: `@${range}`, note: "Everyone here", face: icon("at") }));
  return [...people.map((user) => ({ insert: `@${user.name} `, label: user.real_name || user.name, note: `@${user.name}${user.is_bot ? " · app" : ""}`, face: avatar(user, "small") })), ...all].slice(0, MOST);
}
