#!/usr/bin/env python3
"""check_headers.py [COMPILER...]: the rules for headers and file names.

Each header compiles alone, with exactly the include path of its layer, by every compiler named
(default: gcc, and clang where it is installed). Its guard is HONE_FOLDER_NAME_H, with the folder
once where the name begins with it. No include names a folder. No two files under src/ have the same name. The last line counts the checks.
"""
import concurrent.futures
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FLAGS = ["-std=gnu17", "-D_GNU_SOURCE", "-include", "src/base/banned.h", "-Wall", "-Wextra",
         "-Wno-unused-function", "-Werror", "-fsyntax-only", "-x", "c"]
LIBRARIES = ["jansson", "sqlite3", "libxxhash", "libzstd", "zlib"]


def layers():
    """The folders of src/, lowest first, as meson.build lists them. The helper is none of them: it
    sees itself and base. A folder in a layer's folder (src/binary/elf) sees that one, too."""
    with open(os.path.join(ROOT, "meson.build"), encoding="utf-8") as f:
        found = re.findall(r"^subdir\('src/(\w+)'\)", f.read(), re.M)
    return [name for name in found if name != "helper"]


def include_path(folder, order):
    top = folder.split("/")[0]
    below = ["base"] if folder == "helper" else order[:order.index(top)] + [top] * (top != folder)
    return ["-Isrc/" + name for name in [folder] + below]


def compile_alone(compiler, header, folder, order, library_flags):
    command = [compiler, *FLAGS, *include_path(folder, order), *library_flags, header]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return f"{compiler}: {header}", run.stderr if run.returncode else ""


def check_text(header, folder):
    with open(os.path.join(ROOT, header), encoding="utf-8") as f:
        text = f.read()
    stem = re.sub(r"\W", "_", os.path.basename(header)[:-2])
    folder = folder.split("/")[-1]
    names = [f"{folder}_{stem}"] + [stem] * stem.startswith(folder + "_")
    guards = [f"HONE_{name}_H".upper() for name in names]
    if not any(text.startswith(f"#ifndef {g}\n#define {g}\n") for g in guards):
        return f"the guard is not {guards[0]}"
    if re.search(r'^#include ".*/', text, re.M):
        return "includes a file by its folder"
    return ""


def sources():
    found = []
    for path, folders, names in os.walk(os.path.join(ROOT, "src")):
        folders.sort()
        found += [(os.path.relpath(path, os.path.join(ROOT, "src")), name)
                  for name in sorted(names) if name.endswith((".c", ".h"))]
    return found


def check_names(found):
    seen, wrong = {}, []
    for folder, name in found:
        if name in seen:
            wrong.append(f"{name} stands in src/{seen[name]} and in src/{folder}")
        seen[name] = folder
    return "\n".join(wrong)


def main():
    compilers = sys.argv[1:] or [c for c in ("gcc", "clang", "clang-14") if shutil.which(c)][:2]
    order = layers()
    library_flags = subprocess.run(["pkg-config", "--cflags", *LIBRARIES], capture_output=True,
                                   text=True, check=True).stdout.split()
    found = sources()
    headers = [(folder, f"src/{folder}/{name}") for folder, name in found if name.endswith(".h")]
    results = [("file names are unique", check_names(found))]
    results += [(f"text: {path}", check_text(path, folder)) for folder, path in headers]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(compile_alone, c, path, folder, order, library_flags)
                for c in compilers for folder, path in headers]
        results += [job.result() for job in jobs]
    failed = [(what, why) for what, why in results if why]
    for what, why in failed:
        print(f"FAILED {what}\n{why}")
    print(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


sys.exit(main())
