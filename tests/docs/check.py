#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tests of the documents: what the headers, the library and the pages say must agree.

exports  the library exports exactly what the headers mark with EC_API, each with a Doxygen block
         that holds @since
symbols  docs/symbols.md lists them all (--write makes the page anew)
access   docs/access.md lists every operation of the library with who may call it (--write too)
errors   docs/errors.md has a row with name, number and HTTP status for each ec_status
links    each relative link of a page leads to a file, and to a heading where it names one
readme   the first C program of README.md compiles and runs

usage: check.py PART... [--library libecommerce.so] [--compiler cc] [--write]
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
INCLUDE = os.path.join(ROOT, "include")
DOCS = os.path.join(ROOT, "docs")


class Symbol:
    def __init__(self, name, header, line, comment):
        self.name = name
        self.header = header
        self.line = line
        self.comment = comment
        since = re.search(r"@since\s+(\S+)", comment or "")
        self.since = since.group(1) if since else None

    def summary(self):
        """The first sentence of the block."""
        text = re.sub(r"(?m)^\s*\* ?", "", self.comment[3:-2])
        text = re.split(r"\n\s*\n|@\w+", text.strip())[0]
        text = " ".join(text.split())
        end = re.search(r"(?<!\be\.g)[.:;](?=\s|$)", text)
        return (text[:end.start()] if end else text).replace("|", "\\|")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def pages():
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [f for f in folders if not f.startswith((".", "build"))]
        for name in sorted(files):
            if name.endswith(".md"):
                yield os.path.join(folder, name)


def headers():
    for folder, folders, files in os.walk(INCLUDE):
        folders.sort()
        for name in sorted(files):
            if name.endswith(".h"):
                yield os.path.join(folder, name)


def declared():
    """Every EC_API declaration of the public headers."""
    symbols = []
    for path in headers():
        text = read(path)
        comments = [(m.start(), m.end()) for m in re.finditer(r"/\*.*?\*/", text, re.DOTALL)]
        code = list(text)
        for start, end in comments:
            code[start:end] = [c if c == "\n" else " " for c in text[start:end]]
        code = re.sub(r"(?m)^[ \t]*#(?:.*\\\n)*.*$", lambda m: re.sub(r"[^\n]", " ", m.group(0)),
                      "".join(code))
        for match in re.finditer(r"\bEC_API\b([^;{]*);", code):
            body = re.sub(r"__attribute__\s*\(\(.*?\)\)(?=\s)", " ", match.group(1),
                          flags=re.DOTALL)
            name = re.search(r"\b(ec_\w+)\s*(?=\()|\b(ec_\w+)\s*(?:\[[^\]]*\])?\s*$", body)
            before = [c for c in comments if c[1] <= match.start()]
            comment = None
            if before and not text[before[-1][1]:match.start()].strip():
                comment = text[before[-1][0]:before[-1][1]]
            symbols.append(Symbol(name.group(1) or name.group(2) if name else "?",
                                  os.path.relpath(path, INCLUDE),
                                  text.count("\n", 0, match.start()) + 1, comment))
    return symbols


def check_exports(options):
    faults = []
    symbols = declared()
    for s in symbols:
        where = f"include/{s.header}:{s.line}: {s.name}"
        if not s.comment or not s.comment.startswith("/**"):
            faults.append(f"{where} has no Doxygen block")
        elif not s.since:
            faults.append(f"{where} does not say @since")
    names = [s.name for s in symbols]
    for name in sorted({n for n in names if names.count(n) > 1}):
        faults.append(f"{name} is declared twice")
    out = subprocess.run(["nm", "-D", "--defined-only", options.library], check=True,
                         capture_output=True, text=True).stdout
    exported = set()
    for line in out.splitlines():
        kind, name = line.split()[-2:]
        if kind != "A":
            exported.add(name.split("@")[0])
    faults += [f"{n} is declared but not in the library" for n in sorted(set(names) - exported)]
    faults += [f"{n} is exported but in no header" for n in sorted(exported - set(names))]
    return faults, f"{len(names)} declarations, {len(exported)} exported symbols"


def symbols_page():
    lines = ["# Every symbol of the library", "",
             "Made from the public headers by `tests/docs/check.py symbols --write`; a test fails",
             "when it is out of date. The headers say what each function promises.", ""]
    by_header = {}
    for s in declared():
        by_header.setdefault(s.header, []).append(s)
    for header, symbols in sorted(by_header.items()):
        lines += [f"## <{header}>", "", "| Symbol | Since | Purpose |", "|---|---|---|"]
        for s in sorted(symbols, key=lambda s: s.name):
            summary = s.summary() if s.comment else ""
            lines.append(f"| `{s.name}` | {s.since or '?'} | {summary} |")
        lines.append("")
    return "\n".join(lines)


ACCESS = {"ANY": "everybody", "OWNER": "its owner, staff", "STAFF": "staff",
          "SYSTEM": "the embedding program"}


def operations():
    """(name, permission, access, mode) of every row of an operation in lib/."""
    rows = set()
    for folder, _folders, files in os.walk(os.path.join(ROOT, "lib")):
        for name in files:
            if not name.endswith(".c"):
                continue
            for row in re.findall(r"const ec_op \w+\s*=\s*\{(.*?)\};", read(os.path.join(
                    folder, name)), re.S):
                found = [re.search(rf"\.{field}\s*=\s*\"?(?:EC_ACCESS_|EC_)?([\w.]+)", row)
                         for field in ("name", "permission", "access", "mode")]
                if found[0]:
                    rows.add(tuple(f.group(1) if f else "" for f in found))
    return sorted(rows)


def access_page():
    lines = ["# Who may do what", "",
             "Made from the rows of the operations by `tests/docs/check.py access --write`; a test",
             "fails when it is out of date. The engine looks at these rows before it runs",
             "anything, so no host and no binding can forget to. Staff and the embedding program",
             "may do all but what is marked as the program's alone. What somebody else owns is not",
             "found rather than refused.", "",
             "| Operation | Permission | Who | Reads or writes |", "|---|---|---|---|"]
    for name, permission, access, mode in operations():
        who = ACCESS.get(access or "ANY", access)
        lines.append(f"| `{name}` | `{permission}` | {who} | {(mode or 'READ').lower()}s |")
    lines.append("")
    return "\n".join(lines)


def check_page(name, page, options):
    """A page that is made here: written anew, or compared line by line."""
    path = os.path.join(DOCS, name)
    if options.write:
        with open(path, "w", encoding="utf-8") as file:
            file.write(page)
    there = read(path).splitlines() if os.path.exists(path) else []
    want = page.splitlines()
    faults = [f"docs/{name} lacks: {line}" for line in want if line not in there]
    faults += [f"docs/{name} has, but the sources do not: {line}" for line in there
               if line not in want]
    if not faults and there != want:
        faults.append(f"docs/{name} has another order")
    return faults, sum(1 for line in want if line.startswith("| `"))


def check_symbols(options):
    faults, count = check_page("symbols.md", symbols_page(), options)
    return faults, f"{count} symbols"


def check_access(options):
    faults, count = check_page("access.md", access_page(), options)
    return faults, f"{count} operations"


def check_errors(_options):
    text = read(os.path.join(INCLUDE, "ecommerce", "status.h"))
    page = read(os.path.join(DOCS, "errors.md"))
    rows = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split("|")]
        if len(cells) >= 3 and cells[0].startswith("`EC_"):
            rows[cells[0].strip("`")] = cells
    faults = []
    statuses = re.findall(r"X\((\w+), (-?\d+), (\d+),", text)
    for name, value, http in statuses:
        row = rows.pop(f"EC_{name}", None)
        if row is None:
            faults.append(f"docs/errors.md has no row for EC_{name}")
        elif row[1:3] != [value, http]:
            faults.append(f"docs/errors.md: EC_{name} is {value} and HTTP {http}")
    faults += [f"docs/errors.md: {name} is no status" for name in rows]
    return faults, f"{len(statuses)} statuses"


def anchors(path):
    """The anchors that a reader of the rendered page can jump to."""
    found = set()
    for heading in re.findall(r"(?m)^#+ +(.*)$", re.sub(r"```.*?```", "", read(path),
                                                        flags=re.DOTALL)):
        plain = re.sub(r"[`*<>]", "", heading).strip().lower()
        found.add(re.sub(r"[^\w\- ]", "", plain).replace(" ", "-"))
    return found


def check_links(_options):
    faults, count = [], 0
    for path in pages():
        text = re.sub(r"```.*?```", "", read(path), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            count += 1
            file, _, anchor = target.partition("#")
            full = os.path.normpath(os.path.join(os.path.dirname(path), file)) if file else path
            where = f"{os.path.relpath(path, ROOT)}: {target}"
            if not os.path.exists(full):
                faults.append(f"{where} does not exist")
            elif anchor and full.endswith(".md") and anchor not in anchors(full):
                faults.append(f"{where} names no heading")
    return faults, f"{count} links"


def check_readme(options):
    program = re.search(r"```c\n(.*?)```", read(os.path.join(ROOT, "README.md")), re.DOTALL)
    if not program:
        return ["README.md shows no C program"], ""
    libdir = os.path.dirname(os.path.abspath(options.library))
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "readme.c")
        with open(source, "w", encoding="utf-8") as file:
            file.write(program.group(1))
        build = subprocess.run([options.compiler, "-std=c17", "-Wall", "-Wextra", "-Wpedantic",
                                "-Werror", "-I", INCLUDE, source, "-o", f"{folder}/readme",
                                f"-L{libdir}", "-lecommerce", f"-Wl,-rpath,{libdir}"],
                               capture_output=True, text=True, check=False)
        if build.returncode:
            return ["README.md: the program does not compile", build.stderr], ""
        done = subprocess.run([f"{folder}/readme"], cwd=folder, capture_output=True, text=True,
                              timeout=60, check=False)
        if done.returncode:
            return [f"README.md: the program ends with {done.returncode}", done.stdout,
                    done.stderr], ""
        return [], f"{program.group(1).count(chr(10))} lines, which print: {done.stdout.strip()}"


PARTS = {"exports": check_exports, "symbols": check_symbols, "access": check_access,
         "errors": check_errors, "links": check_links, "readme": check_readme}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="+", choices=PARTS)
    parser.add_argument("--library", default=os.path.join(ROOT, "build/dev/libecommerce.so"))
    parser.add_argument("--compiler", default="cc")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    failed = 0
    for part in options.parts:
        faults, summary = PARTS[part](options)
        for fault in faults:
            print(fault)
        print(f"{part}: {len(faults)} faults; {summary}")
        failed += len(faults)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
