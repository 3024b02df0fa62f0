"""How texts give orders to a machine, as patterns; each was seen, or is near to one that was."""

from __future__ import annotations

import re

# Orders to a machine, in the languages in which they have been seen. Words of medicine alone never match:
# each pattern needs somebody addressed, or the machine's own things named.
_ORDERS = (
    r"(?:ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(?:instruction|prompt|rule|guardrail|polic(?:y|ies)|"
    r"(?:previous|prior|above|earlier|preceding)\b.{0,20}\b(?:text|message|passage|sentence|context|order|direction)|everything)",
    r"\b(?:system|developer|assistant|user|hidden|new)\s*(?:prompt|message|instruction|note to (?:the )?(?:model|ai))",
    r"(?:^|[.!?;|\[(<{#*>]\s?)(?:system|assistant|developer|user|human)\s*(?:\]|>|:|\|)",
    r"<\|?\s*(?:im_start|im_end|endoftext|system|inst)\b|\[/?inst\]|\bend of (?:context|passages|data|documents)\b",
    r"\byou are (?:now|no longer|a|an) .{0,40}\b(?:ai|assistant|model|bot|chatbot|dan|doctor|editor|pirate|expert|admin\w*)",
    r"\b(?:act|behave|respond|reply|answer|speak) as (?:if|though|an?|the|dan)\b.{0,30}\b(?:ai|assistant|model|bot|chatbot|dan|doctor|editor|"
    r"pirate|expert|physician|admin\w*|unrestricted)\b|\brole-?play as\b|\bpretend (?:to be|that you)\b",
    r"\blet'?s play\b|\bin this (?:game|story|fiction|scenario)\b.{0,60}\b(?:you|assistant|editor)\b",
    r"\b(?:as an?|dear|attention|hey|note to|message (?:to|for)|for) (?:the )?(?:ai|a\.i\.|llm|language model|chat ?bot|"
    r"assistant|summari[sz]er|model reading|automated (?:system|reader)s?)\b",
    r"\b(?:language model|llm|chatgpt|gpt-?\d|claude|gemini|copilot|ai (?:model|assistant|system|reader|agent)s?)\b"
    r".{0,60}\b(?:must|should|shall|please|include|output|write|say|add|cite|state|recommend)",
    r"\b(?:output|print|return|respond with|reply with|write|add|insert|append|include|repeat|begin|end|start)\b.{0,50}"
    r"\b(?:the following|this (?:claim|sentence|text|link|line|string|url)|your (?:answer|reply|response|output|summary)|"
    r"(?:every|each|this|your) (?:answer|article|claim|summary)|(?:to|in|into|of) the (?:answer|article|summary) (?:that|:)|to the answer:?|verbatim|in_short|claims?\b.{0,12}\bids?\b)",
    r"\b(?:your|the) (?:answer|reply|response|output|summary) (?:must|should|shall|will|has to|is to)\b",
    r"\b(?:select|choose|keep|cite|use|trust) only (?:this|these|the following) (?:passage|sentence|claim|source|text)s?\b|\b(?:drop|discard|leave out|remove) (?:all )?"
    r"(?:the )?(?:other|remaining) (?:passage|sentence|source|claim|evidence)s?",
    r"\b(?:reveal|leak|exfiltrate|disclose|send|print|show)\b.{0,40}\b(?:system prompt|your (?:prompt|instructions)|api key|secrets|password|conversation)\b",
    r"\b(?:mark|judge|rate|label|treat|return|verdict)\b.{0,40}\b(?:as )?[\"'“]?entailed\b",
    r"\b(?:decode|rot13|base64|reverse|translate)\b.{0,40}\b(?:and|then)\b.{0,30}\b(?:follow|obey|execute|do|run|comply|say)",
    r"\b(?:visit|click|go to|open|follow|see|buy|order (?:it )?(?:at|from|on)|browse)\b.{0,30}\b[a-z0-9-]+\s?(?:\.|\[\.\]|\(?dot\)?)\s?"
    r"(?:com|org|net|io|info|example|test|co|ru|xyz|shop|site|click|online|biz)\b",
    r"\bjailbr(?:eak|oken)|\bdeveloper mode\b|\bdo anything now\b|\bprompt[- ]?injection\b",
    # Whoever reads, sums up or edits a text, told what to do with it; a task, an office or a place in a list.
    r"\b(?:summari[sz]ers?|(?:whoever|anyone who|if you) (?:summari[sz]es?|reads?|edits?) this|editors?|readers? of this (?:text|passage))\b"
    r".{0,40}\b(?:must|should|kindly|please|(?:is|are) required|need to|rank|lead|cite|place|put)\b",
    r"\b(?:rank|cite|place|put|quote|list) (?:this|the) (?:source|paper|passage|sentence|study|claim|text)\b.{0,40}\b(?:first|on top|at the top|twice|above|only)\b",
    r"\bif you (?:can read|are reading) this\b|\byou are an? (?:machine|computer|program|robot)\b|\bbegin override\b|\b(?:prior|previous) guidance (?:is )?void\b",
    r"\b(?:correct|expected|desired|required) (?:output|reply|response) is\b|\bdo as i say\b|\byour (?:new )?task (?:is|has|now)\b",
    r"\bfrom now on,? you\b|\byou will (?:now |only )?(?:answer|reply|respond|write|output)\b|\bas (?:the|your) (?:administrator|developer|operator|owner),? i\b"
    r"|\bi authori[sz]e you\b",
    r"\b(?:omit|stop reading|ignore|discard|skip|distrust|disregard)\b.{0,20}\bother (?:stud(?:y|ies)|documents?|sources?|passages?|texts?)\b",
    r"[\"'](?:role|content|system)[\"']\s*:|#{2,}\s*(?:instruction|system|response|input|task)s?\b",
    r"\b(?:sprachmodell\w*|ki-?(?:modell|assistent)\w*|mod[eè]le de langage|modelo de (?:lenguaje|linguagem)|modello linguistico|taalmodel|"
    r"model\w* j[eę]zykow\w*|spr[åa]kmodell\w*|dil modeli)\b|\b(?:para la|pour l'|per l'|[àa] l')ia\b",
    # German, French, Spanish, Italian, Portuguese, Dutch, Polish, Turkish, Swedish
    r"\b(?:ignorier\w*|missacht\w*|vergiss)\b.{0,50}\b(?:anweisung\w*|anleitung\w*|regeln|vorgaben)",
    r"\b(?:ignore[zr]?|oublie[zr]?|ne tene?z pas compte)\b.{0,50}\b(?:instructions?|consignes|règles|regles)",
    r"\b(?:ignor[ae]\w*|olvid[ae]\w*|haz caso omiso)\b.{0,50}\b(?:instrucciones|reglas|indicaciones)",
    r"\b(?:ignora\w*|dimentica\w*)\b.{0,50}\b(?:istruzioni|regole)",
    r"\b(?:ignor[ea]\w*|esque[çc]a\w*)\b.{0,50}\b(?:instru[çc][õo]es|regras)",
    r"\b(?:negeer|vergeet)\b.{0,50}\b(?:instructies|regels|aanwijzingen)",
    r"\b(?:zignoruj|zapomnij|pomi[ńn])\b.{0,50}\b(?:instrukcj\w*|polece\w*|zasad\w*)",
    r"\btalimatlar\w*\b.{0,40}\b(?:yok say|g[öo]rmezden|unut)",
    r"\b(?:ignorera|gl[öo]m)\b.{0,50}\b(?:instruktion\w*|regler\w*)",
)  # fmt: skip
# Scripts in which words have no such boundaries, or which are read before look-alikes are made Latin.
FOREIGN = re.compile(
    "не обращай(?:те)? внимания.{0,30}(?:инструкц|указан|предыдущ)|игнорируй|проигнорируй|забудь.{0,40}(?:инструкц|указан|правил)|(?:忽略|無視|无视).{0,20}(?:指示|指令|说明|規則|规则|提示|上文|前文|以上)|"
    "無視.{0,10}(?:して|し)|(?:指示|命令|指令).{0,10}無視|이전.{0,10}(?:지시|명령).{0,10}무시|تجاهل.{0,40}(?:تعليمات|التعليمات|أوامر)|"
    "(?:निर्देश|निर्देशों).{0,30}(?:अनदेखा|नज़रअंदाज़)|התעלם.{0,30}הוראות|bỏ qua.{0,30}(?:hướng dẫn|chỉ dẫn)|"
    "αγνό\\w*.{0,30}οδηγί|ignoruj.{0,30}(?:pokyny|instrukce)",
    re.IGNORECASE,
)
ORDER = re.compile("|".join(f"(?:{pattern})" for pattern in _ORDERS), re.IGNORECASE | re.DOTALL)
