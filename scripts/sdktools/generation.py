"""Runs the generator."""

import os
import pathlib
import resource
import subprocess
import time

# Seconds for one client; a debug build takes less than one for a thousand operations.
LIMIT = 60
# Bytes of memory: one that makes types without end must not take the machine with it.
MEMORY = 3 << 30


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


def generate(sdkgen, spec, language, folder, name=None, layout="package"):
    """Writes a client of `spec` to `folder`."""
    command = [sdkgen, "--language", language, "--output", str(folder), "--layout", layout, str(spec)]
    if name:
        command += ["--name", name]
    start = time.monotonic()
    try:
        # A crash is told by its status; a trace of thousands of lines would hide what else went wrong.
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=LIMIT,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
            env={**os.environ, "SWIFT_BACKTRACE": "enable=no"},
        )  # fmt: skip
    except subprocess.TimeoutExpired as timeout:
        raise GenerationFailure(None, f"not done after {LIMIT} s") from timeout
    seconds = time.monotonic() - start
    if done.returncode != 0:
        raise GenerationFailure(done.returncode, done.stderr.strip() or f"exit status {done.returncode}")
    return Generated(folder, seconds)
