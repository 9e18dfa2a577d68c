"""Run a pure map over chunks: in this process, in processes of this machine, or on a dask cluster.

Results come back in the order of the chunks whatever ran them, and only a bounded number of chunks is under way, so
that the same input gives the same bytes and memory stays bounded. A worker that dies costs its chunks a second run.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from itertools import chain, islice
from typing import Protocol, TypeVar

from kb.ground.fault import Misuse

ENGINES = ("local", "dask")

C = TypeVar("C")
T = TypeVar("T")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class _Future(Protocol[R_co]):
    """A result of a dask cluster, still to come."""

    def result(self) -> R_co: ...


_context: object = None  # of a worker process, set once when it starts


def run(
    work: Callable[[C, T], R],
    context: C,
    chunks: Iterable[T],
    *,
    engine: str = "local",
    scheduler: str | None = None,
    workers: int | None = None,
) -> Iterator[R]:
    """``work(context, chunk)`` of every chunk, in order. *context* travels once to each worker.

    ``local`` uses as many processes as this one may use processors, or *workers*; ``dask`` the cluster at *scheduler*,
    or one of *workers* processes made here. Raises ``Misuse`` when the engine cannot be had.
    """
    if engine == "dask":
        return _dask(work, context, chunks, scheduler, workers)
    if engine != "local":
        raise Misuse(f"no engine '{engine}': one of {', '.join(ENGINES)}")
    if scheduler:
        raise Misuse("--scheduler goes with --engine dask")
    return _local(
        work,
        context,
        chunks,
        workers or len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
    )


def _local(work: Callable[[C, T], R], context: C, chunks: Iterable[T], workers: int) -> Iterator[R]:
    stream = iter(chunks)
    first = list(islice(stream, 2))
    if workers < 2 or len(first) < 2:
        yield from (work(context, chunk) for chunk in chain(first, stream))
        return
    # Forked workers share what this process has read; where there is no fork they start from nothing.
    how = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    waiting: deque[tuple[T, Future[R]]] = deque()

    def pool() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, multiprocessing.get_context(how), _begin, (context,))

    executor, restarts = pool(), 0
    try:
        source = chain(first, stream)
        while True:
            for chunk in islice(source, 2 * workers - len(waiting)):
                waiting.append((chunk, executor.submit(_work, work, chunk)))
            if not waiting:
                return
            try:
                result = waiting[0][1].result()
            except BrokenProcessPool:
                restarts += 1
                if restarts > 3:
                    raise Misuse("worker processes keep dying: is there memory enough?") from None
                executor.shutdown(cancel_futures=True)
                executor = pool()
                waiting = deque((chunk, executor.submit(_work, work, chunk)) for chunk, _ in waiting)
                continue
            waiting.popleft()
            yield result
    finally:
        executor.shutdown(cancel_futures=True)


def _begin(context: object) -> None:
    global _context
    _context = context
    gc.set_threshold(100_000, 50, 50)


def _work(work: Callable[[C, T], R], chunk: T) -> R:
    return work(_context, chunk)  # type: ignore[arg-type]  # what ``_begin`` was handed with it


def _dask(
    work: Callable[[C, T], R], context: C, chunks: Iterable[T], scheduler: str | None, workers: int | None
) -> Iterator[R]:
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise Misuse("--engine dask needs the package 'distributed': pip install 'renvoi[dask]'") from None
    cluster = None
    try:
        if scheduler is None:
            cluster = distributed.LocalCluster(
                n_workers=workers or 2, threads_per_worker=1, processes=True, dashboard_address=None
            )
        client = distributed.Client(scheduler or cluster, timeout="10s")
    except (OSError, ValueError, TimeoutError) as error:
        raise Misuse(f"no dask scheduler answers at {scheduler}: {error}") from None
    try:
        with client:
            shared = client.scatter(context, broadcast=True, hash=False)
            width = 2 * max(2, sum(client.nthreads().values()))
            waiting: deque[_Future[R]] = deque()
            stream = iter(chunks)
            while True:
                for chunk in islice(stream, width - len(waiting)):
                    waiting.append(client.submit(work, shared, chunk, pure=False, retries=3))
                if not waiting:
                    return
                try:
                    yield waiting.popleft().result()
                except distributed.KilledWorker as error:
                    raise Misuse(f"dask workers keep dying: {error}") from None
    finally:
        if cluster is not None:
            cluster.close()
