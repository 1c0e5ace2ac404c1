"""Units and currencies: how each is written, its kind, and its worth in the kind's base unit."""

from __future__ import annotations

import re
from dataclasses import dataclass

HOUR = 3600.0
DAY = 24 * HOUR
YEAR = 365.25 * DAY


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure: `value_in_base = value * factor`."""

    kind: str
    base: str
    factor: float


def _units() -> tuple[dict[str, Unit], dict[str, Unit]]:
    """Two tables: spelled units (compared in lower case) and symbols (compared as written: MW is not mW)."""
    spelled: dict[str, Unit] = {}
    symbols: dict[str, Unit] = {}
    prefixes = {"": ("", 1.0), "k": ("kilo", 1e3), "M": ("mega", 1e6), "G": ("giga", 1e9), "T": ("tera", 1e12)}
    more = {"P": ("peta", 1e15), "E": ("exa", 1e18), "Z": ("zetta", 1e21)}
    for letter, (word, factor) in (prefixes | more).items():
        if letter in prefixes:
            symbols[f"{letter}W"] = Unit("power", "W", factor)
            symbols[f"{letter}Wh"] = Unit("energy", "Wh", factor)
            for name in (f"{word}watt hour", f"{word}watt hours", f"{word}watt-hour", f"{word}watt-hours"):
                spelled[name] = Unit("energy", "Wh", factor)
            spelled |= dict.fromkeys((f"{word}watt", f"{word}watts"), Unit("power", "W", factor))
            if letter not in {"", "T"}:
                symbols[f"{letter}Hz"] = Unit("frequency", "Hz", factor)
                spelled[f"{word}hertz"] = Unit("frequency", "Hz", factor)
            symbols[f"{letter}VA"] = Unit("power", "VA", factor)
            if letter:
                bits = Unit("rate", "B/s", factor / 8)
                symbols |= dict.fromkeys((f"{letter}b/s", f"{letter}bps", f"{letter}bit/s"), bits)
                spelled |= dict.fromkeys(
                    (f"{word}bits per second", f"{word}bit per second", f"{word}bits a second"), bits
                )
        if letter:
            size = Unit("data", "B", factor)
            flow = Unit("rate", "B/s", factor)
            symbols |= {f"{letter}B": size, f"{letter}iB": size, f"{letter}b": Unit("data", "B", factor / 8)}
            symbols |= dict.fromkeys((f"{letter}B/s", f"{letter}B/sec", f"{letter}Bps", f"{letter}B per second"), flow)
            spelled |= dict.fromkeys((f"{word}byte", f"{word}bytes"), size)
            spelled |= dict.fromkeys((f"{word}bytes per second", f"{word}bytes a second"), flow)
            spelled |= dict.fromkeys((f"{word}bit", f"{word}bits"), Unit("data", "B", factor / 8))
            compute = Unit("compute", "FLOPS", factor)
            for tail in ("flops", "flop/s", "flop"):
                spelled[f"{letter.lower()}{tail}"] = spelled[f"{word}{tail}"] = compute
    symbols["KB"] = symbols["kB"]
    spelled |= {"gbe": Unit("rate", "B/s", 1e9 / 8), "tops": Unit("compute", "OPS", 1e12)}
    careless = {
        "kw": "kW",
        "KW": "kW",
        "mw": "MW",
        "Mw": "MW",
        "gw": "GW",
        "Gw": "GW",
        "tw": "TW",
        "gb": "GB",
        "tb": "TB",
    }
    symbols |= {way: symbols[proper] for way, proper in careless.items()}
    symbols |= {"Kwh": symbols["kWh"], "kwh": symbols["kWh"], "KWh": symbols["kWh"], "Gbit/s": symbols["Gb/s"]}
    return spelled, symbols


_SPELLED, _SYMBOLS = _units()


def _add(kind: str, base: str, factor: float, *ways: str) -> None:
    for way in ways:
        _SPELLED[way] = Unit(kind, base, factor)


_add("time", "s", 1e-9, "nanosecond", "nanoseconds", "ns")
_add("time", "s", 1e-6, "microsecond", "microseconds", "µs", "μs", "us/op")
_add("time", "s", 1e-3, "millisecond", "milliseconds", "ms", "msec")
_add("time", "s", 1.0, "second", "seconds", "sec", "secs", "secondes", "sekunden", "segundos")
_add("time", "s", 60.0, "minute", "minutes", "min", "mins", "minuten", "minutos")
_add("time", "s", HOUR, "hour", "hours", "hr", "hrs", "heures", "stunden", "horas")
_add("time", "s", DAY, "day", "days", "jours", "tage", "tagen", "días")
_add("time", "s", 7 * DAY, "week", "weeks", "semaines", "wochen", "semanas")
_add("time", "s", YEAR / 12, "month", "months", "mois", "monate", "monaten", "meses")
_add("time", "s", YEAR / 4, "quarters")
_add("time", "s", YEAR, "year", "years", "ans", "jahre", "jahren", "años")
_add("time", "s", 10 * YEAR, "decade", "decades")
_add("percent", "%", 1.0, "%", "percent", "per cent", "pct", "prozent", "pour cent", "por ciento", "процентов", "pc")
_add("points", "pp", 1.0, "percentage points", "percentage point", "pp")
_add("points", "pp", 0.01, "basis points", "basis point", "bps", "bp")
_add("ratio", "x", 1.0, "x", "×", "times", "-fold", "fold", "fach")
_add("flow", "tokens/s", 1.0, "tokens per second", "tokens/s", "tokens a second", "tok/s", "tokens/sec", "tps", "t/s")
_add("flow", "tokens/s", 1.0, "tokens/s/user", "tokens per second per user", "tokens a second per user")
_add("flow", "tokens/s", 1 / 60, "tokens per minute", "tokens/min")
_add("flow", "tokens/s", 1 / DAY, "tokens per day", "tokens a day", "tokens/day")
_add("flow", "requests/s", 1.0, "requests per second", "requests a second", "requests/s", "queries per second", "qps")
_add("length", "m", 1e-9, "nm", "nanometer", "nanometers", "nanometre", "nanometres")
_add("length", "m", 1e-10, "angstrom", "angstroms", "å")
_add("length", "m", 1e-6, "µm", "μm", "micron", "microns")
_add("length", "m", 1e-3, "mm", "millimetre", "millimetres", "millimeter", "millimeters")
_add("length", "m", 1.0, "metres", "meters", "metre", "meter")
_add("length", "m", 1e3, "km", "kilometre", "kilometres", "kilometer", "kilometers")
_add("length", "m", 1609.344, "mile", "miles")
_add("length", "m", 0.3048, "feet", "ft")
_add("area", "m2", 1e-6, "mm²", "mm2", "square millimetres", "square millimeters")
_add("area", "m2", 1.0, "square metres", "square meters", "m²", "m2", "sqm")
_add("area", "m2", 0.09290304, "square feet", "square foot", "square-foot", "sq ft", "sq. ft.", "sq ft.")
_add("area", "m2", 4046.8564224, "acre", "acres")
_add("area", "m2", 1e4, "hectare", "hectares")
_add("volume", "l", 1.0, "litre", "litres", "liter", "liters")
_add("volume", "l", 3.785411784, "gallon", "gallons")
_add("volume", "l", 28.316846592, "cubic feet", "cubic foot")
_add("volume", "l", 1e3, "cubic metres", "cubic meters", "cubic metre", "cubic meter", "m³", "m3")
_add("mass", "kg", 1e3, "tonne", "tonnes", "metric tons", "metric ton")
_add("mass", "kg", 907.18474, "tons", "ton")
_add("mass", "kg", 1.0, "kg", "kilogram", "kilograms")
_add("mass", "kg", 0.45359237, "pounds of", "lbs")
_add("temperature", "°C", 1.0, "°c", "° c", "ºc", "degrees celsius", "degrees c", "celsius")
_add("temperature", "°F", 1.0, "°f", "° f", "ºf", "degrees fahrenheit", "degrees f")
_add("voltage", "V", 1.0, "volts", "volt", "vdc")
_add("voltage", "V", 1e3, "kv", "kilovolts", "kilovolt")
_SYMBOLS["V"] = Unit("voltage", "V", 1.0)
_SYMBOLS["s"] = Unit("time", "s", 1.0)

_TABLE = sorted([*_SPELLED, *_SYMBOLS], key=len, reverse=True)
_WAY = re.compile(
    r"(?P<gap>[ \u00a0\u202f\u2009-]{0,2})(?P<way>"
    + "|".join(re.escape(way) for way in _TABLE)
    + r")(?![A-Za-z0-9_/²]|-[a-z])",
    re.IGNORECASE,
)
_LINK_SPEED = re.compile(r"(?P<way>[gG])(?![A-Za-z0-9_])")
_TERABIT_LINK = re.compile(r"T(?=[ -](?:optic|transceiver|module|port|link|ethernet|pluggable|switch))", re.IGNORECASE)
TERABIT_LINKS = frozenset({1.6, 3.2})
LINK_SPEEDS = frozenset({25.0, 50.0, 100.0, 200.0, 400.0, 800.0})
_SHORT = 3


def _link_speed(text: str, at: int, value: float) -> tuple[Unit, int] | None:
    """Gigabits and terabits per second by trade usage: "800G optics", "1.6T transceivers"."""
    if value in LINK_SPEEDS and (link := _LINK_SPEED.match(text, at)):
        return Unit("rate", "B/s", 1e9 / 8), link.end()
    if value in TERABIT_LINKS and (link := _TERABIT_LINK.match(text, at)):
        return Unit("rate", "B/s", 1e12 / 8), link.end()
    return None


def unit_at(text: str, at: int, value: float) -> tuple[Unit, int] | None:
    """The unit written at this place, right after a number, and where it ends; None if there is none."""
    if link := _link_speed(text, at, value):
        return link
    match = _WAY.match(text, at)
    if match is None:
        return None
    way, gap = match["way"], match["gap"]
    found = _SYMBOLS.get(way) or _SPELLED.get(way.lower())
    if found is None or (way.lower() == "x" and gap) or (way == "X" and not gap):
        return None
    if (way == "s" and not gap) or (way.lower() == "pc" and (gap or way != "pc")):
        return None  # "the 1990s", "T700s"; "15pc" is a share, "15 PC" are computers
    return found, match.end()


CURRENCIES = {
    "US$": "USD", "$": "USD", "USD": "USD", "C$": "CAD", "CA$": "CAD", "CAD": "CAD", "A$": "AUD", "AU$": "AUD",
    "AUD": "AUD", "NT$": "TWD", "TWD": "TWD", "HK$": "HKD", "HKD": "HKD", "S$": "SGD", "SGD": "SGD", "R$": "BRL",
    "BRL": "BRL", "€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP", "¥": "JPY", "JPY": "JPY", "CN¥": "CNY",
    "RMB": "CNY", "CNY": "CNY", "₩": "KRW", "KRW": "KRW", "₹": "INR", "Rs": "INR", "INR": "INR", "CHF": "CHF",
    "SEK": "SEK", "NOK": "NOK", "DKK": "DKK", "kr": "SEK", "AED": "AED", "SAR": "SAR", "₪": "ILS", "PLN": "PLN",
    "dollar": "USD", "dollars": "USD", "us dollars": "USD", "u.s. dollars": "USD", "euro": "EUR", "euros": "EUR",
    "d'euros": "EUR", "d’euros": "EUR", "de euros": "EUR", "di euro": "EUR", "de dollars": "USD", "de dólares": "USD",
    "us-dollar": "USD", "pound": "GBP", "pounds": "GBP", "pounds sterling": "GBP", "sterling": "GBP", "yen": "JPY",
    "yuan": "CNY", "renminbi": "CNY", "won": "KRW", "rupees": "INR", "crowns": "SEK", "kronor": "SEK",
    "kroner": "NOK", "danish kroner": "DKK", "norwegian kroner": "NOK", "swedish kronor": "SEK", "swiss francs": "CHF",
    "francs": "CHF", "canadian dollars": "CAD", "australian dollars": "AUD", "taiwan dollars": "TWD",
    "new taiwan dollars": "TWD", "singapore dollars": "SGD", "dirhams": "AED", "riyals": "SAR", "shekels": "ILS",
}  # fmt: skip
_MONEY_LOW = {way.lower(): code for way, code in CURRENCIES.items()}
_MONEY_WAYS = "|".join(re.escape(way) for way in sorted(CURRENCIES, key=len, reverse=True))
_BEFORE = re.compile(rf"(?:(?<![A-Za-z])(?:{_MONEY_WAYS})|[$€£¥₩₹₪])[ \u00a0]?$", re.IGNORECASE)
_AFTER = re.compile(rf"[ \u00a0\u202f-]?(?P<way>{_MONEY_WAYS})(?![A-Za-z]|[ \u00a0]?\d)", re.IGNORECASE)
_CENTS = re.compile(r"[ \u00a0]?(?:(?:US |U\.S\. )?cents?\b|¢)", re.IGNORECASE)
_LONGEST = 6


def currency_before(text: str, at: int) -> tuple[str, int] | None:
    """The currency written right before a number, and where it starts."""
    match = _BEFORE.search(text, max(0, at - _LONGEST), at)
    if match is None:
        return None
    way = match[0].strip().lower()
    code = _MONEY_LOW.get(way) if way != "won" else None  # "they won 3 contracts"
    return (code, match.start()) if code else None


def currency_after(text: str, at: int) -> tuple[str, float, int] | None:
    """The currency written right after a number, its factor (cents: 0.01), and where it ends."""
    cents = _CENTS.match(text, at)
    if cents:
        return "USD", 0.01, cents.end()
    match = _AFTER.match(text, at)
    if match is None or (match["way"].lower() in {"rs", "kr"} and match["way"] not in {"Rs", "kr"}):
        return None
    return _MONEY_LOW[match["way"].lower()], 1.0, match.end()


_PER = re.compile(
    r"\s?(?:per|an?|/|for (?:each|every)|for an?(?= (?:thousand|million|billion)\b)|each)\s?"
    r"(?P<what>(?P<many>million|1M|M|MM|thousand|1,000|1K|1k|K|billion)?\s?(?:input |output |generated )?tokens?\b"
    r"|(?:GPU|chip|accelerator|device|instance|card)?[ -]?hours?\b|(?:GPU-)?hr\b|h\b"
    r"|kWh|kilowatt[- ]hours?|MWh|megawatt[- ]hours?|share|month|year|quarter|day|week|watt|MW|megawatt|gigawatt|GW|kW"
    r"|gigabyte|GB|terabyte|TB|GPU|chip|accelerator|wafer|rack|server|node|seat|user)(?![A-Za-z])",
    re.IGNORECASE,
)
_MANY = {"": 1e6, "million": 1.0, "1m": 1.0, "m": 1.0, "mm": 1.0, "billion": 1e-3}
_PER_BASE = {
    "kwh": ("kWh", 1.0), "kilowatthour": ("kWh", 1.0), "mwh": ("kWh", 1e-3), "megawatthour": ("kWh", 1e-3),
    "mw": ("MW", 1.0), "megawatt": ("MW", 1.0), "gw": ("MW", 1e-3), "gigawatt": ("MW", 1e-3), "kw": ("MW", 1e3),
    "watt": ("MW", 1e6), "gb": ("GB", 1.0), "gigabyte": ("GB", 1.0), "tb": ("GB", 1e-3), "terabyte": ("GB", 1e-3),
}  # fmt: skip


def per_at(text: str, at: int) -> tuple[str, float, int] | None:
    """What a price is for ("per million tokens", "an hour"): its base, the factor to it, and where it ends."""
    match = _PER.match(text, at)
    if match is None:
        return None
    what = match["what"].lower()
    if what.endswith(("token", "tokens")):
        return "Mtoken", _MANY.get((match["many"] or "").lower(), 1e3), match.end()
    if what.endswith(("hour", "hours", "hr", "h")) and "watt" not in what and not what.endswith("wh"):
        return "h", 1.0, match.end()
    bare = re.sub("[ -]", "", what).removesuffix("s")
    base, factor = _PER_BASE.get(bare, (bare, 1.0))
    return base, factor, match.end()
