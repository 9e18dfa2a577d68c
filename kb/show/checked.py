"""A checked draft for people and machines: the terminal, SARIF, an HTML page, comments in Word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING

from kb.ask.check import WRONG
from kb.ask.reports import CheckAnswer, CitationChecked, QuotationChecked
from kb.ground.fault import Misuse
from kb.ground.names import iri

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

    from kb.texts.files import Extraction

Checked = CitationChecked | QuotationChecked

#: Each verdict in words, the wrong ones first.
SAID = {
    "inexistant": "n'existe pas", "abroge": "abrogé", "pas_encore": "pas encore en vigueur", "fragment_absent": "portion absente",
    "date_contredite": "date contredite", "date_seule": "date seule", "ambigu": "ambigu", "modifie": "modifié depuis", "perdue": "citation introuvable",
    "autre_version": "mots d'une autre version", "proche": "citation approchée", "en_vigueur": "en vigueur", "exacte": "citation exacte",
    "identite_seule": "identité seule", "non_couvert": "non couvert",
}  # fmt: skip


def findings(answer: CheckAnswer) -> list[Checked]:
    """Citations and quotations, in the order of the draft."""
    every: list[Checked] = [*answer["citations"], *answer["quotations"]]
    return sorted(every, key=lambda c: (c["start"], c["end"]))


def sentence(c: Checked) -> str:
    """What is said of a finding, on one line."""
    words = SAID[c["verdict"]]
    since, successor = c.get("since"), c.get("successor")
    if c["verdict"] == "abroge" and since and not c["note"]:
        words += f" depuis le {since}"
    if c["note"]:
        words += f" — {c['note']}"
    if successor and str(successor) not in words:
        words += f" → {successor}"
    return words


def lines(answer: CheckAnswer) -> Iterator[str]:
    """The draft in the terminal: what is wrong first, each verdict together, then the counts."""
    every = findings(answer)
    wrong = [c for c in every if c["verdict"] in WRONG]
    yield f"{answer['file']} au {answer['at']} : {len(wrong)} à revoir, sur {len(every)} citations"
    for verdict, words in SAID.items():
        own = [c for c in wrong if c["verdict"] == verdict]
        if own:
            yield f"  {words}"
        for c in own:
            yield f"    {c['place']} : « {' '.join(c['quote'].split())[:100]} »{_target(c)}"
            told = sentence(c).partition(" — ")[2] or sentence(c)
            yield f"      {told}"
    yield "  " + ", ".join(f"{count} {SAID[verdict]}" for verdict, count in answer["summary"].items())


def _target(c: Checked) -> str:
    return f" [{c['target']}]" if c["target"] else ""


def sarif(answers: Sequence[CheckAnswer]) -> dict[str, object]:
    """SARIF 2.1.0: a result for each finding that is wrong, by characters of the extracted text."""
    rules = [
        {"id": verdict, "shortDescription": {"text": words}} for verdict, words in SAID.items() if verdict in WRONG
    ]
    results = [
        {
            "ruleId": c["verdict"],
            "level": "warning" if c["verdict"] in ("modifie", "date_seule", "ambigu", "proche") else "error",
            "message": {"text": f"« {' '.join(c['quote'].split())} » : {sentence(c)} ({c['place']})"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": answer["file"]},
                        "region": {"charOffset": c["start"], "charLength": c["end"] - c["start"]},
                    }
                }
            ],
        }
        for answer in answers
        for c in findings(answer)
        if c["verdict"] in WRONG
    ]
    driver = {"name": "renvoi", "rules": rules}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }


_STYLE = """body{font:16px/1.6 Georgia,serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1d1d1f;background:#fff}
pre{white-space:pre-wrap;font:inherit}mark{background:#e8f3e8;color:inherit;border-bottom:2px solid #2e7d32}mark.wrong{background:#fdecea;border-color:#b3261e}
a{color:inherit}small{display:block;margin:.2rem 0 .6rem;padding:.2rem .6rem;border-left:3px solid #b3261e;font:14px/1.4 system-ui,sans-serif}
table{border-collapse:collapse;font:14px system-ui,sans-serif}td{padding:.1rem .8rem .1rem 0}"""


def html(answer: CheckAnswer, text: str) -> str:
    """The draft as one page that asks for nothing else: its citations marked, what is wrong said below them."""
    parts, at = [], 0
    for c in findings(answer):
        if c["start"] < at:
            continue
        wrong = c["verdict"] in WRONG
        words = escape(text[c["start"] : c["end"]])
        link = f'<a href="{escape(iri(str(c["target"])))}">{words}</a>' if c["target"] else words
        parts.append(escape(text[at : c["start"]]))
        parts.append(f'<mark class="{"wrong" if wrong else "good"}" title="{escape(sentence(c))}">{link}</mark>')
        if wrong:
            parts.append(f"<small>{escape(sentence(c))}</small>")
        at = c["end"]
    parts.append(escape(text[at:]))
    rows = "".join(
        f"<tr><td>{count}</td><td>{escape(SAID[verdict])}</td></tr>" for verdict, count in answer["summary"].items()
    )
    title = f"{answer['file']} au {answer['at']}"
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style></head>'
        f"<body><h1>{escape(title)}</h1><table>{rows}</table><pre>{''.join(parts)}</pre></body></html>\n"
    )


def docx(answer: CheckAnswer, found: Extraction, data: bytes) -> bytes:
    """A copy of a Word draft, each finding that is wrong as a comment on its paragraph. Raises ``Misuse`` for another kind of file."""
    if not data.startswith(b"PK") or b"word/" not in data:
        raise Misuse("--docx wants a Word draft")
    try:
        from docx import Document
        from docx.oxml.ns import qn
        from docx.text import paragraph as word
    except ImportError:
        from kb.texts.files.guard import missing

        raise missing("python-docx") from None
    document = Document(BytesIO(data))
    body = document.element.body
    paragraphs = [word.Paragraph(element, document) for element in body.iter(qn("w:p"))]
    at = 0
    for c in findings(answer):
        if c["verdict"] not in WRONG:
            continue
        words = "".join(c["quote"].split())
        order = [*range(at, len(paragraphs)), *range(at)]
        rank = next((i for i in order if words in "".join(paragraphs[i].text.split())), None)
        if rank is None:
            continue
        at = rank
        runs = _runs(paragraphs[rank], words)
        if runs:
            document.add_comment(
                runs=runs, text=f"« {' '.join(c['quote'].split())} » : {sentence(c)}", author="Renvoi", initials="R"
            )
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _runs(paragraph: Paragraph, words: str) -> list[Run]:
    """The runs of a paragraph that hold *words*, white space apart."""
    runs = [run for run in paragraph.runs if run.text]
    flat, places = "", []
    for run in runs:
        own = "".join(run.text.split())
        places.append((len(flat), len(flat) + len(own), run))
        flat += own
    start = flat.find(words)
    return runs if start < 0 else [run for a, b, run in places if a < start + len(words) and b > start]
