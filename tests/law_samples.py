"""Small law for tests, written in the very layouts that are imported: git histories, legi-data, LEGI archives."""

from __future__ import annotations

import io
import json
import os
import subprocess
import tarfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

CSS = "LEGITEXT000006073189"


def article(num: str, body: str, **links: str) -> str:
    """An article in D253-81's own format; *links* maps ``Créé_par`` to one line."""
    groups = "".join(f"_{title.replace('_', ' ')}_:\n\n  - {line}\n\n" for title, line in links.items())
    return f"# Article {num}\n\n{body}\n" + (f"\n**Liens relatifs à cet article**\n\n{groups}" if groups else "")


def repository(
    folder: Path, commits: Iterable[tuple[str, Mapping[str, str | None]]], title: str = "Code de la sécurité sociale"
) -> Path:
    """A git repository of dated consolidations: each commit a day and the files that change (``None``: removed)."""
    if not folder.exists():
        folder.mkdir(parents=True)
        git(folder, "init", "-q", "-b", "main")
        (folder / "README.md").write_text(f"# {title}\n", encoding="utf-8")
    for day, files in commits:
        for name, text in files.items():
            path = folder / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        git(folder, "add", "-A")
        git(
            folder,
            "commit",
            "-q",
            "--allow-empty",
            "-m",
            f"Version consolidée du {day}",
            day=f"{max(day, '1970-01-02')}T12:00:00Z",
        )
    return folder


def git(folder: Path, *words: str, day: str = "2020-01-01T12:00:00Z") -> str:
    who = {
        "GIT_AUTHOR_NAME": "Décret n° 1",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "t",
        "GIT_COMMITTER_EMAIL": "t@example.org",
    }
    environment = {
        **os.environ,
        **who,
        "GIT_AUTHOR_DATE": day,
        "GIT_COMMITTER_DATE": day,
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    return subprocess.run(
        ["git", "-C", str(folder), *words], check=True, capture_output=True, text=True, env=environment
    ).stdout


def stamp(day: str) -> int:
    """A day as legi-data writes it: milliseconds at UTC midnight."""
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)


def json_article(
    num: str,
    cid: str,
    versions: list[tuple[str, str, str, str]],
    html: str,
    nota: str = "",
    links: Iterable[Mapping[str, str]] = (),
) -> dict[str, object]:
    """An article of legi-data; *versions* are (id, start, end, state), the last one being that of *html*."""
    stated = [
        {"id": i, "etat": state, "version": f"{n}.0", "dateDebut": stamp(a), "dateFin": stamp(b)}
        for n, (i, a, b, state) in enumerate(versions, 1)
    ]
    last = stated[-1]
    data = {
        "articleVersions": stated, "cid": cid, "id": last["id"], "num": num, "etat": last["etat"], "dateDebut": last["dateDebut"], "dateFin": last["dateFin"],
        "intOrdre": 1, "lienModifications": list(links), "nota": nota, "notaHtml": nota, "texte": html, "texteHtml": html,
    }  # fmt: skip
    return {"type": "article", "data": data}


def json_section(
    title: str, children: list[object], start: str = "1985-12-21", end: str = "2999-01-01"
) -> dict[str, object]:
    data = {
        "cid": f"LEGISCTA{len(title):012d}",
        "id": f"LEGISCTA{len(title):012d}",
        "title": title,
        "dateDebut": start,
        "dateFin": end,
        "etat": "VIGUEUR",
    }
    return {"type": "section", "data": data, "children": children}


def json_code(children: list[object], cid: str = CSS, title: str = "Code de la sécurité sociale") -> str:
    return json.dumps(
        {
            "type": "code",
            "data": {"cid": cid, "id": cid, "title": title, "etat": "VIGUEUR", "dateModif": "2026-03-14"},
            "children": children,
        }
    )


def digits(name: str) -> str:
    """The folder of an id in a LEGI archive: ``LEGI/ARTI/00/00/06/41/92/LEGIARTI000006419279``."""
    pairs = "/".join(name[8 + i : 10 + i] for i in range(0, 10, 2))
    return f"{name[:4]}/{name[4:8]}/{pairs}/{name}"


def xml_article(
    own: str, num: str, start: str, end: str, state: str, body: str, *, cid: str = CSS, nature: str = "CODE", title: str = "Code de la sécurité sociale",
    number: str = "", signed: str = "2999-01-01", published: str = "2999-01-01", crumbs: Iterable[str] = (), links: str = "", nota: str = "", first: str = "",
) -> tuple[str, str]:  # fmt: skip
    """One LEGIARTI file: its path in an archive, its XML."""
    levels = list(crumbs)
    crumb = "".join(
        f'<TM><TITRE_TM debut="1985-12-21" fin="2999-01-01" id="LEGISCTA000000000001">{escape(t)}</TITRE_TM>'
        for t in levels
    ) + "</TM>" * len(levels)
    xml = f"""<?xml version="1.0" encoding="UTF-8"?>
<ARTICLE><META><META_COMMUN><ID>{own}</ID><ANCIEN_ID/><ORIGINE>LEGI</ORIGINE><URL>article/{digits(own)}.xml</URL><NATURE>Article</NATURE></META_COMMUN>
<META_SPEC><META_ARTICLE><NUM>{escape(num)}</NUM><ETAT>{state}</ETAT><DATE_DEBUT>{start}</DATE_DEBUT><DATE_FIN>{end}</DATE_FIN><TYPE>AUTONOME</TYPE></META_ARTICLE></META_SPEC></META>
<CONTEXTE><TEXTE autorite="" cid="{cid}" date_publi="{published}" date_signature="{signed}" ministere="" nature="{nature}" nor="" num="{number}">
<TITRE_TXT c_titre_court={quoteattr(title)} debut="{start}" fin="{end}" id_txt="{cid}">{escape(title)}</TITRE_TXT>{crumb}</TEXTE></CONTEXTE>
<VERSIONS><VERSION etat="{state}"><LIEN_ART debut="{start}" etat="{state}" fin="{end}" id="{first or own}" num={quoteattr(num)} origine="LEGI"/></VERSION></VERSIONS>
<NOTA><CONTENU>{nota}</CONTENU></NOTA><BLOC_TEXTUEL><CONTENU>{body}</CONTENU></BLOC_TEXTUEL><LIENS>{links}</LIENS></ARTICLE>"""
    kind = "code_en_vigueur" if nature == "CODE" else "TNC_en_vigueur"
    return f"legi/global/code_et_TNC_en_vigueur/{kind}/{digits(cid)}/article/{digits(own)}.xml", xml


def archive(
    path: Path, files: Iterable[tuple[str, str]], drops: Iterable[str] = (), extra: Iterable[tarfile.TarInfo] = ()
) -> Path:
    """A LEGI archive: its files below one folder of its own, and the list of what it withdraws."""
    root = path.name.removesuffix(".tar.gz").rpartition("_")[2]
    with tarfile.open(path, "w:gz") as tar:
        for name, text in files:
            add(tar, f"{root}/{name}", text.encode())
        listed = list(drops)
        if listed:
            add(tar, f"{root}/liste_suppression_legi.dat", "".join(f"{name}\n" for name in listed).encode())
        for info in extra:
            tar.addfile(info)
    return path


def add(tar: tarfile.TarFile, name: str, data: bytes, time: int = 1_600_000_000) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mtime = len(data), time
    tar.addfile(info, io.BytesIO(data))


def sample(folder: Path) -> list[Path]:
    """A little law in three containers that agree and disagree: a git history, legi-data, a LEGI archive."""
    place = "01. Partie législative"
    history = repository(
        folder / "css",
        [
            (
                "1985-12-21",
                {
                    f"{place}/Article L101 - 100.md": article("L101", "Le seuil est fixé à 100 F."),
                    f"{place}/Article L102 - 200.md": article(
                        "L102",
                        "Voir l'article L. 101.",
                        Abrogé_par="Décret n°93-1004 du 10 août 1993 - art. 1 () JORF 18 août 1993 en vigueur le 1er septembre 1993",
                    ),
                },
            ),
            (
                "1992-03-28",
                {
                    f"{place}/Article L101 - 100.md": article(
                        "L101",
                        "Le seuil est fixé à 200 F, sous réserve des articles L. 102 et L. 104.",
                        Modifié_par="Décret n°92-283 du 20 mars 1992 - art. 1 () JORF 28 mars 1992",
                    )
                },
            ),
            ("2002-01-01", {f"{place}/Article L103 - 300.md": article("L103", "Nouveau, après le premier alinéa de l'article L. 101.")}),
        ],
    )  # fmt: skip
    created = {
        "linkType": "CREE", "linkOrientation": "cible", "natureText": "DECRET", "dateSignaTexte": "2020-12-01",
        "datePubliTexte": "2020-12-05", "textTitle": "Décret n°2020-1500 du 1er décembre 2020 - art. 2", "articleNum": "2",
    }  # fmt: skip
    data = folder / f"{CSS}.json"
    first = json_article(
        "L104", "LEGIARTI000000000100",
        [("LEGIARTI000000000100", "1985-12-21", "2021-01-01", "MODIFIE"), ("LEGIARTI000000000101", "2021-06-01", "2021-05-01", "MODIFIE_MORT_NE"), ("LEGIARTI000000000102", "2021-01-01", "2999-01-01", "VIGUEUR")],
        '<p>Voir <a href="/x?idArticle=LEGIARTI000000000200">L. 105</a> et L. 101.</p>', "<p>Nota bene.</p>", [created],
    )  # fmt: skip
    second = json_article(
        "L105", "LEGIARTI000000000200", [("LEGIARTI000000000200", "1985-12-21", "2000-01-01", "ABROGE"), ("LEGIARTI000000000201", "2010-01-01", "2222-02-22", "ABROGE_DIFF")],
        "<p>Selon l'article L. 101.</p>",
    )  # fmt: skip
    data.write_text(
        json_code([json_section("Partie législative", [json_section("Livre Ier", [first, second])])]), encoding="utf-8"
    )
    legi = archive(
        folder / "Freemium_legi_global_20250713-140000.tar.gz",
        [
            xml_article("LEGIARTI000000000300", "L106", "1998-07-10", "2007-01-01", "MODIFIE", "<p>Un.<br/>Deux.</p>", crumbs=["Partie législative", "Livre Ier"]),
            xml_article("LEGIARTI000000000302", "L106", "2007-01-01", "2999-01-01", "VIGUEUR", "<p>Trois, voir l'article L. 102.</p>", first="LEGIARTI000000000300"),
            xml_article(
                "LEGIARTI000006771034", "1", "1996-03-28", "2999-01-01", "VIGUEUR", "<p>Il est admis.</p>", cid="JORFTEXT000000558797", nature="DECRET",
                title="Décret n°96-251 du 21 mars 1996", number="96-251", signed="1996-03-21", published="1996-03-28",
            ),
        ],
    )  # fmt: skip
    return [history, data, legi]
