#!/usr/bin/env python3
"""check_settings.py: no setting's key stands as a literal argument of a look-up or candidate function outside
src/settings, where enum hone_setting_id names them. The last line counts the files that were looked at."""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LOOK_UPS = (r"hone_(?:candidate_(?:get|set|unset)|setting_find(?:_short)?|profile_(?:get|normal|overrider|key_\w+)|"
            r"plan_value_in_force|finder_normal|rustflags_value)|strcmp")


def keys():
    folder, found = os.path.join(ROOT, "src/settings"), []
    for name in sorted(os.listdir(folder)):
        if name.startswith("settings_"):
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                found += re.findall(r'^\t\t\.key = "([^"]+)"', f.read(), re.M)
    return found


def main():
    literal = "|".join(re.escape(k) for k in keys())
    # strcmp counts only beside a ->key: texts of rustc and of profiles are compared, too.
    call = re.compile(rf'({LOOK_UPS})\(([^;{{}}]*?)"({literal})"')
    files = subprocess.run(["git", "ls-files", "src/*.c", "src/*.h", ":!src/settings"], cwd=ROOT,
                           capture_output=True, text=True, check=True).stdout.split()
    failed = 0
    for path in files:
        with open(os.path.join(ROOT, path), encoding="utf-8") as f:
            text = f.read()
        for m in call.finditer(text):
            if m.group(1) == "strcmp" and "setting->key" not in m.group(2) and not re.search(r"\bs->key", m.group(2)):
                continue
            line = text.count("\n", 0, m.start()) + 1
            print(f"FAILED {path}:{line}: {m.group(1)}(... \"{m.group(3)}\"")
            failed += 1
    print(f"{len(files) - (failed > 0)} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
