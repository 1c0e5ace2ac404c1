"""Topics: those that ship, and a channel's own. Each says what it is about, and which words give it away."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from bot.errors import UserError
from bot.stories import filters
from bot.stories.lexicon import PRIMER, word_set
from bot.stories.sentences import words

_PUNCTUATION = ".,;:!?()[]'\"“”‘’…"
#: So many of a topic's words in a text make it certain.
SURE = 3
#: So much of a sentence's weight makes it certain, and a word in the title counts so much more. Of 427 real items the
#: mean AUROC of eight sentences is .85 so, and was .81 where all words counted alike and any three were enough.
COVERED = 0.75
TITLED = 1.25
#: Half of a sentence is less than half of what it asks for: of "memory prices" either word alone is half the field.
STEEP = 1.5


@dataclass(frozen=True, slots=True)
class Topic:
    """What a channel may follow.

    Attributes:
        name: as people see it.
        profile: one sentence; texts near it in meaning are of the topic (zero-shot, AUROC .92 with wordllama).
        terms: words and phrases that make it certain, in lower case; a phrase's words may stand in any form.
        units: units of figures that hint at it, as `Figure.unit` has them.
        sure: so many of its terms make it certain; a short sentence of a channel's own has fewer.
        keywords: instead of all that: a filter that a text passes or does not.
        within: words of the field, for a topic that every trade has ("Money and deals"): a text without any is not of
            it, and with one its weak words tell more.
        against: words of other trades with the same names of things (a gaming laptop has a GPU): a text with more of
            them than of the topic's own is not of it.
        weights: for a sentence: how much each of its terms tells, 0 to 1, in their order; usual words of the field tell
            little. Then most of them are asked for, not so many.
        without: phrases; a text that opens with all words of one is not of the topic.
    """

    name: str
    profile: str
    terms: tuple[str, ...] = field(default=())
    units: frozenset[str] = frozenset()
    sure: int = SURE
    keywords: filters.Filter | None = None
    within: frozenset[str] = frozenset()
    against: frozenset[str] = frozenset()
    weights: tuple[float, ...] = ()
    without: tuple[str, ...] = ()

    def found(self, stems: frozenset[str]) -> tuple[str, ...]:
        """The topic's terms that occur in a text, given by its stemmed words; "gpu" and "gpus" are one."""
        found: dict[frozenset[str], str] = {}
        for term in self.terms:
            if _stems(term) <= stems:
                found.setdefault(frozenset(stem.removesuffix("s") for stem in _stems(term)), term)
        return tuple(found.values())

    def covered(self, terms: tuple[str, ...], titled: frozenset[str]) -> float:
        """How much of a sentence a text covers, 0 to 1: `COVERED` of its weight is all."""
        weights = dict(zip(self.terms, self.weights, strict=True))
        got = sum(weights[term] * (TITLED if term in titled else 1.0) for term in terms)
        covered: float = min(1.0, got / (COVERED * sum(self.weights))) ** STEEP
        return covered

    def leaves_out(self, opening: frozenset[str]) -> bool:
        """Whether it does not want a text, given by the stemmed words of its title and first sentences."""
        return any(_stems(phrase) <= opening for phrase in self.without)


@lru_cache(maxsize=4096)
def _stems(term: str) -> frozenset[str]:
    return frozenset(words(term))


def topic(name: str, profile: str, terms: str, units: str = "", within: frozenset[str] = frozenset()) -> Topic:
    """A topic from a comma-separated list of terms; line breaks mean nothing."""
    parts = (part.strip() for part in " ".join(terms.split()).split(","))
    found = tuple(part for part in parts if part)
    return Topic(name, " ".join(profile.split()), found, word_set(units), within=within, against=CONSUMER)


def _stemmed(text: str) -> frozenset[str]:
    return frozenset(stem for word in word_set(text) for stem in words(word))


#: What people buy for themselves has chips, memory and batteries, too.
CONSUMER = _stemmed(
    """
    gaming gamer gamers game console consoles playstation ps5 xbox nintendo laptop laptops notebook notebooks chromebook
    smartphone smartphones phone phones iphone ipad android tablet tablets smartwatch headset headsets earbuds
    headphones tv tvs oled webcam keyboard motherboard geforce radeon rtx dlss overclock overclocking raspberry sbc
    microsd usb hdmi wifi bluetooth mini-pc desktop crowdfunding wearable wearables robotaxi movie movies netflix disney
    """
)
#: Money, deals and laws are everywhere; with one of these words they are of this field.
FIELD = _stemmed(
    """
    ai ki llm llms gpu gpus tpu tpus asic npu accelerator accelerators chip chips chipmaker chipmakers chipmaking
    semiconductor semiconductors foundry fab fabs wafer wafers hbm dram nand memory datacenter datacenters datacentre
    datacentres hyperscaler hyperscalers hyperscale neocloud cloud compute supercomputer supercomputers rechenzentrum
    rechenzentren halbleiter nvidia amd tsmc intel broadcom micron hynix asml arm marvell qualcomm huawei cerebras groq
    coreweave nebius lambda crusoe oracle aws azure equinix openai chatgpt anthropic xai deepseek mistral stargate
    inference gigawatt gigawatts megawatt megawatts mw gw capex
    """
)


#: A language model, by its own words or by a name.
LANGUAGE_MODELS = FIELD | _stemmed(
    "language token tokens parameter parameters weights gpt claude gemini llama qwen grok kimi sonnet"
)

TOPICS: tuple[Topic, ...] = (
    topic(
        "Chips and accelerators",
        """
        AI accelerators and chips: GPUs, TPUs, custom silicon, chip design, foundries, process nodes, advanced
        packaging and the supply of semiconductors.
        """,
        """
        gpu, gpus, accelerator, accelerators, asic, tpu, npu, semiconductor, foundry, wafer, chiplet, packaging,
        silicon, process node, nanometre, nvidia, amd, tsmc, intel, broadcom, trainium, blackwell, rubin, interposer,
        tape-out, chip, chipmaker, lithography, asml, puce, semi-conducteur, halbleiter, semiconductores,
        chiphersteller
        """,
        "OPS FLOPS",
    ),
    topic(
        "Data centres and power",
        """
        Data centres for AI and their electricity: campuses, megawatts and gigawatts, the grid, power plants,
        turbines, nuclear energy, cooling, water, permits and connections.
        """,
        """
        data centre, data center, datacenter, datacentre, ai infrastructure, stargate, campus, power demand,
        electricity demand, energy demand, megawatt, gigawatt, mw, gw, grid, substation, interconnection, transformer,
        turbine, nuclear, reactor, power plant, power purchase, cooling, liquid cooling, electricity, colocation,
        hyperscale, battery, utility, coolant, water, litre, liter, gallon, closed loop, waste heat, centre de
        données, centre de calcul, rechenzentrum, rechenzentren, centro de datos, stromnetz, mégawatt, datacenter
        """,
        "W Wh VA USD/kWh EUR/kWh USD/MW",
    ),
    topic(
        "Clouds and capacity",
        """
        Cloud providers and computing capacity for AI: GPU clouds, regions, rental prices of accelerators, reserved
        capacity, leases, outages and availability.
        """,
        """
        cloud, gpu rental, availability zone, region, instance, capacity, coreweave, aws, azure, google cloud, oracle,
        neocloud, lambda, nebius, crusoe, reserved, on-demand, outage, gpu-hour, accelerator-hour, hyperscaler,
        compute
        """,
        "USD/h EUR/h",
    ),
    topic(
        "Training and inference systems",
        """
        Software and systems that train and serve large models: clusters, schedulers, kernels, compilers, checkpoints,
        parallelism, inference engines, latency, throughput, batching and reliability.
        """,
        """
        training run, inference, vllm, pytorch, cuda, kernel, compiler, checkpoint, prefill, decode, speculative
        decoding, kv cache, batching, throughput, latency, p99, scheduler, kubernetes, cluster, parallelism,
        pretraining, mlperf, fine-tuning, quantization, draft model, decentralised training, distributed training,
        model training, llm serving, llm inference, model serving, straggler
        """,
        "tokens/s requests/s",
    ),
    topic(
        "Networking and memory",
        """
        Interconnects, switches, optics and memory for AI systems: high-bandwidth memory, DRAM, NVLink, Ethernet,
        InfiniBand, fabrics and storage.
        """,
        """
        hbm, dram, memory, bandwidth, nvlink, infiniband, ethernet, switch, optics, optical, transceiver, co-packaged,
        interconnect, fabric, cxl, pcie, nic, dpu, ssd, nand, sk hynix, micron, samsung memory, photonics, storage,
        hard drive, hdd, flash memory, speicherchip, mémoire, débit
        """,
        "B/s",
    ),
    topic(
        "Models and their serving cost",
        """
        AI models as products and what it costs to serve them: releases of language models, price per million tokens,
        context length, tokens per second and efficiency.
        """,
        """
        language model, llm, foundation model, open weights, per million tokens, token, tokens per second, context
        window, api price, price cut, parameter, mixture of experts, gpt, claude, gemini, llama, mistral, deepseek,
        sonnet, opus, grok, kimi, openai, anthropic, chatgpt, qwen, model, distillation, benchmark, reasoning model,
        cost per token, modèle de langage, sprachmodell, modelo de lenguaje
        """,
        "USD/Mtoken EUR/Mtoken tokens/s",
        within=LANGUAGE_MODELS,
    ),
    topic(
        "Money and deals",
        """
        Money in AI infrastructure: investments, funding rounds, acquisitions, leases, contracts, capital spending,
        debt, earnings and forecasts of companies.
        """,
        """
        invest, investment, funding, funding round, valuation, acquire, acquisition, merger, stake, ipo, bond, debt,
        loan, lease, capex, capital spending, capital expenditure, earnings, revenue, profit, forecast, guidance,
        contract, deal, shares, investor, financing, raised, billion, takeover, buyout, bond sale, joint venture,
        partnership, spend, spending, restructure, market value, stock, fiscal, quarterly, milliards, milliarden,
        levée de fonds, inversión, übernahme
        """,
        within=FIELD,
    ),
    topic(
        "Policy and export control",
        """
        Government policy on AI and chips: export controls, licences, sanctions, tariffs, subsidies, regulation,
        antitrust, permits and law.
        """,
        """
        export control, export rule, export, licence, license, sanction, tariff, subsidy, chips act, commerce
        department, entity list, regulator, antitrust, ai act, legislation, ban, blacklist, draft rule, moratorium,
        lawsuit, ministry, trade office, senate, commission, export curb, curb, restriction, crackdown, smuggling,
        entity, trade deal, exportkontrolle, contrôle des exportations, control de exportaciones
        """,
        within=FIELD,
    ),
)

# Terms that too many texts of any kind hold: they support a topic but can't carry a text into the field.
WEAK_TERMS = word_set(
    """
    capacity region storage switch memory contract deal shares billion raised revenue profit forecast license licence
    commission battery utility token parameter instance compute campus export ban lawsuit loan debt investor
    investment invest stake lease reserved guidance silicon packaging senate ministry subsidy regulator contract cloud
    earnings tariff sanction funding valuation financing water litre liter gallon outage openai anthropic chatgpt
    chatgpt opus model spend spending partnership restructure stock fiscal quarterly curb restriction crackdown entity
    shares
    """
)


def own(name: str, text: str) -> Topic:
    """A channel's own topic, from keywords or a sentence.

    Raises:
        UserError: the keywords cannot be understood, or the sentence says nothing.
    """
    if filters.is_filter(text):
        return Topic(name, text, keywords=filters.parse(text))
    return sentence(name, text)


_FILLERS = word_set(
    """
    anything everything something all any only news story stories article articles update updates item items latest
    concerning regarding related interested want wants wanted please show tell etc things stuff
    und oder aber der die das den dem des ein eine einen über von vom zu zum zur mit für aus bei im auf alles nur
    nachrichten meldungen rund um et ou les des sur dans
    """
)
_VERBS = "".join(rf"(?<!\b{verb} )" for verb in ("is", "are", "was", "were", "do", "does", "did", "will", "can", "or"))
_LEFT_OUT = re.compile(
    rf"(?:,\s*|;\s*|\s-+\s*|\s)(?:but|and|aber|und)?\s*(?:{_VERBS}not|except|excluding|other than|apart from|aside from"
    r"|leave out|ignore|nicht|außer|ausgenommen|aber ohne|aber keine?)"
    r"\s+(?:(?:about|on|for|of|with|from|any|the|its|their|anything|über|von)\s+)*",
    re.IGNORECASE,
)
_OR = re.compile(r"\s*(?:,|;|\b(?:or|and|nor|und|oder)\b(?: (?:not|nicht)\b)?)\s*", re.IGNORECASE)


def sentence(name: str, text: str) -> Topic:
    """A topic from a sentence: its meaning and its words; "…, but not about consumer GPUs" leaves those out.

    Raises:
        UserError: it says nothing, or only what is not wanted.
    """
    cut = _LEFT_OUT.search(text)
    wanted, unwanted = (text[: cut.start()], text[cut.end() :]) if cut else (text, "")
    tokens = (token.lower().strip(_PUNCTUATION) for token in wanted.split())
    terms = tuple(dict.fromkeys(token for token in tokens if words(token) and token not in _FILLERS))
    without = tuple(part for part in (part.strip(_PUNCTUATION + " ") for part in _OR.split(unwanted)) if words(part))
    if not terms and without:
        raise UserError("That says only what you do not want. Say what you do want, too: `memory supply, not gaming`.")
    if not terms:
        raise UserError("That says nothing that could be looked for. Use words that such news would use.")
    weights = tuple(max(_telling(stem) for stem in _stems(term)) for term in terms)
    return Topic(name, wanted, terms, sure=min(SURE, len(terms)), weights=weights, without=without)


def _telling(stem: str) -> float:
    """How much a word tells, by the share of this field's texts that hold it: "data" .12, "supply" .6, "lagoon" 1."""
    return (1.0 - PRIMER.get(stem, 0.0)) ** 3


def named(names: Iterable[str], topics: Iterable[Topic] = TOPICS) -> tuple[Topic, ...]:
    """The topics of these names, in the given order of topics; unknown names are passed over."""
    wanted = {name.casefold() for name in names}
    return tuple(topic for topic in topics if topic.name.casefold() in wanted)
