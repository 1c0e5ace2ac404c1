"""Topics: those that ship, and a channel's own. Each says what it is about, and which words give it away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from bot.errors import UserError
from bot.stories import filters
from bot.stories.lexicon import word_set
from bot.stories.sentences import words

_PUNCTUATION = ".,;:!?()[]'\"“”‘’…"
#: So many of a topic's words in a text make it certain.
SURE = 3


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
    """

    name: str
    profile: str
    terms: tuple[str, ...] = field(default=())
    units: frozenset[str] = frozenset()
    sure: int = SURE
    keywords: filters.Filter | None = None

    def found(self, stems: frozenset[str]) -> tuple[str, ...]:
        """The topic's terms that occur in a text, given by its stemmed words."""
        return tuple(term for term in self.terms if _stems(term) <= stems)


@lru_cache(maxsize=4096)
def _stems(term: str) -> frozenset[str]:
    return frozenset(words(term))


def topic(name: str, profile: str, terms: str, units: str = "") -> Topic:
    """A topic from a comma-separated list of terms; line breaks mean nothing."""
    parts = (part.strip() for part in " ".join(terms.split()).split(","))
    return Topic(name, " ".join(profile.split()), tuple(part for part in parts if part), word_set(units))


TOPICS: tuple[Topic, ...] = (
    topic(
        "Chips and accelerators",
        """
        AI accelerators and chips: GPUs, TPUs, custom silicon, chip design, foundries, process nodes, advanced
        packaging and the supply of semiconductors.
        """,
        """
        gpu, gpus, accelerator, accelerators, asic, tpu, npu, semiconductor, foundry, wafer, chiplet, packaging,
        silicon, process node, nanometre, nvidia, amd, tsmc, intel, broadcom, trainium, blackwell, rubin,
        interposer, tape-out, chip, chipmaker, lithography, asml,
        puce, semi-conducteur, halbleiter, semiconductores, chiphersteller
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
        data centre, data center, datacenter, campus, megawatt, gigawatt, mw, gw, grid, substation, interconnection,
        transformer, turbine, nuclear, reactor, power plant, power purchase, cooling, liquid cooling, electricity,
        colocation, hyperscale, battery, utility, coolant, water, litre, liter, gallon, closed loop, waste heat,
        centre de données, centre de calcul, rechenzentrum, centro de datos, stromnetz, mégawatt, datacenter
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
        cloud, gpu rental, availability zone, region, instance, capacity, coreweave, aws, azure, google cloud,
        oracle, neocloud, lambda, nebius, crusoe, reserved, on-demand, outage, gpu-hour, accelerator-hour,
        hyperscaler, compute
        """,
        "USD/h EUR/h",
    ),
    topic(
        "Training and inference systems",
        """
        Software and systems that train and serve large models: clusters, schedulers, kernels, compilers,
        checkpoints, parallelism, inference engines, latency, throughput, batching and reliability.
        """,
        """
        training run, inference, vllm, pytorch, cuda, kernel, compiler, checkpoint, prefill, decode, speculative
        decoding, kv cache, batching, throughput, latency, p99, scheduler, kubernetes, cluster, parallelism,
        pretraining, mlperf, fine-tuning, quantization, draft model, decentralised training
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
        hbm, dram, memory, bandwidth, nvlink, infiniband, ethernet, switch, optics, optical, transceiver, co-
        packaged, interconnect, fabric, cxl, pcie, nic, dpu, ssd, nand, sk hynix, micron, samsung memory, photonics,
        storage,
        speicherchip, mémoire, débit
        """,
        "B/s",
    ),
    topic(
        "Models and their serving cost",
        """
        AI models as products and what it costs to serve them: releases of language models, price per million
        tokens, context length, tokens per second and efficiency.
        """,
        """
        language model, llm, foundation model, open weights, per million tokens, token, tokens per second, context
        window, api price, price cut, parameter, mixture of experts, gpt, claude, gemini, llama, mistral, deepseek,
        qwen, distillation, benchmark, reasoning model, cost per token,
        modèle de langage, sprachmodell, modelo de lenguaje
        """,
        "USD/Mtoken EUR/Mtoken tokens/s",
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
        contract, deal, shares, investor, financing, raised, billion,
        milliards, milliarden, levée de fonds, inversión, übernahme
        """,
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
        lawsuit, ministry, trade office, senate, commission,
        exportkontrolle, contrôle des exportations, control de exportaciones
        """,
    ),
)

# Terms that too many texts of any kind hold: they support a topic but can't carry a text into the field.
WEAK_TERMS = word_set(
    """
    capacity region storage switch memory contract deal shares billion raised revenue profit forecast license licence
    commission battery utility token parameter instance compute campus export ban lawsuit loan debt investor investment
    invest stake lease reserved guidance silicon packaging senate ministry subsidy regulator contract cloud earnings
    tariff sanction funding valuation financing water litre liter gallon
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


def sentence(name: str, text: str) -> Topic:
    """A topic from a sentence: its meaning and its words.

    Raises:
        UserError: it says nothing.
    """
    terms = tuple(dict.fromkeys(token.lower().strip(_PUNCTUATION) for token in text.split() if words(token)))
    if not terms:
        raise UserError("That says nothing that could be looked for. Use words that such news would use.")
    return Topic(name, text, terms, sure=min(SURE, len(terms)))


def named(names: Iterable[str], topics: Iterable[Topic] = TOPICS) -> tuple[Topic, ...]:
    """The topics of these names, in the given order of topics; unknown names are passed over."""
    wanted = {name.casefold() for name in names}
    return tuple(topic for topic in topics if topic.name.casefold() in wanted)
