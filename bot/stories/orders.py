"""Words in an article that speak to machines ("ignore your instructions") and not to its readers; pure.

They are data like all the rest, and nothing obeys them. But a brief that quotes them would carry them on, and a figure
in them would dispute the real one: so they are cut out of what may be cited, with the rest of their paragraph, which
is what they would have told. The stored article keeps them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.stories.sentences import normalise, split

_MACHINES = (
    r"(?:(?:ai |digital |virtual |automated |automatic )?(?:assistants?|chat ?bots?|bots?|crawlers?|summari[sz]ers?"
    r"|aggregators?|readers?|agents?|systems?|tools?)|ai|a\.i\.|llms?|(?:large )?language models?)"
)
_ALL = r"(?:all|any|your|these|the above|above|previous|prior|earlier|preceding)"
_MODEL = r"(?: (?:systems?|models?))?"
_SAY = r"(?:say|state|write|report|mention|include|add|post|reply|answer|use|omit|describe|repeat|tell|output)"
_READERS = r"(?:(?:ai |virtual )?(?:assistants?|chat ?bots?|summari[sz]ers?)|ai|llms?|language models?)"
_WHAT = r"(?:page|text|article|story|feed|notice|(?:must|should|shall|has to|please)\b|[,:])"
_MUST = r"(?:must|should|shall|has to|is to)"
_BRIEF = r"(?:brief|summary|headline|digest)"
_ENGLISH = (
    rf"\b(?:ignore|disregard|forget|override)\b[^.!?]{{0,24}}\b{_ALL}\b[^.!?]{{0,24}}\b(?:instructions?|prompts?)\b",
    r"<\|\w+\|?>|</?(?:system|assistant|user|instructions?)>|\[/?inst\]|\bnew instructions:",
    rf"\b(?:note|notice|message|instructions?|attention) (?:to|for) (?:all |any |the )?{_MACHINES}{_MODEL} ?[:,–—-]",
    rf"\b(?:dear|hello|hey|attention),? (?:all |any )?{_MACHINES}[,:!]",
    r"\bfor (?:automated|automatic|ai|machine)[ -](?:generated )?summar\w+",
    rf"\b{_READERS}(?: \w+)? (?:reading|that reads?|processing|summari[sz]ing) (?:this|the) ?{_WHAT}",
    rf"\b(?:summari[sz]ers?|aggregators?)(?: \w+){{0,2}} {_MUST} (?:\w+ ){{0,2}}{_SAY}\b",
    (
        rf"(?:^|[\s,.;(\"“])(?:assistants?|system|ai|llm|bot|user|human|developer|model)(?: message)?:"
        rf" (?:{_SAY}|ignore|forget|sure\b|okay|set|mark|from now|the (?:correct|output)|you)\b"
    ),
    r"[\"']role[\"'] ?: ?[\"'](?:system|assistant|user|tool|developer)\b",
    r"[\"'](?:quotes|text|what|why|headline|facts|answerable)[\"'] ?: ?[\[{\"']|<<<\s?source|\b[0-9a-f]{6,}>>>",
    r"\bsystem prompt\b[^.!?]{0,24}[:=]|-{2,} ?(?:new|next) (?:task|instructions?|prompt)|\bnew task:",
    r"\b(?:set|put|leave|lay) aside (?:all|everything|anything|whatever)\b[^.!?]{0,24}\b(?:you|told|instruct)",
    r"\bfrom now on,? (?:every|all|any|each|your) (?:summar\w+|briefs?|answers?|repl(?:y|ies)|outputs?|posts?)\b",
    (
        r"\ba (?:good|correct|proper|perfect|faithful) (?:summary|headline|brief) (?:of|for) (?:this|the)"
        r" (?:article|page|story|text|piece|post|above) "
        r"(?:reads|is|says|would)\b"
    ),
    r"\b(?:when|while|before|if you are) summari[sz]ing (?:this|the) (?:text|article|page|story|document)\b",
    r"(?:^|[.!?]\s)do not summari[sz]e\b|\bfor (?:all )?(?:bots|machines|llms|chatbots|crawlers|summari[sz]ers) ?:",
    rf"\b(?:robots|crawlers|scrapers|bots)(?: and \w+)? {_MUST} (?:say|state|write|report|repeat|output|quote)\b",
    (
        r"\b(?:chatgpt|claude|gemini|copilot|perplexity|grok)\b[^.!?:]{0,32}:"
        r" (?:when|please|if|always|you|say|answer|report|write)\b"
    ),
    (
        r"\bmark (?:this|every|all|any)(?: other)? (?:story|article|report)\w*\b[^.!?]{0,40}"
        r"\bas (?:confirmed|verified|disputed|true)\b"
    ),
    r"<[!@#][A-Za-z][\w^|-]*>",  # Slack's mentions
    rf"\bthe (?:correct )?{_BRIEF}(?: of (?:this|every|any) \w+)? (?:{_MUST} (?:\w+ )?(?:read|{_SAY})\b|is [\"“'])",
    r"\byou are (?:now |an? |the )+(?:\w+bot|ai|assistant|helpful assistant|language model)\b",
    r"\bdecode (?:this|the following)(?: text| message)?(?: and|:)",
    r"\b(?=[A-Za-z+]*\d)(?-i:(?=\w*[a-z])(?=\w*[A-Z])[A-Za-z0-9+]{32,}={0,2})",  # base64
    r"(?:(?<!\S)[^\W\d_] ){8,}",  # s p e l l e d, so that no filter reads it
)
_ALLE = r"(?:alle|deine|ihre|diese|bisherigen|vorherigen)"
# German, French, Spanish, Italian and Portuguese, Dutch, Russian, Chinese, Japanese, Korean
_OTHERS = (
    rf"\b(?:ignorier|vergiss|vergess|missacht)\w*\b[^.!?]{{0,24}}\b{_ALLE}\b[^.!?]{{0,24}}\b(?:anweisung|instruktion|befehl)",
    r"\b(?:hinweis|anweisung|nachricht)\w* (?:für|an) (?:alle |die )?(?:ki|ai|llm|sprachmodell|assistent)[\w-]*",
    r"\b(?:ignor|oubli)\w+ (?:toutes |tous )?(?:vos|tes|les|ces) (?:instructions|consignes)\b",
    r"\b(?:aux|note aux|à l'attention des) (?:systèmes d'ia|assistants ia|modèles de langage) ?[:,]",
    r"\b(?:ignor|olvid)\w+ (?:todas )?(?:las|tus|sus|estas) (?:instrucciones|indicaciones|órdenes)\b",
    r"\b(?:atención|nota para|aviso a),? (?:los |el )?(?:modelos? de lenguaje|asistentes? de ia)\b",
    r"\bignor\w+ (?:tutte )?(?:le|as|todas as) (?:istruzioni|instruções)\b|\bnegeer (?:alle )?\w* ?instructies\b",
    r"\b(?:игнорир|забуд)\w+[^.!?]{0,30}(?:указани|инструкци)\w*|\bинструкци\w+ для (?:ии|модел|ассистент)\w*",
    r"忽略[^。]{0,20}(?:指令|指示|说明|提示)|给(?:人工智能|语言模型)|(?:人工智能|语言模型)助手(?:请|必须|注意)",
    r"تجاهل[^.!?؟]{0,40}(?:التعليمات|الأوامر|الإرشادات)|निर्देश[^।.!?]{0,40}(?:अनदेखा|नज़रअंदाज़|भूल)",
    r"\b(?:z?ignoruj|pomiń)\w*[^.!?]{0,30}(?:instrukcj|polece)\w*",
    r"\b(?:talimat|komut)\w*[^.!?]{0,24}(?:yok say|görmezden|unut)",
    r"(?:ігноруй|забудь)\w*[^.!?]{0,30}(?:вказівк|інструкці)|\b(?:ignorera|ignorer)\b[^.!?]{0,24}(?:instru|anvis)",
    r"\babaikan\b[^.!?]{0,24}(?:instruksi|perintah)|bỏ qua[^.!?]{0,24}(?:chỉ dẫn|hướng dẫn|lệnh)",
    r"(?:指示|命令|プロンプト)[^。]{0,10}無視|(?:지시|명령|프롬프트)[^.]{0,10}무시",
)
_PATTERN = re.compile("|".join((*_ENGLISH, *_OTHERS)), re.IGNORECASE)
_PARAGRAPHS = re.compile(r"(\n[ \t\r\f\v]*\n\s*)")


# Each alternative of the pattern holds one of these; to look for them first takes a fifth of the time.
_SIGNS = tuple(
    "ignor|disregard|forget|override|<|[inst|[/inst|new instructions|note |notice |message|instruction|attention|dear"  # noqa: SIM905 fifty lines
    "|hello|hey|summar|reading |that read|processing |aggregator|assistant:|assistants:|system:|ai:|llm:|bot:|user:"
    "|brief|headline|digest|you are |decode |vergiss|vergess|missacht|hinweis|anweisung|nachricht|oubli|aux "
    '|role|"quotes|"text|"what|"why|"facts|"answerable|\'quotes|\'text|\'what|>>>|system prompt|new task'
    "|next task|next in|aside |from now on|robots|crawlers|scrapers|bots|chatgpt|claude|gemini|copilot|perplexity"
    "|grok|mark this|mark every|mark a|human:|developer|model:|machines:|تجاهل|निर्देश|pomiń"
    "|talimat|komut|ігноруй|забудь|abaikan|bỏ qua"
    "|à l'attention|olvid|atención|nota para|aviso a|negeer|забуд|игнорир|инструкци|忽略|给|助手|無視|무시".split("|")
)
_LONG_WORD = re.compile(r"[A-Za-z0-9+]{32}")
_SPELLED = re.compile(r"(?<!\S)\w \w \w \w ")


@lru_cache(maxsize=4096)
def is_order(text: str) -> bool:
    """Whether a text speaks to a machine instead of telling news, in whatever letters."""
    plain = normalise(_written_out(text))
    return _speaks_to_machines(plain) or any(_speaks_to_machines(other) for other in _disguised(plain))


def _speaks_to_machines(plain: str) -> bool:
    folded = plain.lower()
    if not (any(sign in folded for sign in _SIGNS) or _LONG_WORD.search(plain) or _SPELLED.search(plain)):
        return False
    return _PATTERN.search(plain) is not None


_TAGS = re.compile("[\U000e0020-\U000e007e]")
_LOOK_ALIKE = str.maketrans(
    "аеорсухіјѕԁһӏАВЕКМНОРСТХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧαειοκνρτυχ", "aeopcyxijsdhlABEKMHOPCTXIJSABEZHIKMNOPTYXaeioknptux"
)
_FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_DIGIT_INSIDE = re.compile(r"(?<=[a-z])[013457@$](?=[a-z])|\b[013457@$](?=[a-z]{2})", re.IGNORECASE)
_DIGITS = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"}


def _written_out(text: str) -> str:
    """A text with the invisible twins of ASCII letters (Unicode's tags) as letters."""
    return text if text.isascii() else _TAGS.sub(lambda found: chr(ord(found[0]) - 0xE0000), text)


def _disguised(plain: str) -> Iterator[str]:
    """A text with letters of other scripts, or digits within words, as the Latin letters that they look like."""
    if not plain.isascii() and _FOREIGN.search(plain):
        yield plain.translate(_LOOK_ALIKE)
    if _DIGIT_INSIDE.search(plain):
        yield _DIGIT_INSIDE.sub(lambda found: _DIGITS[found[0]], plain)


@lru_cache(maxsize=512)
def without_orders(text: str) -> str:
    """A text without its orders to machines, and without what follows them in their paragraph; forged marks end it.

    A text without orders comes back as it is.
    """
    if not is_order(text):
        return text
    kept: list[str] = []
    for at, piece in enumerate(_PARAGRAPHS.split(text)):
        kept.append(piece if at % 2 else _until_order(piece))
        if _FORGED.search(piece):
            break
    return "".join(kept).strip()


# Where a text poses as the end of our fence, as another message or as an answer of ours, all that follows does, too.
_FORGED = re.compile(
    r"<\|\w+\|?>|\[/?inst\]|[\"']role[\"'] ?: ?[\"'](?:system|assistant|user|tool|developer)\b|<<<\s?source"
    r"|\b[0-9a-f]{6,}>>>|\]\s*,\s*[\"'](?:quotes|text|what|why|headline|facts)[\"'] ?:"
    r"|-{2,} ?new (?:task|instructions?)",
    re.IGNORECASE,
)


def _until_order(paragraph: str) -> str:
    if not is_order(paragraph):
        return paragraph
    for span in split(paragraph):
        if is_order(span.text):
            return paragraph[: span.start].rstrip()
    return ""  # an order that runs over several sentences
