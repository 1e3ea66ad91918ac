"""Turns the samples of a client's README into a source that compiles only if each of them does.

Samples are code blocks in the client's language. Those of operations use the client that an earlier block makes, as a
reader would; here it is a parameter.
"""

import pathlib
import re

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$|^## (.*?)$|^### (.*?)$", re.M | re.S)


class Sample:
    """A code block, with the headings that it stands below."""

    def __init__(self, text, section, operation):
        self.text = text
        self.section = section
        self.operation = operation

    @property
    def has_client(self):
        """Whether it uses a client that it does not make."""
        return re.search(r"\bclient\b", self.text) and not re.search(r"\bclient\b[^=\n.(]* :?= |\bas client:", self.text)


def read(client, tag):
    """All samples of a README, those of how to install the package left out."""
    samples = []
    section = operation = None
    for match in BLOCK.finditer((pathlib.Path(client) / "README.md").read_text()):
        if match[3] is not None:
            section, operation = match[3], None
        elif match[4] is not None:
            operation = match[4]
        elif match[1] == tag and section != "Install":
            samples.append(Sample(match[2], section, operation if section in ("Operations", "Messages") else None))
    return samples


def indented(text, width=4):
    return "".join(" " * width + line if line.strip() else line for line in text.splitlines(keepends=True))


def hoisted(text, pattern):
    """Lines that match, and the rest."""
    lines = text.splitlines(keepends=True)
    return [line for line in lines if re.match(pattern, line)], "".join(
        line for line in lines if not re.match(pattern, line)
    )


def write(path, text):
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path.resolve()


def python(client, folder, package):
    """A function for each, with its imports within."""
    text = "from __future__ import annotations\n"
    for number, sample in enumerate(read(client, "python")):
        text += f"\n\ndef sample_{number}() -> None:\n{indented(sample.text)}"
    return [write(pathlib.Path(folder) / f"samples_of_{package}.py", text)]


def typescript(client, folder, name, entry):
    """A function for each; `entry` is what the package's name stands for."""
    samples = read(client, "ts")
    imports = set()
    body = ""
    maker = None
    for number, sample in enumerate(samples):
        lines, rest = hoisted(sample.text, r"import ")
        imports.update(lines)
        found = re.search(r"const client = new (\w+)\(", rest)
        maker = maker or (found and found[1])
        given = f"client: {maker}" if sample.has_client else ""
        body += f"\nexport async function sample{number}({given}): Promise<void> {{\n{indented(rest, 2)}}}\n"
    text = "".join(sorted(imports)).replace(f'"{name}"', f'"{entry}"')
    return [write(pathlib.Path(folder) / f"{name}.mts", text + body)]


# Packages of Go's standard library that samples use. A program's editor adds their imports.
GO_PACKAGES = {name: name for name in ("context", "errors", "fmt", "io", "log", "os", "strings", "time", "bytes")}
GO_PACKAGES |= {"json": "encoding/json", "http": "net/http"}


def go(client, folder, module):
    """A program of the first sample, with a function for each of the others."""
    first, *others = read(client, "go")
    alias = re.search(rf'^\t(\w+) "{re.escape(module)}"$', first.text, re.M)[1]
    body = ""
    for number, sample in enumerate(others):
        body += f"\nfunc sample{number}(ctx context.Context, client *{alias}.Client, err error) error {{\n"
        body += indented(sample.text).replace("    ", "\t", 1) + "\treturn nil\n}\n"
    without_text = re.sub(r'"(?:[^"\\]|\\.)*"', '""', body)
    used = sorted(path for name, path in GO_PACKAGES.items() if re.search(rf"\b{name}\.", without_text))
    imports = "".join(f'\t"{path}"\n' for path in used)
    uses = "".join(f"\t_ = sample{number}\n" for number in range(len(others)))
    samples = f'package main\n\nimport (\n{imports}\t{alias} "{module}"\n)\n{body}\nfunc init() {{\n{uses}}}\n'
    write(pathlib.Path(folder) / "main.go", first.text)
    write(pathlib.Path(folder) / "samples.go", samples)
    write(pathlib.Path(folder) / "go.mod", f"module samplesof{module.replace('-', '')}\n\ngo 1.21\n")
    return folder


def java(client, folder, package):
    """A class for each, as their imports may differ."""
    samples = read(client, "java")
    maker = None
    files = []
    for number, sample in enumerate(samples):
        program = re.search(r"^public class (\w+) ", sample.text, re.M)
        if program:
            # The first call may be one of a deprecated operation.
            text = sample.text[:program.start()] + '@SuppressWarnings("deprecation")\n' + sample.text[program.start():]
            text = f"package {package};\n\n{text}"
            files.append(write(pathlib.Path(folder) / f"{program[1]}.java", text))
            continue
        imports, rest = hoisted(sample.text, r"import ")
        found = re.search(r"^import ([\w.]+\.(\w+));\n\n\2 client = ", sample.text, re.M)
        maker = maker or (found and found[1])
        given = f"{maker} client" if sample.has_client else ""
        text = f"package {package};\n\n{''.join(imports)}\n"
        text += f'@SuppressWarnings("deprecation")\nclass Sample{number} {{\n'
        text += f"    static void run({given}) {{\n{indented(rest, 8)}    }}\n}}\n"
        files.append(write(pathlib.Path(folder) / f"Sample{number}.java", text))
    return files


def kotlin(client, folder, package):
    """A package for each."""
    files = []
    for number, sample in enumerate(read(client, "kotlin")):
        text = f"@file:Suppress(\"DEPRECATION\")\n\npackage {package}.sample{number}\n\n{sample.text}"
        files.append(write(pathlib.Path(folder) / f"Sample{number}.kt", text))
    return files


def swift(client, path, module):
    """A function for each; values that only a reader would look at are looked at."""
    body = ""
    maker = None
    for number, sample in enumerate(read(client, "swift")):
        _, rest = hoisted(sample.text, r"import ")
        found = re.search(r"^let client = ([\w.`]+)\(", rest, re.M)
        maker = maker or (found and found[1])
        given = f"client: {maker}" if sample.has_client else ""
        rest += "".join(f"_ = {name}\n" for name in re.findall(r"^let (\w+) = ", rest, re.M))
        # Samples of deprecated operations are there too.
        body += f"\n@available(*, deprecated)\nfunc sample{number}({given}) async throws {{\n{indented(rest)}}}\n"
    text = f"import Foundation\n{body}\nfunc currentToken() async throws -> String {{ \"token\" }}\n"
    return write(path, text)


IMPOSSIBLE = r"/ is null\z|: NilClass\z| must not have a segment that is \. or \.\.\z| that headers cannot have\z/"


def ruby(client, path, entry):
    """Runs each, against a client that reaches nobody: everything but the answer must be there."""
    samples = read(client, "ruby")
    making = next(sample.text for sample in samples if sample.section == "Create a client")
    module = re.search(r"^client = ([\w:]+)::Client\.new", making, re.M)[1]
    start = making.index("::Client.new") + len("::Client.new")
    options = making[start:].strip()[1:-1].strip()
    names = sorted(set(re.findall(r'ENV\.fetch\("(\w+)"\)', making)) | {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"})
    text = f'require "{entry}"\n' + "".join(f'ENV["{name}"] = "x"\n' for name in [*names, "AWS_REGION"])
    text += f'client = {module}::Client.new({options}{"," if options else ""} base_url: "http://127.0.0.1:1", '
    text += 'max_retries: 0)\n'
    for number, sample in enumerate(samples):
        if sample.section == "Create a client" and sample.text != making:
            text += sample.text.replace("client = ", "other = ") + "other.itself\n"
        if not sample.operation:
            continue
        name = f"sample_{number}_of_{entry}"
        text += f"def {name}(client)\n{indented(sample.text, 2)}end\nbegin\n  {name}(client)\n"
        text += f"  puts \"{entry}: {name} reached somebody\"\nrescue {module}::TransportError\n"
        # Where a spec leaves no value (a type that requires itself, an enumeration of what no header can have), there is
        # none in the sample either.
        text += f"rescue {module}::InvalidArgumentError => e\n"
        text += f"  puts \"{entry}: {name}: #{{e.message}}\" unless e.message.match?({IMPOSSIBLE})\n"
        text += f"rescue StandardError => e\n  puts \"{entry}: {name}: #{{e.class}}: #{{e.message}}\"\nend\n"
    return write(path, text)
