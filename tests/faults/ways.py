"""Ways in which things break: each a block in which it is broken, and after which it is not."""

import os
import re
import resource
import shutil
import signal
import socket
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest

from tests.piped import Piped
from tests.service import PATIENCE_SECONDS, RunningService, until

_NO_STRACE = "needs strace, and the right to attach it (Debian: apt install strace)"

_CALL = re.compile(r"(\d+) +(\w+)\(")
_HIT = re.compile(r"\((INJECTED|DELAYED)|killed by SIGKILL")


def workers(service: RunningService) -> list[int]:
    """The processes that answer, as the system lists them."""
    assert service.process
    pid = service.process.pid
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [int(child) for child in listed]


class NobodyHitError(AssertionError):
    """What was injected met nobody: nothing was tried."""


@contextmanager
def system_calls(
    service: RunningService,
    *inject: str,
    only: Sequence[Path] = (),
    of: Sequence[int] = (),
    threads: Sequence[int] = (),
) -> Iterator[Path]:
    """Let system calls of all workers, or of those in *of*, or of single *threads*, fail, wait or kill.

    In strace's words. *only*: those on these files. What it saw stands in the file that is given.
    """
    names = ",".join(each.partition(":")[0] for each in inject)
    words = [word for each in inject for word in ("-e", f"inject={each}")]
    where = [word for path in only for word in ("-P", str(path))]
    follow = [] if threads else ["-f"]
    with _traced(service, [*follow, "-e", f"trace={names}", *words, *where], threads or of) as seen:
        try:
            yield seen
        except AssertionError as error:
            _must_have_hit(inject, seen, error)
            raise
    _must_have_hit(inject, seen)


def _must_have_hit(inject: Sequence[str], seen: Path, error: AssertionError | None = None) -> None:
    if not _HIT.search(seen.read_text("utf-8", "replace")):
        raise NobodyHitError(f"nobody was hit by {inject}") from error


@contextmanager
def _traced(service: RunningService, words: Sequence[str], of: Sequence[int] = ()) -> Iterator[Path]:
    program = shutil.which("strace") or pytest.skip(_NO_STRACE)
    pids = list(of or workers(service))
    traced = [word for pid in pids for word in ("-p", str(pid))]
    told, seen = service.home / "strace.told", service.home / "strace.seen"
    with told.open("w", encoding="utf-8") as out:
        tracer = subprocess.Popen([program, *words, "-o", str(seen), *traced], stdout=out, stderr=out)

    def is_attached() -> bool:
        return told.read_text("utf-8").count(" attached") >= len(pids)

    try:
        until(lambda: tracer.poll() is not None or is_attached(), "strace is attached")
        if not is_attached():
            pytest.skip(f"{_NO_STRACE}: {told.read_text('utf-8')}")
        yield seen
    finally:
        _end(tracer)


def _end(tracer: "subprocess.Popen[bytes]") -> None:
    """Let go of what is traced. Where that was killed meanwhile, strace may wait for it in vain."""
    tracer.send_signal(signal.SIGINT)
    try:
        tracer.wait(5)
    except subprocess.TimeoutExpired:
        tracer.kill()
        tracer.wait(PATIENCE_SECONDS)


def calls_on(service: RunningService, place: Path, happens: Callable[[], None]) -> dict[str, list[int]]:
    """The system calls that reach files at or under *place* while something *happens*; of each, who made them."""
    with _traced(service, ["-f", "-y", "-e", "trace=%desc,%file"]) as seen:
        happens()
    made: dict[str, list[int]] = defaultdict(list)
    for line in (line for line in seen.read_text("utf-8", "replace").splitlines() if str(place) in line):
        if call := _CALL.match(line):
            made[call[2]].append(int(call[1]))
    return made


@contextmanager
def killed(service: RunningService) -> Iterator[None]:
    """One of the workers is killed; the server itself begins another."""
    before = workers(service)
    os.kill(before[0], signal.SIGKILL)
    yield
    until(lambda: len(workers(service)) == len(before), "another worker has begun")


@contextmanager
def gone(service: RunningService) -> Iterator[None]:
    """The whole service is killed, as a power cut would, and started again after the block."""
    service.stop(signal.SIGKILL)
    try:
        yield
    finally:
        service.start()


@contextmanager
def unread(service: Piped) -> Iterator[None]:
    """Whoever read its log goes away; after the block another one comes."""
    assert service.reader
    service.reader.terminate()
    service.reader.wait(PATIENCE_SECONDS)
    try:
        yield
    finally:
        service.read()


@contextmanager
def out_of_files(service: RunningService) -> Iterator[None]:
    """One of the workers may open no more files than it has open."""
    pid = workers(service)[0]
    soft, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (len(list(Path(f"/proc/{pid}/fd").iterdir())), hard))
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def silent_connections(service: RunningService, silent: int, stalled: int) -> Iterator[None]:
    """Others hold connections: those *silent* say nothing at all, those *stalled* begin a request and do not end it."""
    with ExitStack() as held:
        for number in range(silent + stalled):
            connection = held.enter_context(socket.create_connection(("127.0.0.1", service.port)))
            if number >= silent:
                connection.sendall(b"POST /twilio/voice HTTP/1.1\r\nContent-Length: 9\r\n")
        yield


def tear(spool: Path) -> int:
    """An entry of those that wait in *spool* is there cut off after each of its bytes, as power cuts leave it.

    Each time in a file of its own, behind the whole of it; in how many files.
    """
    file = next(file for file in spool.glob("*.jsonl") if file.stat().st_size)
    last = file.read_bytes().splitlines(keepends=True)[-1]
    cuts = range(1, len(last) - 1)
    for cut in cuts:
        _beside(file).write_bytes(last + last[:cut])
    return len(cuts)


def multiplied(spool: Path, times: int) -> int:
    """Each file that waits in *spool* is there so often; how many these are."""
    files = list(spool.glob("*.jsonl"))
    for file in files * (times - 1):
        shutil.copy(file, _beside(file))
    return len(files) * times


def _beside(file: Path) -> Path:
    """Another file of the spool, begun just then."""
    return file.with_name(f"{file.name.partition('-')[0]}-{uuid4().hex}.jsonl")


@contextmanager
def written_over(file: Path, content: bytes | None) -> Iterator[None]:
    """A file holds *content* instead of its own; None: it is not there."""
    good = file.read_bytes()
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    try:
        yield
    finally:
        file.write_bytes(good)


_DISK_BYTES = 300_000_000


@contextmanager
def small_disk(place: Path) -> Iterator[None]:
    """A disk of 300 MB is there, in memory."""
    place.mkdir()
    mount, unmount = (shutil.which(name) or pytest.skip(f"needs {name}") for name in ("mount", "umount"))
    command = [mount, "-t", "tmpfs", "-o", f"size={_DISK_BYTES}", "tmpfs", str(place)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"needs the right to mount a tmpfs: {mounted.stderr}")
    try:
        yield
    finally:
        subprocess.run([unmount, "--lazy", place], check=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Something else takes all the space that is left on *disk*."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(resource.getpagesize()))
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def immutable(files: Sequence[Path]) -> Iterator[None]:
    """Nobody may write these files, not even who has them open."""
    try:
        _changed_attribute("+i", files)
        yield
    finally:
        _changed_attribute("-i", files)


def _changed_attribute(which: str, files: Sequence[Path]) -> None:
    program = shutil.which("chattr") or pytest.skip("needs chattr (Debian: apt install e2fsprogs)")
    done = subprocess.run([program, which, *files], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"needs a file system that knows `chattr {which}`, and the right to it: {done.stderr}")


@contextmanager
def paused(service: RunningService) -> Iterator[None]:
    """One of the workers stands still."""
    with standing_still(workers(service)[:1]):
        yield


@contextmanager
def frozen(service: RunningService) -> Iterator[None]:
    """All of its processes stand still, as when a virtual machine is moved."""
    assert service.process
    with standing_still([service.process.pid, *workers(service)]):
        yield


@contextmanager
def standing_still(processes: Sequence[int]) -> Iterator[None]:
    """They are there, and do nothing whatever; the first is their main one. Others may end by themselves just now."""
    main, *others = processes
    os.kill(main, signal.SIGSTOP)
    try:
        _tell(others, signal.SIGSTOP)
        yield
    finally:
        _tell([*others, main], signal.SIGCONT)


def _tell(processes: Iterable[int], what: signal.Signals) -> None:
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, what)


@contextmanager
def out_of_memory(service: RunningService) -> Iterator[None]:
    """One of the workers gets no more memory than it has."""
    pid = workers(service)[0]
    soft, hard = resource.prlimit(pid, resource.RLIMIT_AS)
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[0])
    resource.prlimit(pid, resource.RLIMIT_AS, (pages * resource.getpagesize(), hard))
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_AS, (soft, hard))
