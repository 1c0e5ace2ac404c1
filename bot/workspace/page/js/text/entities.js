/** The three entities of Slack's text. */

/** @param {string} text as Slack sends it @returns {string} as a person reads it */
export function decode(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => (name === "amp" ? "&" : name === "lt" ? "<" : ">"));
}
