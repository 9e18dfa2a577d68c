"""LEGI archives of any size, as the DILA lays them out, and what importing them costs.

usage: legi_archives.py make DIR --versions N [--days D]     write a full archive and D daily ones
       legi_archives.py run [--versions N,N…] [--days D] [--dir DIR] [--keep]     make, import, ask, and print the growth of each step

The law is invented, in sentences of ours: codes of 4,000 articles and décrets of 25, two versions an article on average,
1,500 characters and four citations each, like the Code de la sécurité sociale as measured. A daily archive holds new
versions of 1,000 articles (the former ones again, with their ends) and withdraws ten files. The same N gives the same bytes.

Aims: the time and bytes of a step grow by N^1.05 at most; a day's archive lands in seconds, whatever is held.
"""

from __future__ import annotations

import argparse
import gzip
import io
import math
import random
import shutil
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

from _process import RENVOI, spent

from kb.ground.period import in_french

CODE, DECRET = 4_000, 25  # articles of a text
FIRST = date(1986, 1, 1)
OPEN = "2999-01-01"
OBJECTS = "la cotisation|le versement|la créance|l'allocation|la pension|le recouvrement|la majoration|l'indemnité|le taux|l'assiette"
ACTORS = "le directeur de l'organisme|l'agent comptable|l'assuré|l'employeur|le préfet de région|la commission|la caisse|le débiteur"
ACTS = "est tenu de notifier|peut accorder|fixe chaque année|examine sur pièces|transmet sans délai|arrête au vu du dossier|constate par écrit"
ENDS = "dans un délai de deux mois|avant le 31 décembre|à compter du premier jour du mois civil suivant|sous réserve d'un recours|par décision motivée"


class Article(NamedTuple):
    """A version of an article: ``start`` and ``end`` in ISO, ``number`` counts the files of the archive."""

    text: int
    rank: int
    number: int
    first: int
    start: str
    end: str
    state: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    making, running = verbs.add_parser("make"), verbs.add_parser("run")
    making.add_argument("dir", type=Path)
    making.add_argument("--versions", type=int, required=True)
    running.add_argument("--versions", default="10000,30000,100000")
    running.add_argument("--dir", type=Path)
    running.add_argument("--keep", action="store_true", help="leave the archives and knowledge bases in --dir")
    for each in (making, running):
        each.add_argument("--days", type=int, default=1)
    o = parser.parse_args()
    if o.verb == "make":
        for path in make(o.dir, o.versions, o.days):
            print(path)
        return 0
    place = o.dir or Path(tempfile.mkdtemp())
    try:
        return growth([measured(place, int(n), o.days, keep=o.keep) for n in o.versions.split(",")])
    finally:
        if not o.dir:
            shutil.rmtree(place)


# -- the archives -----------------------------------------------------------------------------------------------------


def make(folder: Path, versions: int, days: int) -> list[Path]:
    """The full archive, then one a day. Their names carry the time of delivery, as the DILA's do."""
    folder.mkdir(parents=True, exist_ok=True)
    held = list(lay_out(versions))
    made = [write(folder / "Freemium_legi_global_20250713-140000.tar.gz", "20250713-140000", map(member, held))]
    chance, number = random.Random(versions), len(held)
    for day in range(days):
        delivered = date(2025, 7, 14) + timedelta(day)
        stamp = f"{delivered:%Y%m%d}-210000"
        current = [rank for rank, article in enumerate(held) if article.end == OPEN]
        changed: list[Article] = []
        for rank in sorted(chance.sample(current, min(1000, len(current) // 4))):
            old = held[rank]
            held[rank] = old._replace(end=delivered.isoformat(), state="MODIFIE")
            changed += [held[rank], old._replace(number=number, start=delivered.isoformat())]
            number += 1
        held += [article for article in changed if article.end == OPEN]
        ended = [article for article in held if article.state == "MODIFIE" and article.number != article.first]
        gone = [official(article.number) for article in chance.sample(ended, min(10, len(ended)))]
        drops = "".join(f"{name}\n" for name in gone)
        files = [*map(member, changed), ("liste_suppression_legi.dat", drops)]
        made.append(write(folder / f"LEGI_{stamp}.tar.gz", stamp, iter(files)))
    return made


def lay_out(versions: int) -> Iterator[Article]:
    """Every version of the law, text by text, article by article, in order of time."""
    chance = random.Random(7)
    number, text = 0, 0
    while number < versions:
        for rank in range(CODE if text % 8 == 0 else DECRET):
            days = sorted(chance.sample(range(14_000), 1 + min(int(chance.expovariate(1.0)), 8)))
            starts = [(FIRST + timedelta(day)).isoformat() for day in days]
            first = number
            for start, end in zip(starts, [*starts[1:], OPEN], strict=True):
                yield Article(text, rank, number, first, start, end, "MODIFIE" if end != OPEN else "VIGUEUR")
                number += 1
            if number >= versions:
                return
        text += 1


def member(article: Article) -> tuple[str, str]:
    """The path and the XML of one file."""
    own, code = official(article.number), article.text % 8 == 0
    cid = f"LEGITEXT{article.text + 90_000_000:012d}" if code else f"JORFTEXT{article.text + 90_000_000:012d}"
    nature = "CODE" if code else "DECRET"
    title = f"Code des recouvrements du registre {article.text // 8 + 1}" if code else act(article.text)
    signed = "2999-01-01" if code else signature(article.text).isoformat()
    number = "" if code else decree_number(article.text)
    levels = (
        f"Livre {article.rank // 800 + 1}",
        f"Titre {article.rank // 100 % 8 + 1}",
        f"Chapitre {article.rank // 20 % 5 + 1}",
    )
    crumbs = "".join(
        f'<TM><TITRE_TM debut="1985-12-21" fin="{OPEN}">{level}</TITRE_TM>' for level in (levels if code else ())
    )
    num = code_number(article.rank) if code else str(article.rank + 1)
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<ARTICLE><META><META_COMMUN><ID>{own}</ID><ANCIEN_ID/><ORIGINE>LEGI</ORIGINE><URL>article/{folders(own)}.xml</URL>"
        f"<NATURE>Article</NATURE></META_COMMUN><META_SPEC><META_ARTICLE><NUM>{num}</NUM><ETAT>{article.state}</ETAT>"
        f"<DATE_DEBUT>{article.start}</DATE_DEBUT><DATE_FIN>{article.end}</DATE_FIN><TYPE>AUTONOME</TYPE></META_ARTICLE></META_SPEC></META>"
        f'<CONTEXTE><TEXTE autorite="" cid="{cid}" date_publi="{signed}" date_signature="{signed}" ministere="" nature="{nature}" nor="" num="{number}">'
        f'<TITRE_TXT c_titre_court="{title}" debut="{article.start}" fin="{article.end}" id_txt="{cid}">{title}</TITRE_TXT>'
        f"{crumbs}{'</TM>' * (len(levels) if code else 0)}</TEXTE></CONTEXTE>"
        f'<VERSIONS><VERSION etat="{article.state}"><LIEN_ART debut="{article.start}" etat="{article.state}" fin="{article.end}" '
        f'id="{official(article.first)}" num="{num}" origine="LEGI"/></VERSION></VERSIONS>'
        f"<NOTA><CONTENU></CONTENU></NOTA><BLOC_TEXTUEL><CONTENU>{body(article)}</CONTENU></BLOC_TEXTUEL><LIENS></LIENS></ARTICLE>"
    )
    kind = "code_en_vigueur" if code else "TNC_en_vigueur"
    return f"legi/global/code_et_TNC_en_vigueur/{kind}/{folders(cid)}/article/{folders(own)}.xml", xml


def body(article: Article) -> str:
    """Alinéas of two sentences, of which some cite: the same code, another one, a décret, an alinéa."""
    chance = random.Random(article.number)
    objects, actors, acts, ends = (words.split("|") for words in (OBJECTS, ACTORS, ACTS, ENDS))

    def sentence() -> str:
        return f"{chance.choice(actors)} {chance.choice(acts)} {chance.choice(objects)} {chance.choice(ends)}"

    def cited() -> str:
        near = code_number(min(CODE - 1, max(0, article.rank + chance.randrange(-40, 40))))
        other = (article.text // 8 + 1) % 7 + 1
        return chance.choice(
            (
                f"dans les conditions prévues à l'article {near}"
                if article.text % 8 == 0
                else f"en application de l'article {near} du code de la sécurité sociale",
                f"sans préjudice du deuxième alinéa de l'article {near} du code des recouvrements du registre {other}",
                f"selon les modalités fixées par le {act(chance.randrange(1, 200) * 8 + 1)}",
                f"au sens de l'article {code_number(chance.randrange(CODE))} du code de la sécurité sociale",
            )
        )

    paragraphs = []
    for _ in range(1 + min(int(chance.expovariate(0.25)), 12)):
        words = (
            f"{sentence()}, {cited()}. {sentence().capitalize()} ; {sentence()}."
            if chance.random() < 0.7
            else f"{sentence()}. {sentence().capitalize()}."
        )
        paragraphs.append(f"<p>{escape(words[0].upper() + words[1:])}</p>")
    return "".join(paragraphs)


def code_number(rank: int) -> str:
    return f"{'LRD'[rank % 3]}{rank // 800 + 1}{rank // 100 % 8 + 1}{rank // 20 % 5 + 1}-{rank // 3 % 20 + 1}-{rank % 20 + 1}"


def signature(text: int) -> date:
    return FIRST + timedelta(text * 37 % 14_000)


def decree_number(text: int) -> str:
    return (
        f"{signature(text).year}-{text % 9_000 + 100}"
        if signature(text).year > 1999
        else f"{signature(text).year % 100}-{text % 9_000 + 100}"
    )


def act(text: int) -> str:
    day = signature(text)
    return f"décret n° {decree_number(text)} du {in_french(day)}"


def official(number: int) -> str:
    return f"LEGIARTI{number + 900_000_000:012d}"


def folders(name: str) -> str:
    """``LEGI/ARTI/00/09/00/00/00/LEGIARTI000900000001``: where the DILA's archives keep an id."""
    pairs = "/".join(name[8 + at : 10 + at] for at in range(0, 10, 2))
    return f"{name[:4]}/{name[4:8]}/{pairs}/{name}"


def write(path: Path, stamp: str, files: Iterator[tuple[str, str]]) -> Path:
    with (
        path.open("wb") as out,
        gzip.GzipFile("", "wb", 1, out, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.GNU_FORMAT) as tar,
    ):
        for name, words in files:
            data = words.encode()
            info = tarfile.TarInfo(f"{stamp}/{name}")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


# -- what they cost ---------------------------------------------------------------------------------------------------


def measured(place: Path, versions: int, days: int, *, keep: bool) -> dict[str, float]:
    """Seconds, MiB and milliseconds of the steps for a law of that many versions."""
    folder = place / str(versions)
    archives = make(folder, versions, days)
    base = folder / "law.kb"
    found: dict[str, float] = {"versions": versions}
    found["import, s"], found["peak, MiB"], _ = spent([*RENVOI, "import", str(archives[0]), "-o", str(base)])
    found["file, MiB"] = base.stat().st_size / (1 << 20)
    for path in archives[1:]:
        found["a day, s"], found["a day's peak, MiB"], _ = spent([*RENVOI, "import", str(path), "-o", str(base)])
    found |= asked(base)
    print(
        "  ".join(f"{name} {value:,.3g}" if value < 100 else f"{name} {value:,.0f}" for name, value in found.items()),
        flush=True,
    )
    if not keep:
        shutil.rmtree(folder)
    return found


def asked(path: Path) -> dict[str, float]:
    """Milliseconds of questions, in process: the median of 200."""
    import kb

    base = kb.load(path)
    chance = random.Random(3)
    names = [
        name
        for (name,) in base.store.db.execute("select id from provision where kind = 'article' and source is not null")
    ]
    some, day = chance.sample(names, min(200, len(names))), date(2010, 1, 1)

    def median(asks: list[float]) -> float:
        return sorted(asks)[len(asks) // 2] * 1000

    def timed(ask: object, *values: object) -> float:
        start = time.perf_counter()
        assert callable(ask)
        ask(*values)
        return time.perf_counter() - start

    return {
        "said, ms": median([timed(base.said, name, day) for name in some]),
        "show, ms": median([timed(base.show, name, day) for name in some]),
        "search, ms": median(
            [timed(base.search, words, day) for words in ("majoration débiteur", "agent comptable", "recours")]
        ),
    }


def growth(runs: list[dict[str, float]]) -> int:
    """The exponent of each figure from the first size to the last; 1 where a step grows faster than it may."""
    if len(runs) < 2:
        return 0
    first, last = runs[0], runs[-1]
    size = math.log(last["versions"] / first["versions"])
    good = True
    for name in ("import, s", "peak, MiB", "file, MiB", "a day, s", "said, ms", "show, ms", "search, ms"):
        if name in last:
            exponent = math.log(last[name] / first[name]) / size
            good &= exponent <= 1.05
            print(f"{'ok  ' if exponent <= 1.05 else 'LATE'} {name:12} grows by versions^{exponent:.2f} (at most 1.05)")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
