"""What RDF costs: ``python benchmarks/rdf.py FILE.kb [FORMAT…]`` exports it, makes its SPARQL store, asks from cold processes.

Each step runs in a process of its own; printed are seconds of clock and of processor, and the peak memory in MiB.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

QUESTIONS = {
    "one version": 'select ?p where { ?v eli:id_local "LEGIARTI000006735962" ; eli:realizes ?p }',
    "in force and citing": """select distinct ?c where { ?c rv:cited <css/D133-1> ; rv:citingVersion/rv:inForce ?s . ?s rv:from ?f .
        optional { ?s rv:until ?u } filter(?f <= "1997-05-01"^^xsd:date && (!bound(?u) || ?u > "1997-05-01"^^xsd:date)) }""",
}


def measured(step: str, command: list[str]) -> None:
    """Run *command* and print what it cost, those of its own children included."""
    began = time.monotonic()
    child = os.posix_spawn(sys.executable, [sys.executable, *command], os.environ)
    _, status, used = os.wait4(child, 0)
    wall, cpu = time.monotonic() - began, used.ru_utime + used.ru_stime
    print(f"{step:<24} {wall:8.2f} s {cpu:8.2f} s cpu {used.ru_maxrss / 1024:8.0f} MiB  exit {status >> 8}", flush=True)


def main(base: str, *formats: str) -> None:
    run = ["-c", "import sys; from kb.cli import main; sys.exit(main())"]
    measured("a bare interpreter", ["-c", "pass"])
    with tempfile.TemporaryDirectory() as folder:
        for form in formats or ("nq", "turtle", "jsonld"):
            path = Path(folder) / form
            measured(f"export {form}", [*run, "export", form, str(path), "--kb", base])
            print(f"{'':<24} {path.stat().st_size / 1e6:8.0f} MB")
            path.unlink()
    for step in ("the first question", "another"):
        measured(step, [*run, "sparql", "ask { ?s ?p ?o }", "--kb", base])
    for name, query in QUESTIONS.items():
        measured(name, [*run, "sparql", query, "--kb", base])


if __name__ == "__main__":
    main(*sys.argv[1:])
