"""Runs the generator."""

import os
import pathlib
import resource
import signal
import subprocess
import time

# Seconds for one client; a debug build takes about two for a thousand operations.
LIMIT = 30
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
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=LIMIT,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
            env={**os.environ, "SWIFT_BACKTRACE": "enable=no"},
        )  # fmt: skip
    except subprocess.TimeoutExpired as timeout:
        raise GenerationFailure(None, f"it is not done after {LIMIT} s") from timeout
    seconds = time.monotonic() - start
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
        text = f"it ended with {name}: a crash, an overflow of its stack, or more than {MEMORY >> 30} GiB of memory"
        raise GenerationFailure(done.returncode, f"{text}\n{done.stderr.strip()[-2000:]}".strip())
    if done.returncode != 0:
        raise GenerationFailure(done.returncode, done.stderr.strip() or f"exit status {done.returncode}")
    return Generated(folder, seconds)
