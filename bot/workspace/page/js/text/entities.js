/** The three entities of Slack's text. */

/** @param {string} text as Slack sends it @returns {string} as a person reads it */
export function decode(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => (name === "amp" ? "&" : name === "lt" ? "<" : ">"));
}

/** @param {string} text as typed @returns {string} as Slack's client sends it */
export function encode(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
