"""The commands that ask a knowledge base."""

from __future__ import annotations

import argparse
import json
import sys

from kb.cli.common import Arguments, answer_out, jsonl_arguments, many, open_base, text_of
from kb.ground.fault import Misuse


def show_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("ref", nargs="?", metavar="REF", help="for instance css/D253-81#al5")
    command.add_argument("--at", metavar="DAY", help="the day asked about, YYYY-MM-DD")
    command.add_argument(
        "--known-at", metavar="DAY", help="as it could be known that day: only what was published by then"
    )
    jsonl_arguments(command, '{"ref","at"}')


def show(arguments: Arguments) -> int:
    from kb.show.terminal import shown

    if arguments.jsonl:
        return many(arguments, "show")
    if arguments.ref is None:
        raise Misuse("show needs a REF, or --jsonl FILE")
    return answer_out(
        arguments, open_base(arguments).show(arguments.ref, at=arguments.at, known_at=arguments.known_at), shown
    )


def cite_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", nargs="?", default="-", metavar="FILE", help="a text file; - for standard input")
    command.add_argument(
        "--within", metavar="REF", help="the provision the text stands in: its code is the default one"
    )
    command.add_argument("--at", metavar="DAY", help="the day at which names are to be understood")
    jsonl_arguments(command, '{"id","text","within"}')
    form = command.add_mutually_exclusive_group()
    form.add_argument("--html", action="store_true", help="the text as HTML, its citations as links")
    form.add_argument("--markdown", action="store_true", help="the text with its citations as Markdown links")
    form.add_argument(
        "--report", nargs=2, metavar=("OLD", "NEW"), help="the citations gained and lost between two --jsonl runs"
    )


def cite(arguments: Arguments) -> int:
    from kb.show.terminal import found

    if arguments.report:
        return _report(arguments)
    if arguments.jsonl:
        return many(arguments, "cite")
    text = text_of(arguments.file)
    citations = open_base(arguments).cite(text, within=arguments.within, at=arguments.at)
    if arguments.html or arguments.markdown:
        from kb.show import linked as markup

        sys.stdout.write((markup.to_html if arguments.html else markup.to_markdown)(text, citations))
        return 0
    return answer_out(arguments, citations, found)


def _report(arguments: Arguments) -> int:
    from kb.cite import report as cited

    old, new = (text_of(name).split("\n") for name in arguments.report)
    report = cited.gained_lost(old, new)
    return answer_out(arguments, report.to_json(), lambda _: [cited.render(report)])


def limits_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", nargs="?", default="-", metavar="FILE", help="a text file; - for standard input")
    jsonl_arguments(command, '{"id","text"}')


def limits(arguments: Arguments) -> int:
    from kb.show.terminal import bounded
    from kb.words.limits import limits as read

    if arguments.jsonl:
        return many(arguments, "limits")
    return answer_out(arguments, [limit._asdict() for limit in read(text_of(arguments.file))], bounded)


def follow_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("ref", metavar="REF")
    way = command.add_mutually_exclusive_group()
    way.add_argument("--in", dest="into", action="store_true", help="what cites REF")
    way.add_argument("--out", dest="into", action="store_false", help="what REF cites (the default)")
    command.add_argument("--depth", type=int, default=1, metavar="N")
    command.add_argument("--at", metavar="DAY", help="only links whose citing version was in force that day")


def follow(arguments: Arguments) -> int:
    from kb.show.terminal import followed

    answer = open_base(arguments).follow(arguments.ref, into=arguments.into, depth=arguments.depth, at=arguments.at)
    return answer_out(arguments, answer, followed)


def rules_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("--at", metavar="DAY", help="only those in force that day")
    command.add_argument("--known-at", metavar="DAY", help="as could be known that day")
    command.add_argument("--about", metavar="REF", help="only those that quote or rest on REF")


def rules(arguments: Arguments) -> int:
    from kb.show.terminal import listed

    answer = open_base(arguments).rules(at=arguments.at, about=arguments.about, known_at=arguments.known_at)
    return answer_out(arguments, answer, listed)


def apply_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "rule", nargs="?", metavar="RULE", help="a rule's id; 'all' for every rule that the facts reach"
    )
    command.add_argument("--at", metavar="DAY", help="the day of the evaluation (default: today)")
    command.add_argument("--known-at", metavar="DAY", help="as could be known that day")
    command.add_argument("--facts", metavar="JSON", default="{}", help="a JSON object, or @FILE")
    jsonl_arguments(command, '{"rule","at","facts"}')


def apply(arguments: Arguments) -> int:
    from kb import rules
    from kb.show.terminal import evaluated

    if arguments.jsonl:
        return many(arguments, "apply")
    if arguments.rule is None:
        raise Misuse("apply needs a RULE, or --jsonl FILE")
    words = text_of(arguments.facts[1:]) if arguments.facts.startswith("@") else arguments.facts
    try:
        facts = json.loads(words)
    except (ValueError, RecursionError) as error:
        raise Misuse(f"--facts is not JSON: {error}") from None
    base = open_base(arguments)
    answer = base.apply(arguments.rule, facts, at=arguments.at, known_at=arguments.known_at)
    for one in answer if isinstance(answer, list) else [answer]:
        one["said"] = rules.said(base.rulebook.rule(one["rule"]), one)
    return answer_out(arguments, answer, evaluated)


def trace_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("id", metavar="ID", help="a rule's id, or a citation's number")
    command.add_argument("--at", metavar="DAY", help="the day at which a rule's basis is looked at (default: today)")


def trace(arguments: Arguments) -> int:
    from kb.show.terminal import traced

    return answer_out(arguments, open_base(arguments).trace(arguments.id, at=arguments.at), traced)


def diff_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("ref", metavar="REF", help="an article, or a code or division of one")
    command.add_argument("first", metavar="D1")
    command.add_argument("second", metavar="D2")


def diff(arguments: Arguments) -> int:
    from kb.show.terminal import differed

    answer = open_base(arguments).diff(arguments.ref, arguments.first, arguments.second)
    return answer_out(arguments, answer, lambda a: differed(a, colour=sys.stdout.isatty()))


def history_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("ref", metavar="REF")


def history(arguments: Arguments) -> int:
    from kb.show.terminal import told

    return answer_out(arguments, open_base(arguments).history(arguments.ref), told)


def search_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "words",
        nargs="+",
        metavar="WORDS",
        help='accents and elisions optional, words found by their stems; "words side by side" between quotes',
    )
    command.add_argument("--at", metavar="DAY", help="only what was in force that day")
    command.add_argument("--limit", type=int, default=20, metavar="N")


def search(arguments: Arguments) -> int:
    from kb.show.terminal import searched

    answer = open_base(arguments).search(" ".join(arguments.words), at=arguments.at, limit=arguments.limit)
    return answer_out(arguments, answer, searched)


def sparql_arguments(command: argparse.ArgumentParser) -> None:
    command.add_argument("query", metavar="QUERY", help="SPARQL, or @FILE")
    command.add_argument("--rows", type=int, default=10_000, metavar="N", help="at most so many (default: 10,000)")
    command.add_argument("--seconds", type=float, default=60.0, metavar="N", help="at most so long (default: 60)")


def sparql(arguments: Arguments) -> int:
    query = text_of(arguments.query[1:]) if arguments.query.startswith("@") else arguments.query
    answer = open_base(arguments).sparql(query, arguments.rows, arguments.seconds)
    if answer.get("more") and not arguments.json:
        print(f"renvoi: only the first {arguments.rows} rows (see --rows)", file=sys.stderr)
    return answer_out(
        arguments,
        answer,
        lambda a: ("\t".join("" if v is None else str(v) for v in row.values()) for row in a["rows"]),
    )
