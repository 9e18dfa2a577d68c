"""One command per verb. Exit 0 = answered, 1 = a check failed, 2 = bad input: one clear line on stderr, nothing written."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from kb.fault import Fault, Misuse

if TYPE_CHECKING:
    from kb.base import Base
    from kb.imports import Options, Report

Arguments = argparse.Namespace


class _Parser(argparse.ArgumentParser):
    """argparse, with its errors on one line."""

    def error(self, message: str) -> NoReturn:
        raise Misuse(f"{message} (see '{self.prog} --help')")


def main(argv: list[str] | None = None) -> int:
    """Run one command; the value is the exit status."""
    try:
        arguments = _parse(sys.argv[1:] if argv is None else argv)
        run: Callable[[Arguments], int] = arguments.run
        return run(arguments)
    except Misuse as error:
        print(f"renvoi: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("renvoi: interrupted", file=sys.stderr)
        return 130


def _parse(argv: list[str]) -> Arguments:
    """The arguments of one command. Only the parser of the verb that is asked is made: the others cost time at each start."""
    if argv and argv[0] in VERBS:
        return _verb_parser(argv[0]).parse_args(argv[1:])
    width = max(map(len, VERBS))
    verbs = "\n".join(f"  {name:<{width}}  {help}" for name, (_, help, _) in VERBS.items())
    _Parser(
        prog="renvoi",
        usage="renvoi COMMAND …",
        description=f"Which rule applied on that day, and where exactly does it say so?\n\ncommands:\n{verbs}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args(argv)
    raise Misuse("a command is wanted (see 'renvoi --help')")


def _verb_parser(name: str) -> argparse.ArgumentParser:
    run, help, add_arguments = VERBS[name]
    # A formatter with a width spares argparse a look at the terminal for every argument.
    command = _Parser(prog=f"renvoi {name}", description=help, formatter_class=lambda prog: argparse.HelpFormatter(prog, width=100))
    command.set_defaults(run=run)
    command.add_argument("--json", action="store_true", help="one JSON document on stdout")
    command.add_argument("--kb", metavar="PATH", type=Path, help="the knowledge base to ask (default: the packaged corpus)")
    add_arguments(command)
    return command


# -- the knowledge base and the forms of input and output ------------------------------------------------------


def _base(arguments: Arguments) -> Base:
    import kb

    return kb.load(arguments.kb)


def _print(lines: Iterable[str]) -> int:
    sys.stdout.writelines(line + "\n" for line in lines)
    return 0


def _answer(arguments: Arguments, answer: Any, lines: Callable[[Any], Iterable[str]]) -> int:
    return _print([json.dumps(answer, ensure_ascii=False)] if arguments.json else lines(answer))


def _text(name: str) -> str:
    """The text of a file or of standard input. Raises ``Misuse`` saying why it cannot be read."""
    from kb.source import decode

    try:
        return decode(sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes())
    except IsADirectoryError:
        raise Misuse(f"{name}: it is a directory") from None
    except OSError as error:
        raise Misuse(f"{name}: {error.strerror}") from None
    except ValueError as error:
        raise Misuse(f"{'standard input' if name == '-' else name}: {error}") from None


def _many(arguments: Arguments, verb: str) -> int:
    """Answer every question of a file or of standard input, a line each."""
    from kb import batch

    name = arguments.jsonl
    lines: Iterable[str] = sys.stdin if name == "-" else _text(name).split("\n")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(write_through=False)  # many small writes, even where Python is told not to buffer
    sys.stdout.writelines(batch.answers(_base(arguments), verb, lines, arguments.workers))
    sys.stdout.flush()
    return 0


def _jsonl_arguments(command: argparse.ArgumentParser, question: str) -> None:
    command.add_argument("--jsonl", metavar="FILE", help=f"questions {question}, one a line; - for standard input")
    command.add_argument("--workers", type=int, default=1, metavar="N", help="how many processes answer --jsonl (default: 1)")


# -- the verbs -------------------------------------------------------------------------------------------------


def _build_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("corpus", nargs="?", type=Path, metavar="CORPUS_DIR", help="default: the packaged corpus")
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: the user's cache folder")
    command.add_argument("--with", dest="law", nargs="+", type=Path, metavar="PATH", default=[], help="law to fold in (see 'renvoi import')")
    _engine_arguments(command)


def _engine_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--engine", default="local", metavar="ENGINE", help="what reads and cites: local processes (the default), or dask")
    command.add_argument("--scheduler", metavar="ADDRESS", help="the dask scheduler, tcp://host:port (default: one made here)")
    command.add_argument("--workers", type=int, metavar="N", help="how many processes (default: as many as processors)")


def _options(arguments: Arguments) -> Options:
    from kb.imports import Options

    if arguments.workers is not None and arguments.workers < 1:
        raise Misuse(f"--workers {arguments.workers}: a number from 1 on")
    return Options(getattr(arguments, "format", None), arguments.engine, arguments.scheduler, arguments.workers, _progress(), getattr(arguments, "within", None))


def _import_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a git repository of consolidations, the npm package legi-data, LEGI archives, a folder of documents")
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help="the knowledge base to add to, made if it is not there (default: that of --kb)")
    command.add_argument("--format", metavar="F", help="git, legi-data, legi, article or circular, where it is not to be detected")
    command.add_argument("--within", metavar="CODE", help="the code that article files are of, for instance css")
    _engine_arguments(command)


def _import(arguments: Arguments) -> int:
    from kb.imports import import_law
    from kb.query import KnowledgeBase

    target = arguments.output or arguments.kb
    if target is None:
        raise Misuse("import needs -o FILE: the knowledge base to add to, made if it is not there")
    report = import_law(arguments.paths, target, _options(arguments))
    return _imported(arguments, report, target, lambda: KnowledgeBase(target).counts())


def _imported(arguments: Arguments, report: Report, target: Path, counts: Callable[[], dict[str, int]]) -> int:
    for fault in report.faults:
        print(_fault(fault, {}), file=sys.stderr)
    if report.stopped:
        print("renvoi: nothing was written: a fault above stops the import", file=sys.stderr)
        return 1
    answer = {"path": str(target), "containers": report.containers, "counts": counts(), "read": dict(report.counts), "anomalies": dict(sorted(report.anomalies.items()))}
    return _answer(arguments, answer, _import_lines)


def _import_lines(answer: dict[str, Any]) -> Iterator[str]:
    yield from _built(answer["path"], answer["counts"])
    if not answer["containers"]:
        yield "nothing new: all of it was imported before"
    if answer["anomalies"]:
        yield "contradictions, kept and shown (renvoi show, export csv):"
        yield from (f"  {count:>6} {code}" for code, count in answer["anomalies"].items())


def _build(arguments: Arguments) -> int:
    from kb.build import build
    from kb.cache import default_path
    from kb.data import folder
    from kb.query import KnowledgeBase

    place = arguments.corpus or folder("corpus")
    if arguments.output is None and arguments.corpus is not None:
        raise Misuse("build CORPUS_DIR needs -o FILE: the cache holds the packaged corpus only")
    target = arguments.output or default_path()
    if arguments.law:
        from kb.imports import build_with

        corpus, report = build_with(place, arguments.law, target, _options(arguments))
    else:
        corpus, report = build(place, target, _progress()), None
    texts = {source.id: (source.text, str(place / source.path)) for source in corpus.sources}
    for fault in corpus.faults:
        print(_fault(fault, texts), file=sys.stderr)
    if any(fault.grave for fault in corpus.faults):
        print("renvoi: nothing was written: a fault above stops the build", file=sys.stderr)
        return 1
    if report is not None:
        return _imported(arguments, report, target, lambda: KnowledgeBase(target).counts())
    counts = KnowledgeBase(target).counts()
    return _answer(arguments, {"path": str(target), "counts": counts}, lambda a: _built(a["path"], a["counts"]))


def _fault(fault: Fault, texts: dict[str, tuple[str, str]]) -> str:
    from kb.fault import render

    text, path = texts.get(fault.span.source, (None, None)) if fault.span else (None, None)
    return render(fault, text, path)


def _built(path: str, counts: dict[str, int]) -> Iterator[str]:
    yield path
    yield from (f"  {count:>6} {name}" for name, count in counts.items())


def _progress() -> Callable[[str, int, int], None] | None:
    """A line on stderr that says which source is read, where a person watches."""
    if not sys.stderr.isatty():
        return None

    def show(name: str, done: int, total: int) -> None:
        if not total:
            print(f"\r\x1b[K{done} {name}", end="", file=sys.stderr, flush=True)
            return
        bar = "█" * (20 * (done + 1) // total)
        print(f"\r\x1b[K{bar:<20} {done + 1}/{total} {name}", end="\n" if done + 1 == total else "", file=sys.stderr, flush=True)

    return show


def _show_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("ref", nargs="?", metavar="REF", help="for instance css/D253-81#al5")
    command.add_argument("--at", metavar="DAY", help="the day asked about, YYYY-MM-DD")
    command.add_argument("--known-at", metavar="DAY", help="as it could be known that day: only what was published by then")
    _jsonl_arguments(command, '{"ref","at"}')


def _show(arguments: Arguments) -> int:
    from kb.terminal import shown

    if arguments.jsonl:
        return _many(arguments, "show")
    if arguments.ref is None:
        raise Misuse("show needs a REF, or --jsonl FILE")
    return _answer(arguments, _base(arguments).show(arguments.ref, at=arguments.at, known_at=arguments.known_at), shown)


def _cite_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", nargs="?", default="-", metavar="FILE", help="a text file; - for standard input")
    command.add_argument("--within", metavar="REF", help="the provision the text stands in: its code is the default one")
    command.add_argument("--at", metavar="DAY", help="the day at which names are to be understood")
    _jsonl_arguments(command, '{"id","text","within"}')
    form = command.add_mutually_exclusive_group()
    form.add_argument("--html", action="store_true", help="the text as HTML, its citations as links")
    form.add_argument("--markdown", action="store_true", help="the text with its citations as Markdown links")
    form.add_argument("--report", nargs=2, metavar=("OLD", "NEW"), help="the citations gained and lost between two --jsonl runs")


def _cite(arguments: Arguments) -> int:
    from kb.terminal import found

    if arguments.report:
        return _report(arguments)
    if arguments.jsonl:
        return _many(arguments, "cite")
    text = _text(arguments.file)
    citations = _base(arguments).cite(text, within=arguments.within, at=arguments.at)
    if arguments.html or arguments.markdown:
        from kb import markup

        sys.stdout.write((markup.to_html if arguments.html else markup.to_markdown)(text, citations))
        return 0
    return _answer(arguments, citations, found)


def _report(arguments: Arguments) -> int:
    from kb import cite_report

    old, new = (_text(name).split("\n") for name in arguments.report)
    report = cite_report.gained_lost(old, new)
    return _answer(arguments, report.to_json(), lambda _: [cite_report.render(report)])


def _follow_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("ref", metavar="REF")
    way = command.add_mutually_exclusive_group()
    way.add_argument("--in", dest="into", action="store_true", help="what cites REF")
    way.add_argument("--out", dest="into", action="store_false", help="what REF cites (the default)")
    command.add_argument("--depth", type=int, default=1, metavar="N")
    command.add_argument("--at", metavar="DAY", help="only links whose citing version was in force that day")


def _follow(arguments: Arguments) -> int:
    from kb.terminal import followed

    answer = _base(arguments).follow(arguments.ref, into=arguments.into, depth=arguments.depth, at=arguments.at)
    return _answer(arguments, answer, followed)


def _rules_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--at", metavar="DAY", help="only those in force that day")
    command.add_argument("--known-at", metavar="DAY", help="as could be known that day")
    command.add_argument("--about", metavar="REF", help="only those that quote or rest on REF")


def _rules(arguments: Arguments) -> int:
    from kb.terminal import listed

    answer = _base(arguments).rules(at=arguments.at, about=arguments.about, known_at=arguments.known_at)
    return _answer(arguments, answer, listed)


def _apply_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("rule", nargs="?", metavar="RULE", help="a rule's id; 'all' for every rule that the facts reach")
    command.add_argument("--at", metavar="DAY", help="the day of the evaluation (default: today)")
    command.add_argument("--known-at", metavar="DAY", help="as could be known that day")
    command.add_argument("--facts", metavar="JSON", default="{}", help="a JSON object, or @FILE")
    _jsonl_arguments(command, '{"rule","at","facts"}')


def _apply(arguments: Arguments) -> int:
    from kb.terminal import evaluated

    if arguments.jsonl:
        return _many(arguments, "apply")
    if arguments.rule is None:
        raise Misuse("apply needs a RULE, or --jsonl FILE")
    words = _text(arguments.facts[1:]) if arguments.facts.startswith("@") else arguments.facts
    try:
        facts = json.loads(words)
    except ValueError as error:
        raise Misuse(f"--facts is not JSON: {error}") from None
    answer = _base(arguments).apply(arguments.rule, facts, at=arguments.at, known_at=arguments.known_at)
    return _answer(arguments, answer, evaluated)


def _trace_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("id", metavar="ID", help="a rule's id, or a citation's number")
    command.add_argument("--at", metavar="DAY", help="the day at which a rule's basis is looked at (default: today)")


def _trace(arguments: Arguments) -> int:
    from kb.terminal import traced

    return _answer(arguments, _base(arguments).trace(arguments.id, at=arguments.at), traced)


def _diff_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("ref", metavar="REF", help="an article, or a code or division of one")
    command.add_argument("first", metavar="D1")
    command.add_argument("second", metavar="D2")


def _diff(arguments: Arguments) -> int:
    from kb.terminal import differed

    answer = _base(arguments).diff(arguments.ref, arguments.first, arguments.second)
    return _answer(arguments, answer, lambda a: differed(a, colour=sys.stdout.isatty()))


def _history_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("ref", metavar="REF")


def _history(arguments: Arguments) -> int:
    from kb.terminal import told

    return _answer(arguments, _base(arguments).history(arguments.ref), told)


def _search_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("words", nargs="+", metavar="WORDS", help='accents and elisions optional, words found by their stems; "words side by side" between quotes')
    command.add_argument("--at", metavar="DAY", help="only what was in force that day")
    command.add_argument("--limit", type=int, default=20, metavar="N")


def _search(arguments: Arguments) -> int:
    from kb.terminal import searched

    answer = _base(arguments).search(" ".join(arguments.words), at=arguments.at, limit=arguments.limit)
    return _answer(arguments, answer, searched)


def _verify_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--corpus", type=Path, metavar="DIR", help="where the sources are (default: where they were read)")


def _verify(arguments: Arguments) -> int:
    from kb.verify import verify

    report = verify(_base(arguments).query, arguments.corpus)
    _answer(arguments, report.to_json(), lambda _: report.lines())
    return 1 if report.failures else 0


def _sparql_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("query", metavar="QUERY", help="SPARQL, or @FILE")


def _sparql(arguments: Arguments) -> int:
    query = _text(arguments.query[1:]) if arguments.query.startswith("@") else arguments.query
    answer = _base(arguments).sparql(query)
    return _answer(arguments, answer, lambda a: ("\t".join(str(v) for v in row.values()) for row in a["rows"]))


def _export_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("format", metavar="FORMAT", help="csv, parquet, turtle or rdf (TriG)")
    command.add_argument("path", type=Path, metavar="PATH")


def _export(arguments: Arguments) -> int:
    from kb.export import write

    written = write(_base(arguments).query, arguments.format, arguments.path)
    return _answer(arguments, {"written": [str(path) for path in written]}, lambda a: a["written"])


def _site_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("action", choices=("build", "serve"))
    command.add_argument("-o", "--output", type=Path, metavar="DIR", help="where to build (default: build/site)")
    command.add_argument("--port", type=int, default=8000)


def _site(arguments: Arguments) -> int:
    from kb.pages import build_site, serve_site

    base = _base(arguments)
    if arguments.action == "build":
        return _answer(arguments, {"site": str(build_site(base, arguments.output))}, lambda a: [a["site"]])
    return serve_site(base, arguments.output, arguments.port)


# What each verb runs, says of itself and takes, beside --json and --kb.
VERBS: dict[str, tuple[Callable[[Arguments], int], str, Callable[[argparse.ArgumentParser], None]]] = {
    "build": (_build, "read a corpus folder, write a knowledge base, print counts and faults", _build_arguments),
    "import": (_import, "add legal data in other formats to a knowledge base", _import_arguments),
    "show": (_show, "a text, provision or version: status, text, bounds with proofs, links", _show_arguments),
    "cite": (_cite, "find citations in any text", _cite_arguments),
    "follow": (_follow, "the citation links", _follow_arguments),
    "diff": (_diff, "what changed between two days", _diff_arguments),
    "history": (_history, "every version of a provision, who made it and who says so", _history_arguments),
    "search": (_search, "full text in French", _search_arguments),
    "rules": (_rules, "the rules in force on a day", _rules_arguments),
    "apply": (_apply, "evaluate a rule on facts", _apply_arguments),
    "trace": (_trace, "the audit trail of a rule or citation", _trace_arguments),
    "verify": (_verify, "re-prove every promise from the sources on disk; exit 1 on any failure", _verify_arguments),
    "sparql": (_sparql, "ask the RDF view", _sparql_arguments),
    "export": (_export, "write the knowledge base in a public format", _export_arguments),
    "site": (_site, "the browsable site", _site_arguments),
}


if __name__ == "__main__":
    sys.exit(main())
