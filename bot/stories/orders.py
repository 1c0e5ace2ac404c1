"""Words in an article that speak to machines ("ignore your instructions") and not to its readers; pure.

They are data like all the rest, and nothing obeys them. But a brief that quotes them would carry them on, and a figure
in them would dispute the real one: so they are cut out of what may be cited, with the rest of their paragraph, which
is what they would have told. The stored article keeps them.
"""

from __future__ import annotations

import re
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
    rf"(?:^|[\s,.;(\"“])(?:assistants?|system|ai|llm|bot|user): (?:{_SAY}|ignore|the correct|you)\b",
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
    r"(?:指示|命令|プロンプト)[^。]{0,10}無視|(?:지시|명령|프롬프트)[^.]{0,10}무시",
)
_PATTERN = re.compile("|".join((*_ENGLISH, *_OTHERS)), re.IGNORECASE)
_PARAGRAPHS = re.compile(r"(\n[ \t\r\f\v]*\n\s*)")


# Each alternative of the pattern holds one of these; to look for them first takes a fifth of the time.
_SIGNS = tuple(
    "ignor|disregard|forget|override|<|[inst|[/inst|new instructions|note |notice |message|instruction|attention|dear"  # noqa: SIM905 fifty lines
    "|hello|hey|summar|reading |that read|processing |aggregator|assistant:|assistants:|system:|ai:|llm:|bot:|user:"
    "|brief|headline|digest|you are |decode |vergiss|vergess|missacht|hinweis|anweisung|nachricht|oubli|aux "
    "|à l'attention|olvid|atención|nota para|aviso a|negeer|забуд|игнорир|инструкци|忽略|给|助手|無視|무시".split("|")
)
_LONG_WORD = re.compile(r"[A-Za-z0-9+]{32}")
_SPELLED = re.compile(r"(?<!\S)\w \w \w \w ")


@lru_cache(maxsize=4096)
def is_order(text: str) -> bool:
    """Whether a text speaks to a machine instead of telling news, in whatever letters."""
    plain = normalise(text)
    folded = plain.lower()
    if not (any(sign in folded for sign in _SIGNS) or _LONG_WORD.search(plain) or _SPELLED.search(plain)):
        return False
    return _PATTERN.search(plain) is not None


@lru_cache(maxsize=512)
def without_orders(text: str) -> str:
    """A text without its orders to machines, and without what follows them in their paragraph.

    A text without orders comes back as it is.
    """
    if not is_order(text):
        return text
    pieces = _PARAGRAPHS.split(text)
    return "".join(piece if at % 2 else _until_order(piece) for at, piece in enumerate(pieces)).strip()


def _until_order(paragraph: str) -> str:
    if not is_order(paragraph):
        return paragraph
    for span in split(paragraph):
        if is_order(span.text):
            return paragraph[: span.start].rstrip()
    return ""  # an order that runs over several sentences
