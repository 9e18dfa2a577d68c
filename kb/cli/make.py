"""The commands that make something: a knowledge base, its proof, exports of it, its site."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kb.cli.common import Arguments, answer_out, open_base, progress
from kb.ground.fault import Fault, Misuse
from kb.ground.names import ROOT

if TYPE_CHECKING:
    from kb.make.report import Options, Report


def build_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("corpus", nargs="?", type=Path, metavar="CORPUS_DIR", help="default: the packaged corpus")
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: the user's cache folder")
    command.add_argument(
        "--with",
        dest="law",
        nargs="+",
        type=Path,
        metavar="PATH",
        default=[],
        help="law to fold in (see 'renvoi import')",
    )
    command.add_argument(
        "--rules",
        nargs="+",
        type=Path,
        metavar="DIR",
        default=[],
        help="rule files beside those of the corpus, on any law that is held",
    )
    _engine_arguments(command)


def _engine_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--engine",
        default="local",
        metavar="ENGINE",
        help="what reads and cites: local processes (the default), or dask",
    )
    command.add_argument(
        "--scheduler", metavar="ADDRESS", help="the dask scheduler, tcp://host:port (default: one made here)"
    )
    command.add_argument("--workers", type=int, metavar="N", help="how many processes (default: as many as processors)")


def _options(arguments: Arguments) -> Options:
    from kb.make.report import Options
    from kb.texts.readers.decided import said

    if arguments.workers is not None and arguments.workers < 1:
        raise Misuse(f"--workers {arguments.workers}: a number from 1 on")
    return Options(
        getattr(arguments, "format", None),
        arguments.engine,
        arguments.scheduler,
        arguments.workers,
        progress(),
        getattr(arguments, "within", None),
        said(*(getattr(arguments, name, None) for name in ("nature", "id", "signed"))),
    )


def import_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="a git repository of consolidations, the npm package legi-data, LEGI archives, documents (txt, md, html, docx, odt, pdf, eml) or a folder of them",
    )
    command.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="the knowledge base to add to, made if it is not there (default: that of --kb)",
    )
    command.add_argument(
        "--format",
        metavar="F",
        help="git, legi-data, legi, article, document or circular, where it is not to be detected",
    )
    command.add_argument("--within", metavar="CODE", help="the code that article files are of, for instance css")
    command.add_argument(
        "--nature", metavar="N", help="what the document is, where its head does not say it: circulaire"
    )
    command.add_argument("--id", metavar="ID", help="the act that it is: circulaire/2015-02-06/2015-12")
    command.add_argument("--signed", metavar="DAY", help="its day of signature, where it does not say it or says two")
    command.add_argument(
        "--card",
        type=Path,
        metavar="CORPUS_DIR",
        help="put the documents with their cards into a corpus folder instead",
    )
    _engine_arguments(command)


def new_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path, metavar="DIR", help="the corpus folder to make")


def new(arguments: Arguments) -> int:
    from kb.make.starter import new

    made = new(arguments.folder)
    answer = {"corpus": str(arguments.folder), "files": [str(path) for path in made]}
    return answer_out(arguments, answer, lambda a: [*a["files"], f"next: renvoi build {a['corpus']} -o FILE.kb"])


def _cards(arguments: Arguments) -> int:
    from kb.make.starter import put
    from kb.texts.readers.decided import said

    decided = said(arguments.nature, arguments.id, arguments.signed)
    if decided.decides and len(arguments.paths) > 1:
        raise Misuse("--nature, --id and --signed decide of one document: give its file alone")
    made = []
    for path in arguments.paths:
        card, doubts = put(path, arguments.card, decided)
        made.append(str(card))
        for doubt in doubts:
            print(doubt, file=sys.stderr)
    return answer_out(arguments, {"cards": made}, lambda a: a["cards"])


def import_(arguments: Arguments) -> int:
    from kb.make.build import import_law

    if arguments.card:
        return _cards(arguments)

    target = arguments.output or arguments.kb
    if target is None:
        raise Misuse("import needs -o FILE: the knowledge base to add to, made if it is not there")
    report = import_law(arguments.paths, target, _options(arguments))
    return _imported(arguments, report, target)


def _imported(arguments: Arguments, report: Report, target: Path) -> int:
    for fault in report.faults:
        print(_fault(fault, report.texts), file=sys.stderr)
    if report.stopped:
        print("renvoi: nothing was written: a fault above stops the import", file=sys.stderr)
        return 1
    answer = {
        "path": str(target),
        "containers": report.containers,
        "seal": _seal(target),
        "counts": _counts(target),
        "read": dict(report.counts),
        "anomalies": dict(sorted(report.anomalies.items())),
    }
    return answer_out(arguments, answer, _import_lines)


def _import_lines(answer: dict[str, Any]) -> Iterator[str]:
    yield from _built(answer["path"], answer["seal"], answer["counts"])
    if not answer["containers"]:
        yield "nothing new: all of it was imported before"
    if answer["anomalies"]:
        yield "contradictions, kept and shown (renvoi show, export csv):"
        yield from (f"  {count:>6} {code}" for code, count in answer["anomalies"].items())


def build(arguments: Arguments) -> int:
    from kb.ground.data import folder
    from kb.make.build import build
    from kb.make.cache import default_path

    place = arguments.corpus or folder("corpus")
    if arguments.output is None and arguments.corpus is not None:
        raise Misuse("build CORPUS_DIR needs -o FILE: the cache holds the packaged corpus only")
    target = arguments.output or default_path()
    built = build(place, target, arguments.law, _options(arguments), arguments.rules)
    for fault in built.faults:
        print(_fault(fault, built.texts), file=sys.stderr)
    if built.stopped:
        print("renvoi: nothing was written: a fault above stops the build", file=sys.stderr)
        if arguments.json:
            answer_out(arguments, {"path": None, "faults": [_told(f, built.texts) for f in built.faults]}, list)
        return 1
    if arguments.law:
        built.report.faults.clear()  # they were said above
        return _imported(arguments, built.report, target)
    answer = {"path": str(target), "seal": _seal(target), "counts": _counts(target)}
    return answer_out(arguments, answer, lambda a: _built(a["path"], a["seal"], a["counts"]))


def _counts(target: Path) -> dict[str, int]:
    from kb.store.reading import Store

    return Store(target).counts()


def _fault(fault: Fault, texts: dict[str, tuple[str, str]]) -> str:
    from kb.ground.fault import render

    text, path = texts.get(fault.span.source, (None, None)) if fault.span else (None, None)
    return render(fault, text, path)


def _told(fault: Fault, texts: dict[str, tuple[str, str]]) -> dict[str, object]:
    """A fault as JSON, its place by line and column from 1 where its file is known."""
    from kb.ground.span import line_column

    text, path = texts.get(fault.span.source, ("", "")) if fault.span else ("", "")
    line, column = line_column(text, fault.span.start) if fault.span and text else (None, None)
    return {
        "code": fault.code, "sentence": fault.sentence, "hint": fault.hint, "grave": fault.grave,
        "path": path or (fault.span and fault.span.source), "line": line, "column": column,
        "start": fault.span and fault.span.start, "end": fault.span and fault.span.end,
    }  # fmt: skip


def _built(path: str, seal: str, counts: dict[str, int]) -> Iterator[str]:
    yield path
    yield from (f"  {count:>6} {name}" for name, count in counts.items())
    yield f"  sealed {seal}"


def _seal(target: Path) -> str:
    """The seal of what was written, kept beside it."""
    from kb.store.seal import keep

    return keep(target).root


def verify_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--corpus", type=Path, metavar="DIR", help="where the sources are (default: where they were read)"
    )
    command.add_argument("--seal", metavar="HASH", help="the seal it must have (default: that beside the file, if any)")
    command.add_argument(
        "--sample", type=int, metavar="N", help="read the texts of N provisions again, spread over all (default: all)"
    )
    command.add_argument(
        "--container", nargs="+", type=Path, metavar="PATH", default=[], help="containers to import again and compare"
    )
    command.add_argument("--workers", type=int, metavar="N", help="how many processes (default: as many as processors)")


def verify(arguments: Arguments) -> int:
    from kb.make.verify import Asked, verify
    from kb.store.seal import parse

    for option in ("sample", "workers"):
        number = getattr(arguments, option)
        if number is not None and number < 1:
            raise Misuse(f"--{option} {number}: a number from 1 on")
    asked = Asked(
        arguments.corpus, parse(arguments.seal) if arguments.seal is not None else None, arguments.sample, tuple(arguments.container),
        arguments.workers,
    )  # fmt: skip
    report = verify(open_base(arguments).store, asked)
    answer_out(arguments, report.to_json(), lambda _: report.lines())
    return 1 if report.failures else 0


def export_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "format", metavar="FORMAT", help="csv, parquet, rdf or trig, nq, turtle, nt, jsonld, graphml or gexf"
    )
    command.add_argument("path", type=Path, metavar="PATH")
    command.add_argument("--base", metavar="IRI", default=ROOT, help=f"of RDF: what IRIs begin with (default: {ROOT})")


def export(arguments: Arguments) -> int:
    from kb.show.export import write

    written = write(open_base(arguments).store, arguments.format, arguments.path, arguments.base)
    return answer_out(arguments, {"written": [str(path) for path in written]}, lambda a: a["written"])


def dossier_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("id", metavar="ID", help="a provision, a rule, or a citation by its number")
    command.add_argument("--at", metavar="DAY", help="the day asked about, YYYY-MM-DD")
    command.add_argument("--known-at", metavar="DAY", help="as it could be known on that day")
    command.add_argument(
        "-o", "--output", type=Path, metavar="FILE", required=True, help="the dossier; FILE.verify.py comes beside it"
    )


def dossier(arguments: Arguments) -> int:
    from kb.base import as_day
    from kb.show.dossier import dossier, write

    made = dossier(open_base(arguments).store, arguments.id, as_day(arguments.at), as_day(arguments.known_at))
    answer = {
        "written": [str(path) for path in write(made, arguments.output)], "sha256": made["sha256"], "seal": made["base"]["seal"],
        "texts": len(made["sources"]), "facts": len(made["facts"]),
    }  # fmt: skip
    return answer_out(arguments, answer, _dossier_lines)


def _dossier_lines(answer: dict[str, Any]) -> Iterator[str]:
    yield from answer["written"]
    yield f"{answer['texts']} texts, {answer['facts']} facts, base sealed {answer['seal']}"
    yield f"verified without Renvoi by: python3 -I {answer['written'][1]} {answer['written'][0]}"


def site_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("action", choices=("build", "serve"))
    command.add_argument("-o", "--output", type=Path, metavar="DIR", help="where to build (default: build/site)")
    command.add_argument("--port", type=int, default=8000)


def site(arguments: Arguments) -> int:
    from kb.show.pages import build_site, serve_site

    base = open_base(arguments)
    if arguments.action == "build":
        return answer_out(arguments, {"site": str(build_site(base, arguments.output))}, lambda a: [a["site"]])
    return serve_site(base, arguments.output, arguments.port)
