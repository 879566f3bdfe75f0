#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The house rules that no compiler checks (docs/style.md).

Sizes, banned functions and words, licence lines, the direction of includes, no floating point in
lib/, and, when the static library is given, no global mutable state in it.

usage: check.py SOURCE_DIR [--archive libecommerce.a]
"""
import argparse
import os
import re
import subprocess
import sys

COLUMNS_MAX = 100
FILE_LINES_MAX = 800
FUNCTION_LINES_MAX = 70
SOURCE = {".c", ".h", ".py", ".sh", ".cmake", ".map"}
SOURCE_NAMES = {"CMakeLists.txt", "Makefile", "run", ".clang-tidy", ".clang-format"}
PROSE = {".md", ".json", ".yml", ".in", ".sql"}

# In every C file. Each has a bounded or checked counterpart.
BANNED = ("sprintf vsprintf strcpy strcat stpcpy gets atoi atol atoll atof alloca strtok rand "
          "srand tmpnam mktemp asctime ctime gmtime localtime strerror").split()
# A library does not print, end the program or read its environment.
BANNED_IN_LIBRARY = ("printf fprintf vprintf vfprintf puts fputs putchar perror exit _exit _Exit "
                     "abort getenv setenv signal system").split()
BANNED_IN_TESTS = "sleep usleep nanosleep".split()
ALLOCATION = "malloc calloc realloc free strdup strndup".split()
# The default platform is the one place that talks to the C library's allocator.
ALLOCATOR_FILES = re.compile(r"(^|/)(block|platform)\.c$")

WORDS = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|(?<![\w/.])/(?:work|home|root)/\w")
UNFINISHED = re.compile(r"\bst" r"ub(?:bed|s)?\b", re.IGNORECASE)

# What a part of lib/ may include besides itself; parts that are not named may include all of lib/.
LAYERS = {"base": {"base"}, "entity": {"base", "entity"}, "model": {"base", "entity", "model"}}


class Report:
    def __init__(self, root):
        self.root = root
        self.count = 0
        self.files = 0

    def fault(self, path, line, text):
        self.count += 1
        print(f"{os.path.relpath(path, self.root)}:{line}: {text}")


def walk(root):
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in {".git", "__pycache__", ".cache"}
                            and not (folder == root and f.startswith("build")))
        for name in sorted(files):
            yield os.path.join(folder, name)


def blank(match):
    return re.sub(r"[^\n]", " ", match.group(0))


def strip(text):
    """Blank out comments and literals, keeping every line where it is."""
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text,
                  flags=re.DOTALL)


def check_text(report, path, lines, is_source):
    for number, line in enumerate(lines, 1):
        if is_source and len(line) > COLUMNS_MAX:
            report.fault(path, number, f"{len(line)} columns; at most {COLUMNS_MAX}")
        if line != line.rstrip() and not path.endswith(".md"):
            report.fault(path, number, "blanks at the end of the line")
        if "\t" in line and os.path.basename(path) != "Makefile":
            report.fault(path, number, "a tab")
        if WORDS.search(line) or (is_source and UNFINISHED.search(line)):
            report.fault(path, number, "a banned word or the path of somebody's machine")


def check_functions(report, path, code):
    """Length from the opening brace at file level to its closing one, for bodies of functions."""
    depth, start, function = 0, 0, False
    line = 1
    previous = ""
    for char in code:
        if char == "\n":
            line += 1
        elif char == "{":
            if depth == 0:
                start, function = line, previous == ")"
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0 and function and line - start + 1 > FUNCTION_LINES_MAX:
                report.fault(path, start, f"a function of {line - start + 1} lines; at most "
                             f"{FUNCTION_LINES_MAX}")
        if not char.isspace():
            previous = char


def check_calls(report, path, code, names, why):
    for match in re.finditer(r"(?<![\w.>])(" + "|".join(names) + r")\s*\(", code):
        number = code.count("\n", 0, match.start()) + 1
        report.fault(path, number, f"{match.group(1)}() is banned {why}")


def check_includes(report, path, part, lines):
    """Arrows point down only."""
    allowed = LAYERS.get(part[1]) if part[0] == "lib" and len(part) > 2 else None
    for number, line in enumerate(lines, 1):
        match = re.match(r'\s*#\s*include\s+(["<])([^">]+)[">]', line)
        if not match:
            continue
        quoted, target = match.group(1) == '"', match.group(2)
        if part[0] == "lib" and quoted:
            if not os.path.exists(os.path.join(report.root, "lib", target)):
                report.fault(path, number, f'"{target}" is no header of lib/')
            elif allowed is not None and target.split("/")[0] not in allowed:
                report.fault(path, number, f"lib/{part[1]} is below {target}")
        if part[0] in {"adapters", "examples"} and quoted:
            here = os.path.join(os.path.dirname(path), target)
            if not os.path.exists(here):
                report.fault(path, number, f'"{target}" is not of this folder')
        if part[0] == "lib" and not quoted and target.startswith(("sqlite3", "mysql")):
            report.fault(path, number, "lib/ knows no database")


def check_c(report, path, part, text, lines):
    code = strip(text)
    library = part[0] in {"lib", "adapters"}
    if len(lines) > FILE_LINES_MAX:
        report.fault(path, 1, f"{len(lines)} lines; at most {FILE_LINES_MAX}")
    check_functions(report, path, re.sub(r"(?m)^\s*#(?:.*\\\n)*.*$", blank, code))
    check_calls(report, path, code, BANNED, "everywhere")
    if library:
        check_calls(report, path, code, BANNED_IN_LIBRARY, "in the library")
        if not ALLOCATOR_FILES.search(path):
            check_calls(report, path, code, ALLOCATION, "here: memory comes from ec_platform")
    if part[0] == "tests":
        check_calls(report, path, code, BANNED_IN_TESTS, "in tests: wait for the event instead")
    check_includes(report, path, part, lines)
    if part[0] == "lib" or part[0] == "include":
        for match in re.finditer(r"\b(float|double|valuedouble)\b", code):
            number = code.count("\n", 0, match.start()) + 1
            report.fault(path, number, f"{match.group(1)}: no floating point in the library")
    if library and path.endswith(".c"):
        head = re.match(r"/\* SPDX[^\n]*\*/\n/\*.*?\*/", text, re.DOTALL)
        if not head or head.group(0).count("\n") < 3:
            report.fault(path, 1, "begins without the lines that say what it is for")


def check_archive(report, archive):
    """Writable symbols in .data, .bss or thread storage are global mutable state."""
    out = subprocess.run(["nm", "-A", "--format=sysv", archive], capture_output=True, text=True,
                         check=True).stdout
    for line in out.splitlines():
        fields = [field.strip() for field in line.split("|")]
        if len(fields) == 7 and re.match(r"\.(data|bss|tdata|tbss)(?!\.rel\.ro)", fields[6]):
            report.count += 1
            print(f"{fields[0]}: global mutable state in {fields[6]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source")
    parser.add_argument("--archive")
    options = parser.parse_args()
    report = Report(os.path.abspath(options.source))
    for path in walk(report.root):
        suffix = os.path.splitext(path)[1]
        name = os.path.basename(path)
        is_source = suffix in SOURCE or name in SOURCE_NAMES
        if not is_source and suffix not in PROSE:
            continue
        report.files += 1
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        if "\r" in text:
            report.fault(path, 1, "a carriage return")
        if text and not text.endswith("\n"):
            report.fault(path, text.count("\n") + 1, "no newline at the end")
        lines = text.split("\n")[:-1]
        part = os.path.relpath(path, report.root).split(os.sep)
        check_text(report, path, lines, is_source)
        if is_source and not any("SPDX-License-Identifier: MIT" in line for line in lines[:3]):
            report.fault(path, 1, "no SPDX line")
        if suffix in {".c", ".h"}:
            check_c(report, path, part, text, lines)
    if options.archive:
        check_archive(report, options.archive)
    print(f"{report.files} files, {report.count} faults")
    return 1 if report.count else 0


if __name__ == "__main__":
    sys.exit(main())
