"""A command as a process of its own, and what it costs: for the benchmarks beside."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RENVOI = [sys.executable, "-c", "import sys; from kb.cli import run; sys.exit(run())"]


def spent(command: list[str]) -> tuple[float, float, str]:
    """Seconds, MiB at the peak with its workers, and what it printed. Ends this process where it fails."""
    with tempfile.TemporaryFile("w+") as out:
        start, peak = time.perf_counter(), 0
        process = subprocess.Popen(command, cwd=ROOT, stdout=out)
        while process.poll() is None:
            peak = max(peak, _own_memory(process.pid))
            time.sleep(0.05)
        seconds = time.perf_counter() - start
        if process.returncode:
            sys.exit(f"{' '.join(command[3:])}: exit {process.returncode}")
        out.seek(0)
        return seconds, peak / 1024, out.read()


def _own_memory(pid: int) -> int:
    """KiB that a process and those it started hold of their own; pages of the file that SQLite maps are not counted."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        tasks = Path(f"/proc/{pid}/task").iterdir()
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return 0
    own = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon")), 0)
    return own + sum(map(_own_memory, children))
