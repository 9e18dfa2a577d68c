"""Where the head of a document ends: what stands before its first provision, sentence, or after « Arrête : ».

The words by which heads are read stand here too: natures as acts name themselves, labels, references, visas, formulas.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.ground.names import fold
from kb.texts.files.layout import ROW
from kb.texts.readers import days
from kb.texts.readers.blocks import Block
from kb.texts.readers.marks import ARTICLE, DASH, LEVEL

# Words by which acts of a nature name themselves, the longer before the shorter.
NATURES = (
    ("circulaire", r"lettres?[\s-]circulaires?|circulaires?(?:\s+(?:inter)?minist[ée]rielle)?(?:\s+commune)?"),
    ("note", r"notes?\s+(?:de\s+service|d['’]information|d['’]instruction|technique|circulaire|juridique)|note"),
    ("instruction", r"instruction(?:\s+(?:inter)?minist[ée]rielle|\s+technique|\s+g[ée]n[ée]rale|\s+fiscale|\s+codificatrice|\s+provisoire|\s+commune)*"),
    ("ordonnance", r"ordonnance"),
    ("loi", r"loi(?:\s+organique|\s+constitutionnelle|\s+de\s+finances(?:\s+rectificative)?|\s+de\s+financement)?"),
    ("decret", r"d[ée]cret(?:-loi)?"),
    ("arrete", r"arr[êe]t[ée](?:\s+(?:inter)?(?:pr[ée]fectoral|minist[ée]riel|municipal|d[ée]partemental|pr[ée]fectoral|r[ée]gional)|\s+conjoint|\s+portant\s+r[èe]glement)*"),
    ("deliberation", r"d[ée]lib[ée]rations?"),
    ("decision", r"d[ée]cision"),
    ("avenant", r"avenant"),
    ("protocole", r"protocole(?:\s+d['’]accord)?"),
    ("convention", r"convention(?:\s+collective)?(?:\s+(?:nationale|r[ée]gionale|d[ée]partementale))?(?:[\s-]cadre)?"),
    ("accord", r"accord(?:[\s-]cadre)?(?:\s+(?:national|collectif|interprofessionnel|professionnel|de\s+branche|d['’]entreprise))*"),
    ("jugement", r"jugement|arr[êe]t(?![ée])"),
    ("avis", r"avis"),
    ("lettre", r"lettre"),
)  # fmt: skip
_NATURE = "|".join(f"(?P<{name}>{words})" for name, words in NATURES)
NUMERO = r"n\s?(?:°|º|o\b|um[ée]ro\b)\s*:?\s*"
CODE = r"[A-Za-z0-9][\w°]*(?:\s?[/\-–—.]\s?[A-Za-z0-9][\w°]*)*"
SERVICE = r"[A-Z][A-Z0-9]*(?:/[\w.-]+){1,8}"  # DGCS/SD5A/2014/123: a number without « n° »
NAMED = re.compile(
    rf"(?:\(?\s*)(?:{_NATURE})(?![\w'’])"
    rf"(?:(?:\s+(?!n\s?°|du\s|le\s|relati|portant|fixant)[^\s,;:]+){{0,7}}?\s*,?\s*{NUMERO}(?P<number>{CODE}(?:\s(?=\d|[A-Z]\s?[-\d]){CODE})*)"
    rf"|\s+(?P<service>{SERVICE}|(?:[A-Z]{{2,8}}\s)?\d{{2,4}}[/-]\d{{1,5}})(?![\w/.-]))?",
    re.I,
)
_LABELS = (
    r"objet|resume|mots?[\s-]?cles?|references?|refer\.?|ref\.?|nos? ref|vos? ref|n/ref|v/ref|textes?(?: (?:de reference|abroges?|modifies?|d'application|source|a annoter|applicables))?|"
    r"destinataires?(?: d'(?:execution|information))?|pieces? jointes?|p\.? ?j|annexes?|nombre d'annexes?|categorie|diffusion|date(?:s)?(?: \S+){0,5}|nor|rlr|"
    r"publics? concernes?|notice|entree en vigueur|affaire suivie par|dossier suivi par|tel(?:ephone)?|telecopie|fax|courriel|mel|mail|"
    r"domaines?|validee? par.*|visa\b.*|emetteurs?|pour (?:action|attribution|information|execution)|circulaires? (?:abrogees?|modifiees?)|"
    r"instructions? (?:abrogees?|modifiees?)|sous-direction|bureau|plan de classement|grille de classement|identifiant \w+|positionnement du document.*|"
    r"mise en ligne|degre de priorite|periodicite|numero|reference interne|contacts?|rappel|delais? d'application|echeance|idcc|brochure|application"
)
LABEL = re.compile(rf"(?:{_LABELS})\s*(?::|$)")
REFERENCES = re.compile(
    r"(?:references?|refer\.?|ref\.?|textes? (?:de ref|abrog|modifi|d'appl|source|appl|a ann).*|circulaires? (?:abrogees?|modifiees?)|instructions? (?:abrogees?|modifiees?)|annule\b.*|abroge\b.*|remplace\b.*|cette (?:instruction|note|circulaire|lettre) .*|modifie\b.*)(?:\s*:|\s|$)"
)
VISA = re.compile(
    r"(?:vus?|considerant|attendu|sur (?:le rapport|proposition|la proposition)|apres (?:avis|en avoir|avoir)|le conseil d'etat .*entendu|les? consultations?)\b"
)
_ENACTS = r"(?:arr[eê]te|d[eé]cr[eè]te|d[eé]cide|d[eé]lib[eè]re|ordonne|adopte)(?:nt)?"
FORMULA = re.compile(
    rf"[*_]*\s*(?:{_ENACTS}(?:\s+ce\s+qui\s+suit)?|[A-ZÀ-Ü].{{0,160}}\b{_ENACTS}(?:\s+ce\s+qui\s+suit)?\s*(?=[*_]*\s*:)|promulguent?\b.*|.*\b(?:conviennent|convenue?s?|arr[eê]t[eé])\b.*ce\s+qui\s+suit|.*dont\s+la\s+teneur\s+suit)\s*[*_]*\s*[:.]?\s*[*_]*",
    re.I | re.S,
)
SALUTATION = re.compile(r"(?:mesdames?|messieurs|madame|monsieur|m(?:es)?\.? cher)\b.*,\s*$", re.I)
_TOWN = r"[A-ZÀ-Ü][\w'’]*(?:[\s-][\w'’]+){0,4}"
_CLOSING = re.compile(rf"[*_(]*(?:[Ff][Aa][Ii][Tt]\b|[AÀaà]\s+{_TOWN},?\s+le\s+\d|{_TOWN},\s+le\s+\d)")
_SENTENCE = re.compile(r"[.:;!?»]\s*\)?$")


def body_start(blocks: Sequence[Block]) -> int:
    """The index of the first block of the body: after « Arrête : », else the first heading, article or sentence."""
    said = [i for i, block in enumerate(blocks) if block.words and not block.aside]
    for k, i in enumerate(said[:-1]):
        mark = blocks[i].mark
        if k > 120 or (mark and mark.kind in (ARTICLE, LEVEL)):
            break
        words = blocks[i].folded
        if len(words) < 220 and FORMULA.fullmatch(words) and k < max(40, 0.7 * len(said)):
            return said[k + 1]
    label = False
    for i in said:
        block, words = blocks[i], blocks[i].folded
        key = fold(words)
        if block.mark and block.mark.kind in (ARTICLE, LEVEL):
            return i
        if _opens_first(block) and not _names_itself(words):
            return i
        if label and not LABEL.match(key):
            label = False
            continue
        if LABEL.match(key) or REFERENCES.match(key):
            label = key.rstrip().endswith(":") or not re.search(r":\s*\S", key)
            continue
        if VISA.match(key) or block.role == ROW or _names_itself(words) or SALUTATION.fullmatch(words):
            continue
        if _speaks(words):
            return i
    # No sentence is long enough to open a body: the first short one does, else all of it is head.
    short = (
        i
        for i in said
        if _speaks(blocks[i].folded, 3)
        and not _names_itself(blocks[i].folded)
        and not LABEL.match(fold(blocks[i].folded))
    )
    return next(short, said[-1] + 1 if said else len(blocks))


def _opens_first(block: Block) -> bool:
    """Whether a block opens a numbered outline: I, A, 1; or is a heading of the file."""
    if block.mark and block.mark.kind != DASH and block.mark.kind != "letter" and block.mark.kind != "annex":
        return block.mark.value in ((1,), (1, 1)) and len(block.folded) < 200
    return block.level > 1 or fold(block.folded).rstrip(" :") in ("preambule", "introduction")


def _names_itself(words: str) -> bool:
    found = NAMED.match(words)
    return bool(
        found
        and (found["number"] or found["service"] or next(days.written(words[found.end() : found.end() + 60]), None))
    )


def _speaks(words: str, enough: int = 8) -> bool:
    """Whether a block is a sentence of the body: enough words, ended, not in capitals, nobody's address."""
    if words.isupper() or len(words.split()) < enough or not _SENTENCE.search(words):
        return False
    return not re.match(
        r"(?:mesdames|messieurs|madame|monsieur|mm?\.|pour (?:attribution|information)|le (?:ministre|directeur|préfet|secrétaire)\b.*\bà\s|la (?:ministre|directrice)\b.*\bà\s|\()",
        words,
        re.I,
    )


def closes(words: str) -> bool:
    """Whether a block dates a signature: « Fait à Paris, le … », « À Lyon, le … », and nothing more."""
    return _CLOSING.match(words) is not None and len(words.split()) < 16
