"""A corpus folder as a container of law: its files are stated like the members of any other, its registry and rules beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kb.ground.data import folder as packaged
from kb.ground.fault import Fault, Misuse
from kb.ground.names import act_id, slug
from kb.ground.period import Edge, stated_days
from kb.ground.registry import Registry, read_registry
from kb.texts.containers.records import Container, Record, Records, Statement
from kb.texts.readers import article_md
from kb.texts.source import Source, read_sources
from kb.texts.tree import Node

CORPUS = "corpus"  # the container's id
SEED = "seed"  # the authority that a source of the corpus is itself


@dataclass
class Corpus:
    """What a corpus folder holds, read: its sources, its registry, and what was wrong with them."""

    folder: Path
    registry: Registry
    sources: list[Source] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Where its files are; empty for the packaged corpus, wherever it is installed."""
        return "" if self.folder.resolve() == packaged("corpus").resolve() else str(self.folder.resolve())

    @property
    def container(self) -> Container:
        return Container(CORPUS, "corpus", "Les documents de ce corpus", "", self.folder.resolve().name)


def read_corpus(folder: Path) -> Corpus:
    """Read the files of *folder*. Raises ``Misuse`` when it is no corpus folder; everything else is a fault."""
    if not folder.is_dir():
        raise Misuse(f"{folder}: {'not a corpus folder' if folder.exists() else 'no such folder'}")
    if not (folder / "sources").is_dir():
        raise Misuse(f"{folder}: not a corpus folder, it has no sources/")
    registry, faults = read_registry(folder)
    corpus = Corpus(folder, registry, faults=faults)
    for found in read_sources(folder):
        (corpus.faults if isinstance(found, Fault) else corpus.sources).append(found)  # type: ignore[arg-type]
    if not corpus.sources and not any(fault.grave for fault in corpus.faults):
        sentence = f"Aucune source de « {folder} » ne se lit : rien n'est construit."
        corpus.faults.append(Fault("sources-vides", sentence, grave=True))
    return corpus


def records(corpus: Corpus) -> Records:
    """What the sources of a corpus state, in order of their names."""
    for source in corpus.sources:
        if source.card["format"] == "article_md" and "within" in source.card:
            yield from _article(source)
        else:
            yield _document(source)


def _article(source: Source) -> Iterator[Record]:
    reading = article_md.read(source)
    article = next(reading.tree.find("article"), None)
    if article is None or not article.num:
        yield Fault(
            "titre-absent", f"« {source.path} » : aucune ligne « # Article … » n'ouvre ce fichier.", source.span(0, 0)
        )
        return
    start = article_start(article, source.text) or Edge.UNKNOWN
    yield Statement(
        str(source.card["within"]), article.num, start, Edge.UNKNOWN, body=source.text, form="article_md", member=source.path,
        named=source.id, card=source.card,
    )  # fmt: skip


def _document(source: Source) -> Statement:
    text = str(source.card.get("id") or act_id("circulaire", None, slug(source.id)))
    return Statement(
        text, "", Edge.UNKNOWN, Edge.UNKNOWN, body=source.text, form=str(source.card["format"]), member=source.path,
        named=source.id, card=source.card,
    )  # fmt: skip


def article_start(article: Node, text: str) -> date | None:
    """The last day on which the links of an article say that it was made or changed: since when it reads so."""
    days = []
    for group in article.find(article_md.GROUP):
        if group.num in ("Créé par", "Modifié par"):
            for link in group.find(article_md.LINK):
                published, effective = stated_days(" ".join(text[link.start : link.end].split()))
                day = effective or published
                if day:
                    days.append(day)
    return max(days, default=None)
