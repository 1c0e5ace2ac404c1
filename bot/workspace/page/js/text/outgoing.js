/** Typed text as the server takes it: as it is, with people and channels as ids. The server does the escaping. */

/**
 * @param {string} text
 * @param {{id:string, name:string}[]} users
 * @param {{id:string, name?:string}[]} channels
 * @returns {string}
 */
export function outgoing(text, users, channels) {
  const byUser = new Map(users.map((user) => [user.name.toLowerCase(), user.id]));
  const byChannel = new Map(channels.filter((c) => c.name).map((c) => [String(c.name).toLowerCase(), c.id]));
  return text.split(/(```[\s\S]*?```|`[^`\n]+`)/).map((piece, at) => {
    if (at % 2) return piece;
    return piece.replace(/(^|[\s(])([@#])([\p{L}\p{N}._-]*[\p{L}\p{N}_-])/gu, (whole, before, sign, name) => {
      const key = name.toLowerCase();
      if (sign === "#") return byChannel.has(key) ? `${before}<#${byChannel.get(key)}>` : whole;
      if (/^(here|channel|everyone)$/.test(key)) return `${before}<!${key}>`;
      return byUser.has(key) ? `${before}<@${byUser.get(key)}>` : whole;
    });
  }).join("");
}

/**
 * The other way, for editing: ids become names again.
 * @param {string} text
 * @param {(id:string) => string|undefined} user handle of a user
 * @param {(id:string) => string|undefined} channel
 * @returns {string}
 */
export function editable(text, user, channel) {
  return text.replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (whole, id) => (user(id) ? `@${user(id)}` : whole))
    .replace(/<#([A-Z0-9]+)(?:\|[^>]*)?>/g, (whole, id) => (channel(id) ? `#${channel(id)}` : whole))
    .replace(/<!(here|channel|everyone)>/g, "@$1")
    .replace(/<(https?:[^>|]+)(?:\|[^>]*)?>/g, "$1")
    .replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}
