"""Figures are read as people write them."""

from datetime import date

import pytest

from bot.stories.figures import Figure, find


def only(text: str) -> Figure:
    """The one figure of a text."""
    (figure,) = find(text)
    return figure


@pytest.mark.parametrize(
    ("text", "kind", "value", "unit"),
    [
        ("It will spend $50B on it.", "money", 50e9, "USD"),
        ("It will spend $50 billion on it.", "money", 50e9, "USD"),
        ("a bill of 50 billion dollars", "money", 50e9, "USD"),
        ("US$50bn", "money", 50e9, "USD"),
        ("half a billion dollars", "money", 5e8, "USD"),
        ("un investissement de 6,5 milliards d'euros", "money", 6.5e9, "EUR"),
        ("2,4 Mrd. Euro", "money", 2.4e9, "EUR"),
        ("£3.2bn", "money", 3.2e9, "GBP"),
        ("¥1.5 trillion", "money", 1.5e12, "JPY"),
        ("kr 500 million", "money", 5e8, "SEK"),
        ("NT$1.2 trillion", "money", 1.2e12, "TWD"),
        ("40 cents per million tokens", "price", 0.4, "USD/Mtoken"),
        ("$0.40 per million tokens", "price", 0.4, "USD/Mtoken"),
        ("$0.002 per 1,000 tokens", "price", 2.0, "USD/Mtoken"),
        ("$2.10 per GPU-hour", "price", 2.1, "USD/h"),
        ("$60 per MWh", "price", 0.06, "USD/kWh"),
        ("1,200 MW", "power", 1.2e9, "W"),
        ("1.2 gigawatts", "power", 1.2e9, "W"),
        ("half a gigawatt", "power", 5e8, "W"),
        ("a 120kW rack", "power", 120e3, "W"),
        ("45 MWh", "energy", 45e6, "Wh"),
        ("192GB of memory", "data", 192e9, "B"),
        ("8 TB/s", "rate", 8e12, "B/s"),
        ("400 Gb/s", "rate", 50e9, "B/s"),
        ("800G optics", "rate", 100e9, "B/s"),
        ("1,200 tokens per second", "flow", 1200.0, "tokens/s"),
        ("20 petaflops", "compute", 20e15, "FLOPS"),
        ("the 3 nm node", "length", 3e-9, "m"),
        ("45°C", "temperature", 45.0, "°C"),
        ("1.2 million square feet", "area", 111483.648, "m2"),
        ("18 months", "time", 18 * 30.4375 * 86400, "s"),
        ("three weeks", "time", 21 * 86400.0, "s"),
        ("250 ms", "time", 0.25, "s"),
        ("12 percent", "percent", 12.0, "%"),
        ("3.5 percentage points", "points", 3.5, "pp"),
        ("3x", "ratio", 3.0, "x"),
        ("three times", "ratio", 3.0, "x"),
        ("40,000 accelerators", "count", 40e3, "items"),
        ("2 million chips", "count", 2e6, "items"),
        ("a dozen sites", "count", 12.0, "items"),
        ("twenty-one buildings", "count", 21.0, "items"),
        ("one and a half million users", "count", 1.5e6, "items"),
        ("70B parameters", "count", 70e9, "items"),
        ("40 000 puces", "count", 40e3, "items"),
    ],
)
def test_value_in_base_unit(text: str, kind: str, value: float, unit: str) -> None:
    """Each way of writing an amount gives its kind and its value in the kind's base unit."""
    figure = only(text)
    assert (figure.kind, figure.unit) == (kind, unit)
    assert figure.value == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on 5 November 2026", date(2026, 11, 5), date(2026, 11, 5)),
        ("on Nov. 5, 2026", date(2026, 11, 5), date(2026, 11, 5)),
        ("2026-11-05", date(2026, 11, 5), date(2026, 11, 5)),
        ("in November 2026", date(2026, 11, 1), date(2026, 11, 30)),
        ("in Q3 2027", date(2027, 7, 1), date(2027, 9, 30)),
        ("the second half of 2027", date(2027, 7, 1), date(2027, 12, 31)),
        ("by early 2028", date(2028, 1, 1), date(2028, 4, 30)),
        ("in 2028", date(2028, 1, 1), date(2028, 12, 31)),
        ("on Nov 5", date(2000, 11, 5), date(2000, 11, 5)),
    ],
)
def test_dates_cover_the_days_they_may_mean(text: str, first: date, last: date) -> None:
    """A date is the span of days it may mean; without a year it lies in the year 2000 and says so in its unit."""
    figure = only(text)
    assert figure.kind == "date"
    assert figure.range_high is not None
    assert (date.fromordinal(int(figure.value)), date.fromordinal(int(figure.range_high))) == (first, last)
    assert figure.unit == ("day of year" if first.year == 2000 else "day")


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("8 to 10 GW", 8e9, 10e9),
        ("between 8 and 10 GW", 8e9, 10e9),
        ("8–10 GW", 8e9, 10e9),
        ("$8-10 billion", 8e9, 10e9),
        ("$8 billion to $10 billion", 8e9, 10e9),
        ("10-15%", 10.0, 15.0),
    ],
)
def test_ranges_share_their_unit(text: str, low: float, high: float) -> None:
    """A range is one figure with both ends in the unit that its text shows once."""
    figure = only(text)
    assert [figure.value, figure.range_high] == pytest.approx([low, high])


def test_a_change_is_two_figures() -> None:
    """`from X to Y` is a change, not a range."""
    assert [figure.value for figure in find("raised from 3 GW to 5 GW")] == [3e9, 5e9]
    assert [figure.value for figure in find("raised its budget from $60 to $65 billion")] == [60e9, 65e9]


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("more than 1 GW", "more than"),
        ("up to 5 GW", "up to"),
        ("at least $3 billion", "at least"),
        ("nearly 40,000 GPUs", "nearly"),
        ("~300 MW", "~"),
        ("10,000+ GPUs", "+"),
        ("500 MW or more", "or more"),
        ("reportedly 3 GW", "reportedly"),
        ("It could reach 5 GW", "could"),
        ("It has 5 GW", None),
    ],
)
def test_hedges(text: str, hedge: str | None) -> None:
    """The word that takes certainty away is found beside the figure or before it in its sentence."""
    assert only(text).hedge == hedge


def test_modal_stays_in_its_sentence() -> None:
    """A "may" in one sentence does not hedge the next; next to a quantity hedge both are kept."""
    first, second = find("It may take 3 years. The site has 5 GW.")
    assert (first.hedge, second.hedge) == ("may", None)
    (figure,) = find("It could need more than 5 GW.")
    assert (figure.hedge, figure.modal) == ("more than", "could")


@pytest.mark.parametrize(
    "text",
    ["H200 and TPU-7 beat GPT-5.5", "version 3.11.4", "Llama 4 and Blackwell 2", "open 24/7", "One of the two said so"],
)
def test_names_and_versions_are_no_figures(text: str) -> None:
    """Digits in product names, versions and idioms are not taken for figures."""
    assert find(text) == ()


def test_offsets_point_into_the_text() -> None:
    """`start` and `end` cut out what `shown` shows."""
    text = "Acme  bought about 40,000 Nvidia H200 accelerators for $1.2 billion in Q3 2027."
    for figure in find(text):
        assert " ".join(text[figure.start : figure.end].split()) == figure.shown
    assert [figure.noun for figure in find(text)] == ["accelerators", "", ""]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Les demandes dépassaient 1 900 MW.", [1.9e9]),
        ("It runs on 24 576 accelerators.", [24_576.0]),
        ("Brightwater ordered 12 300 MW turbines.", [12.0, 3e8]),
        ("Phase 2 900 MW will follow.", [9e8]),
        ("In 2027 900 MW open.", [739982.0, 9e8]),
    ],
)
def test_spaces_group_thousands_only_where_nothing_else_can_be_meant(text: str, values: list[float]) -> None:
    """A plain space joins groups of digits, but not two numbers that stand beside each other."""
    assert [figure.value for figure in find(text)] == values


def test_clock_times_are_figures() -> None:
    """04:12 and 4:12 a.m. are one time; a version or a score is none."""
    (early,), (same_time,) = find("It began at 04:12 local time."), find("It began at 4:12 a.m. local time.")
    assert (early.kind, early.value) == (same_time.kind, same_time.value) == ("clock", 252.0)
    assert find("They won 3:2 with version 4:1.") == ()


def test_mixed_currencies_stay_apart() -> None:
    """Two ends of a span in two currencies are two figures, and neither lends the other its own."""
    assert [figure.unit for figure in find("between €78 and $92 per megawatt-hour")] == ["EUR", "USD/kWh"]
