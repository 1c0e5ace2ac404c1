/** Coloured initials. */
import { el } from "../dom.js";
import { mark } from "./icons.js";

const HUES = [18, 42, 88, 142, 172, 202, 226, 262, 296, 334];

/**
 * @param {import("../types.js").User|undefined} user
 * @param {string} [size] "small" | "tiny" | "large"
 * @returns {HTMLElement}
 */
export function avatar(user, size = "") {
  const name = user?.real_name || user?.name || "?";
  if (user?.is_bot) return el("span.avatar.avatar-bot", { class: size && `avatar-${size}`, "aria-hidden": "true" }, mark());
  const letters = name.split(/[\s._-]+/).filter(Boolean).slice(0, 2).map((word) => [...word][0]).join("").toUpperCase();
  const hue = HUES[[...(user?.id ?? name)].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 9973, 7) % HUES.length];
  return el("span.avatar", { class: size && `avatar-${size}`, "aria-hidden": "true", style: { "--hue": hue } }, letters || "?");
}
