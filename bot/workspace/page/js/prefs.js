/** What the page remembers between visits: the theme, who the person acts as, drafts. */

const THEMES = /** @type {const} */ (["auto", "light", "dark"]);
/** @typedef {typeof THEMES[number]} Theme */

/** @param {Storage} storage @param {string} key */
function read(storage, key) {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

/** @param {Storage} storage @param {string} key @param {string|null} value */
function write(storage, key, value) {
  try {
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, value);
  } catch {
    // Storage may be switched off; the page works without a memory.
  }
}

/** @returns {Theme} */
export function theme() {
  const kept = read(localStorage, "workspace.theme");
  return THEMES.find((name) => name === kept) ?? "auto";
}

/** @param {Theme} name */
export function setTheme(name) {
  write(localStorage, "workspace.theme", name === "auto" ? null : name);
  applyTheme();
}

/** Put the theme on the document: `data-theme` is always "light" or "dark". */
export function applyTheme() {
  const chosen = theme();
  const dark = chosen === "dark" || (chosen === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

/** @returns {string|null} */
export function actingAs() {
  return read(localStorage, "workspace.user");
}

/** @param {string} user */
export function setActingAs(user) {
  write(localStorage, "workspace.user", user);
}

/** @param {string} key @returns {string} */
export function draft(key) {
  return read(sessionStorage, `workspace.draft.${key}`) ?? "";
}

/** @param {string} key @param {string} text */
export function setDraft(key, text) {
  write(sessionStorage, `workspace.draft.${key}`, text || null);
}
