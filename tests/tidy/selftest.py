#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each house rule must find its fault in a tree that has it, and nothing in one that has none."""
import os
import subprocess
import sys
import tempfile

CHECK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "check.py")
HEAD = "/* SPDX-License-Identifier: MIT */\n/*\n * a.c - an example.\n * It refuses nothing.\n */\n"
LONG = "static int f(int a)\n{\n" + "    a++;\n" * 80 + "    return a;\n}\n"
GOOD = HEAD + ('/* double strcpy( in a comment */\n#include "base/a.h"\n'
               'static const char t[] = "float atoi(";\n'
               "static int f(int a)\n{\n    return a + (int)sizeof t;\n}\n")

# path, text, what the report must say; None: nothing at all
CASES = [
    ("lib/base/b.c", GOOD, None),
    ("lib/base/b.c", GOOD.replace(HEAD, ""), "no SPDX line"),
    ("lib/base/b.c", "/* SPDX-License-Identifier: MIT */\nint a;\n", "what it is for"),
    ("lib/base/b.c", HEAD + LONG, "a function of 83 lines"),
    ("lib/base/b.c", HEAD + "int a;\n" * 800, "805 lines"),
    ("lib/base/b.c", HEAD + "static double a;\n", "no floating point"),
    ("lib/base/b.c", HEAD + "static void f(char *a)\n{\n    strcpy(a, a);\n}\n", "strcpy() is"),
    ("lib/base/b.c", HEAD + "static void f(void)\n{\n    abort();\n}\n", "abort() is banned"),
    ("lib/base/b.c", HEAD + "static void *f(void)\n{\n    return malloc(1);\n}\n", "malloc() is"),
    ("lib/base/b.c", HEAD + '#include "engine/a.h"\n', "lib/base is below"),
    ("lib/base/b.c", HEAD + '#include "nowhere/a.h"\n', "is no header of lib/"),
    ("lib/base/b.c", HEAD + "#include <sqlite3.h>\n", "knows no database"),
    ("adapters/x/b.c", HEAD + '#include "base/a.h"\n', "is not of this folder"),
    ("tests/base/b.c", HEAD + "static void f(void)\n{\n    usleep(1);\n}\n", "usleep() is"),
    ("lib/base/b.c", HEAD + "/* TO" "DO */\n", "a banned word"),
    ("lib/base/b.c", HEAD + "int a; \n", "blanks at the end"),
    ("lib/base/b.c", HEAD + "\tint a;\n", "a tab"),
    ("lib/base/b.c", HEAD + "int a;\r\n", "a carriage return"),
    ("lib/base/b.c", HEAD + "int a;", "no newline"),
    ("lib/base/b.c", HEAD + "int " + "a" * 100 + ";\n", "105 columns"),
]


def main():
    failed = 0
    for path, text, expected in CASES:
        with tempfile.TemporaryDirectory() as root:
            for name, content in (("lib/base/a.h", "/* SPDX-License-Identifier: MIT */\n"),
                                  ("lib/engine/a.h", "/* SPDX-License-Identifier: MIT */\n"),
                                  (path, text)):
                full = os.path.join(root, name)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "w", encoding="utf-8", newline="") as file:
                    file.write(content)
            done = subprocess.run([sys.executable, CHECK, root], capture_output=True, text=True,
                                  check=False)
        said = done.stdout + done.stderr
        good = done.returncode == 0 if expected is None else (done.returncode == 1
                                                              and expected in said)
        if not good:
            failed += 1
            print(f"{path}: expected {expected!r}, the report says:\n{said}")
    print(f"{len(CASES)} cases, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
