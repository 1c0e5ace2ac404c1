"""The words by which news says why something matters, with what each way of saying it is worth; pure.

The weights were found by reading: first this project's own articles, then sixty of other publishers on the same field.
"""

from __future__ import annotations

import re

from bot.stories.wordings import holds

CONSEQUENCES: tuple[tuple[float, str], ...] = (
    (
        3.0,
        (
            r"matters? (?:because|for|to)|(?:this|it) matters|hardly matters|matters (?:little|less|more"
            r"|most)|why (?:it|this|that) matters"
            r"|significance|significant (?:shift|step|change|implications?|consequences?|risks?|blow|boost|pressure)"
            r"|implications?|consequence"
        ),
    ),
    # What follows, in so many words.
    (
        2.2,
        (
            r"(?:which|that|this) (?:means|would mean|meant|could mean|lets?|allows?|gives?|leaves?|forces?|makes?)"
            r"|it (?:means|would mean|forces?)"
        ),
    ),
    (
        2.4,
        (
            r"adds? (?:about |some |another )?\S+ (?:\w+ )?(?:per cent |percent |% )?to the (?:cost|price|bill)"
            r"|would (?:need|require|catch|have to|more than double|cost)|no longer paid|is not (?:covered|paid)"
            r"|which is why|would have been (?:cheaper|faster|slower|costlier|impossible)"
        ),
    ),
    (2.6, r"bottleneck|choke"),
    (2.0, r"as a result|the effect|in practice|puts? pressure|shortage|constraint"),
    (1.2, r"so that"),
    # What is scarce, and who can set a price.
    (
        2.4,
        (
            r"short of|scarce|sold (?:out|everything)|fully booked|(?:is|are) full|no (?:free|spare) \w+"
            r"|no (?:rival|alternative|substitute)|sets? (?:the )?prices?|nobody but|only (?:supplier|maker|source)"
            r"|turned away|what is new is"
        ),
    ),
    # Who is hit, and who depends on whom.
    (
        1.8,
        (
            r"(?:was|were|is|are|be|been) affected|interrupt(?:s|ed|ing)|(?:is|are) the ones?|concerned"
            r"|nothing changes|makes no difference"
            r"|among its customers|customers include|makes \w+ for|supplies|relies on|rely on|depends? (?:on|only)"
            r"|(?:carries|carry|takes?|bears?) the risk|leaves? room|pays? for the"
        ),
    ),
    # What was saved or lost, and what the money is for.
    (
        2.0,
        (
            r"(?:cost|price|latency|throughput|rent|response time|power|yield)s? (?:per \w+ )?"
            r"(?:came down|went (?:up|down)|fell|has fallen|have fallen|rose|dropped|doubled|halved)"
            r"|refinanc(?:e|es|ing)|proceeds|pays? (?:\w+ )?(?:earlier|later|more|less)"
            r"|takes? \w+ (?:away )?from (?:other|its|their)"
        ),
    ),
    (
        1.6,
        (
            r"(?:the )?(?:first|largest|biggest|only|fastest|longest|smallest) (?:such|of its kind|ever"
            r"|[\w-]+ (?:since|ever|yet|of its kind|in (?:the|its|\w+ years)|to (?:be|date|use|offer)))"
        ),
    ),
    (
        1.5,
        r"could (?:cut|raise|push|delay|slow|free|lower|reduce|force|ease|squeeze|limit|let|make|help|hit|cost|be)",
    ),
    (1.4, r"would (?:cut|raise|push|delay|slow|free|lower|reduce|force|ease|squeeze|limit|let|make|add|give)"),
    # What it is a sign of, or was done for, as news desks put it.
    (
        1.8,
        (
            r"underscor(?:es?|ing)|underlin(?:es?|ing)|highlight(?:s|ing)? (?:how|that|the|a)|illustrat(?:es"
            r"|ing) (?:how|that|the|a)"
            r"|a sign (?:of|that)|signals? (?:that|an?|the)|signal(?:l)?ing|reflect(?:s|ing) (?:an?|the|how"
            r"|that|continued|growing)"
            r"|show(?:s|ing)? (?:how|that)|marks? (?:the|an?) (?:\w+ ){0,3}(?:shift|step|turn|reversal"
            r"|departure|change)"
            r"|paves? the way|sets? the stage|opens? the door|effectively (?:\w+s|ends?|bans?)|shift (?:away )?from"
        ),
    ),
    (
        2.0,
        (
            r"(?:aim(?:s|ed|ing)?|intended|designed|meant) (?:at|to) (?:\w+ ){0,2}?(?:prevent|reduc|eas|cut|secur|limit"
            r"|protect|speed|diversif|keep|lower|meet|help|stop|curb|guard)\w*"
            r"|(?:reduc|lessen|lower|cut)\w* (?:\w+ ){0,2}(?:reliance|dependence|power consumption|latency"
            r"|costs?|risks?)"
            r"|(?:give|provide)s? [^.]{3,40} (?:leverage|an edge|access|visibility|certainty|an advantage)"
        ),
    ),
    # What there is too little of, and what stands in the way.
    (
        1.8,
        (
            r"tight(?:er|ening)? (?:supply|supplies|capacity|market|conditions)|supply (?:constraints?|crunch)"
            r"|in (?:critically )?short supply|wait times?|longer waits?|(?:cannot|can't"
            r"|could not) (?:keep up|wait|meet|bridge)"
            r"|keep (?:up|pace) with|outstrip\w*|race to|competing for|scrambl\w+|(?:un)?proven|hurdles?"
            r"|not yet (?:built|proven)"
            r"|pos(?:es?|ing) (?:an? )?(?:\w+ )?(?:risks?|threat|challenge)|threat(?:ens?)? to|strain(?:s|ed|ing)?\b"
            r"|question(?:s|ed)? whether|shift(?:s|ing)? (?:the )?costs?"
        ),
    ),
    (
        1.5,
        (
            r"(?:allow|enabl)ing (?:\w+ ){1,4}to|key (?:supplier|customer|driver|part|input|component)"
            r"|main supplier|(?:would|could) help"
            r"|(?:critical|crucial|essential) (?:to|for|because|bottleneck|components?|parts?|shortage)"
            r"|analysts? (?:\w+ ){0,6}(?:expect|predict|warn|estimate)\w*|driven by"
            r"|expects? [^.]{3,60} (?:demand|shortages?|to double)|demand [^.]{3,60} (?:will|to) (?:\w+ )?(?:rise|grow"
            r"|double|persist|continue|exceed)|beneficiar(?:y|ies)"
        ),
    ),
    (0.9, r"enough (?:\w+ )?to (?:power|run|supply|train|serve)|(?:could|can) power (?:\w+ )?[\d,]+|because"),
    # How it compares: with before, with others, with the whole.
    (
        1.6,
        (
            r"(?:(?:half|thirds?|quarters?|times|fold) (?:of|the|as|what|that)|twice (?:as|what))"
            r"|(?:smaller|larger|bigger|higher|lower|faster|slower|cheaper|dearer|fewer) than"
            r"|against (?:about |some |around )?\d[\d.,]*|up from \d[\d.,]*|down from \d[\d.,]*"
            r"|of (?:all )?the (?:spending|market|world's|demand|arithmetic)|of what the"
        ),
    ),
    (
        1.2,
        (
            r"cheaper|costlier|cost of|price(?:s|d)? (?:of|for|per)|per (?:token|megawatt|watt|hour|rack|dollar|bit)"
            r"|capacity|lead time|liquid cooling"
        ),
    ),
    (
        1.0,
        r"customers?|buyers?|operators?|tenants?|developers|rivals?|competitors?|supply|queue|wait|depend|risk|exposed",
    ),
    (
        1.0,
        (
            r"than (?:before|any|its|the previous|today|last|they used)|compared with|instead of|rather than|no longer"
            r"|different product|what (?:customers|buyers|operators)"
        ),
    ),
)
_ANY = holds(rf"\b(?:{'|'.join(ways for _, ways in CONSEQUENCES)})\b")
_EACH = tuple((weight, holds(rf"\b(?:{ways})\b")) for weight, ways in CONSEQUENCES)
SECTION = re.compile(
    r"matters?|means?|mean for|impact|implication|so what|bottom line|takeaway|significance|big picture"
    r"|important|importance|consequence|at stake|upshot"
)
FIELD_WORDS = re.compile(
    r"\b(?:chips?|semiconductors?|gpus?|tpus?|accelerators?|hbm|d?ram|memory|wafers?|fabs?|foundry|data.?cent(?:er|re)s?"
    r"|cloud\w*|servers?|racks?|clusters?|comput(?:e|ing)|ai|artificial intelligence|models?|inference|training|tokens?"
    r"|megawatts?|gigawatts?|\d[\d.,]*\s?[mg]w|grid|reactors?|turbines?|power|electricity|interconnects?|optics|optical"
    r"|bandwidth|latency|throughput|p99|network\w*|hyperscal\w+|outages?|[a-z]{1,2}\d{3,4}s?)\b",
    re.IGNORECASE,
)


def stated(text: str) -> float:
    """What the ways in which a sentence says why something matters are worth together; 0 if it says nothing of it."""
    return sum(weight for weight, found in _EACH if found(text)) if _ANY(text) else 0.0
