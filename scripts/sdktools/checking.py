"""Generates clients of many specs and compiles them, one language after the other."""

import pathlib
import time

from . import generation, languages, toolchains


class Report:
    """What a language did with the specs."""

    def __init__(self, language):
        self.language = language
        self.problems = []
        self.refused = []
        self.clients = []
        self.missing = None
        self.generating = 0.0
        self.compiling = 0.0

    @property
    def line(self):
        files = sum(client.files for client in self.clients)
        size = sum(client.bytes for client in self.clients)
        text = f"{self.language}: {len(self.clients)} clients, {files} files, {size:,} bytes; "
        text += f"generated in {self.generating:.1f} s, compiled in {self.compiling:.1f} s"
        return text + (f"; {len(self.refused)} specs refused" if self.refused else "")


def check(sdkgen, specs, name, work, is_compiled=True, parameters=()):
    """A report of a language. `specs` are paths; clients get names by their number, so that each has its own."""
    report = Report(name)
    language = languages.BY_NAME[name]
    work = pathlib.Path(work) / name
    work.mkdir(parents=True, exist_ok=True)
    for number, spec in enumerate(specs):
        folder = work / f"spec{number:03}"
        try:
            client = generation.generate(sdkgen, spec, name, folder, f"spec{number:03}", parameters)
        except generation.GenerationFailure as failure:
            if failure.status == 3:
                report.refused.append(f"{spec}: {failure}")
            else:
                report.problems.append(f"{spec}: the generator failed: {failure}")
            continue
        report.generating += client.seconds
        report.clients.append(client)
        before = snapshot(folder)
        try:
            generation.generate(sdkgen, spec, name, folder, f"spec{number:03}", parameters)
        except generation.GenerationFailure as failure:
            report.problems.append(f"{spec}: the second run failed: {failure}")
        if snapshot(folder) != before:
            report.problems.append(f"{spec}: the second run wrote other bytes")
    if is_compiled and report.clients:
        start = time.monotonic()
        try:
            for first in range(0, len(report.clients), language.batch):
                batch = report.clients[first : first + language.batch]
                report.problems += language.compile([client.folder for client in batch], str(work))
        except toolchains.Missing as missing:
            report.missing = str(missing)
        report.compiling = time.monotonic() - start
    return report


def snapshot(folder):
    return {path: path.read_bytes() for path in sorted(pathlib.Path(folder).rglob("*")) if path.is_file()}


def run(sdkgen, specs, names, work, is_present_only, may_refuse, is_compiled=True, parameters=(), limit=20000):
    """Checks languages one after the other and prints what they did; whether all is well."""
    is_well = True
    for name in names:
        report = check(sdkgen, specs, name, work, is_compiled, parameters)
        print(report.line, flush=True)
        if report.missing:
            print(f"{name}: not compiled: {report.missing}", flush=True)
            is_well = is_well and is_present_only
        if report.refused and not may_refuse:
            is_well = False
        if report.problems:
            is_well = False
        for text in (report.refused if not may_refuse else []) + report.problems:
            print(f"{name}: {text[:limit]}", flush=True)
    return is_well
