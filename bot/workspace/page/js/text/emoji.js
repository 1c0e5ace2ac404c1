/** A small map of emoji names, enough for an app's messages. Names that aren't here stay as typed. */

/** @type {Record<string, string>} */
export const EMOJI = {
  "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", eyes: "👀", white_check_mark: "✅", heavy_check_mark: "✔️",
  x: "❌", warning: "⚠️", tada: "🎉", rocket: "🚀", fire: "🔥", heart: "❤️", pray: "🙏", clap: "👏", raised_hands: "🙌",
  wave: "👋", thinking_face: "🤔", smile: "😄", slightly_smiling_face: "🙂", joy: "😂", sweat_smile: "😅", grin: "😁",
  open_mouth: "😮", cry: "😢", confused: "😕", sunglasses: "😎", bulb: "💡", zap: "⚡", battery: "🔋", electric_plug: "🔌",
  newspaper: "📰", rolled_up_newspaper: "🗞️", satellite: "🛰️", satellite_antenna: "📡", chart_with_upwards_trend: "📈",
  chart_with_downwards_trend: "📉", bar_chart: "📊", moneybag: "💰", dollar: "💵", factory: "🏭", building_construction: "🏗️",
  computer: "💻", desktop_computer: "🖥️", floppy_disk: "💾", package: "📦", mag: "🔍", mag_right: "🔎", link: "🔗",
  pushpin: "📌", round_pushpin: "📍", memo: "📝", clipboard: "📋", book: "📖", books: "📚", bookmark: "🔖", label: "🏷️",
  bell: "🔔", no_bell: "🔕", mute: "🔇", speech_balloon: "💬", question: "❓", grey_question: "❔", exclamation: "❗",
  bangbang: "‼️", information_source: "ℹ️", hourglass: "⌛", hourglass_flowing_sand: "⏳", clock3: "🕒", alarm_clock: "⏰",
  calendar: "📅", date: "📅", spiral_calendar_pad: "🗓️", inbox_tray: "📥", outbox_tray: "📤", email: "📧", gear: "⚙️",
  wrench: "🔧", hammer_and_wrench: "🛠️", hammer: "🔨", lock: "🔒", unlock: "🔓", key: "🔑", shield: "🛡️", robot_face: "🤖",
  construction: "🚧", rotating_light: "🚨", octagonal_sign: "🛑", no_entry: "⛔", no_entry_sign: "🚫", recycle: "♻️",
  arrows_counterclockwise: "🔄", repeat: "🔁", arrow_up: "⬆️", arrow_down: "⬇️", arrow_right: "➡️", arrow_left: "⬅️",
  arrow_upper_right: "↗️", arrow_lower_right: "↘️", heavy_plus_sign: "➕", heavy_minus_sign: "➖", star: "⭐", sparkles: "✨",
  large_green_circle: "🟢", large_yellow_circle: "🟡", large_orange_circle: "🟠", red_circle: "🔴", large_blue_circle: "🔵",
  white_circle: "⚪", black_circle: "⚫", large_green_square: "🟩", large_red_square: "🟥", small_blue_diamond: "🔹",
  small_orange_diamond: "🔸", point_right: "👉", point_down: "👇", ok_hand: "👌", muscle: "💪", handshake: "🤝", brain: "🧠",
  earth_americas: "🌎", earth_africa: "🌍", globe_with_meridians: "🌐", snowflake: "❄️", droplet: "💧", ocean: "🌊",
  sunny: "☀️", seedling: "🌱", trophy: "🏆", dart: "🎯", jigsaw: "🧩", test_tube: "🧪", microscope: "🔬", telescope: "🔭",
  scroll: "📜", page_facing_up: "📄", file_folder: "📁", wastebasket: "🗑️", hash: "#️⃣", one: "1️⃣", two: "2️⃣", three: "3️⃣",
  four: "4️⃣", five: "5️⃣", us: "🇺🇸", eu: "🇪🇺", jp: "🇯🇵", coffee: "☕", "100": "💯", thread: "🧵", see_no_evil: "🙈",
};

/** What the reaction picker offers, in its order. */
export const REACTIONS = ["+1", "eyes", "white_check_mark", "tada", "heart", "rocket", "fire", "thinking_face", "joy", "pray",
  "clap", "bulb", "zap", "bookmark", "question", "-1"];

/**
 * The picture of a named emoji, or null. A skin tone ("wave::skin-tone-3") is left out.
 * @param {string} name
 * @returns {string|null}
 */
export function emoji(name) {
  return EMOJI[name.replace(/::skin-tone-\d$/, "")] ?? null;
}
