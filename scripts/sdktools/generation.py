"""Runs the generator."""

import os
import pathlib
import resource
import signal
import subprocess
import time

# Seconds of a processor for one client; a debug build takes about two for a thousand operations.
LIMIT = 30
# Seconds in all: on a busy machine a process may wait for long.
PATIENCE = 300
# Bytes of memory: a generator that runs away must not take the machine with it.
MEMORY = 4 << 30


class Generated:
    """What a run of the generator made."""

    def __init__(self, folder, seconds):
        self.folder = folder
        self.seconds = seconds
        files = [path for path in pathlib.Path(folder).rglob("*") if path.is_file()]
        self.files = len(files)
        self.bytes = sum(path.stat().st_size for path in files)


class GenerationFailure(Exception):
    """The generator failed. `status` 3 means that the spec has an error."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


def limit():
    """Bounds the process that is about to become the generator."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT + 1))


def generate(sdkgen, spec, language, folder, name=None, parameters=()):
    """Writes a client of `spec` to `folder`."""
    command = [sdkgen, "--language", language, "--output", str(folder), str(spec)]
    if name:
        command += ["--name", name]
    command += [word for parameter in parameters for word in ("--param", parameter)]
    start = time.monotonic()
    try:
        # A crash is told by its status; a trace of thousands of lines would hide what else went wrong.
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=PATIENCE,
            preexec_fn=limit,
            env={**os.environ, "SWIFT_BACKTRACE": "enable=no"},
        )  # fmt: skip
    except subprocess.TimeoutExpired as timeout:
        raise GenerationFailure(None, f"it is not done after {PATIENCE} s") from timeout
    seconds = time.monotonic() - start
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
        reason = f"a crash, an overflow of its stack, or more than {MEMORY >> 30} GiB of memory"
        if -done.returncode == signal.SIGXCPU:
            reason = f"it is not done after {LIMIT} s of a processor"
        text = f"it ended with {name}: {reason}"
        raise GenerationFailure(done.returncode, f"{text}\n{done.stderr.strip()[-2000:]}".strip())
    if done.returncode != 0:
        raise GenerationFailure(done.returncode, done.stderr.strip() or f"exit status {done.returncode}")
    return Generated(folder, seconds)
