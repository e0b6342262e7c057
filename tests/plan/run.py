#!/usr/bin/env python3
"""The planner by itself: tests/plan/*.case, each a set-up and candidates with what hone makes of them.

  run.py PROGRAM FOLDER [--write] [CASE...]

--write puts the actual output into the cases (all, or those named without .case): read every line of it before you
commit it. A case is a text:

  # A sentence about what it is for.
  rustc 1.95.0                     version; also `cargo VERSION`, `llvm VERSION` (none: no LLVM), `host TRIPLE`
  sysroot lib/rustlib/HOST/bin/gcc-ld/ld.lld    a file of the toolchain (HOST stands for the host)
  packaged llvm-22/bin/ld.lld      a file in what stands for /usr/lib
  program cc GNU ld 2.40           a program on the path, and what it says whatever it is asked
  flavor TRIPLE gnu-lld            what rustc calls the linker of a target
  no-llvm-option inline-threshold  that the LLVM of this rustc does not know
  package app 0.1.0 FOLDER         with indented lines `bin NAME`, `example NAME`, `lib NAME`, `cdylib NAME` (with an rlib), `bench NAME`,
                                   `dep NAME`, `build-dep NAME`, `edition YEAR`; FOLDER registry: none of the workspace
  tree LINE                        a line of `cargo tree`
  options -p app --locked          of hone; also --allow LABELS
  env NAME=VALUE
  stand FOLDER                     where the user stands, below the workspace's root
  file .cargo/config.toml          with its indented text; ROOT stands for the workspace's root
  crlf Cargo.toml                  the lines of that file end as Windows has it
  learnt                           the profile that training gives, with indented lines FUNCTION WEIGHT, heaviest first
  training LINE                    of the training runs, for the script

  == small                         a candidate as typed, then what it comes to

Of every candidate it is checked, too: applied twice it changes nothing more; undo brings back every byte; and two
candidates of a case have the same key exactly if cargo gets the same arguments.
"""
import concurrent.futures
import difflib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib

OPTIONS = '''inline-threshold inlinehint-threshold preinline-threshold apply-ext-tsp-for-size min-jump-table-entries
max-bytes-for-alignment align-all-functions disable-lsr switch-to-lookup enable-load-pre tail-dup-placement
inline-call-penalty split-spill-mode disable-machine-licm disable-constant-hoisting tail-merge-size
machine-sink-split force-attribute force-remove-attribute pgso-lwss-only pgso-cold-code-only-for-instr-pgo
pgso-cutoff-instr-prof runtime-counter-relocation disable-vp'''.split()
MANIFEST = '[package]\nname = "app"\nversion = "0.1.0"\n'
REGISTRY = 'registry+https://github.com/rust-lang/crates.io-index'
KINDS = ('bin', 'example', 'lib', 'cdylib', 'bench')
CRATE_TYPES = {'lib': ['lib'], 'cdylib': ['cdylib', 'rlib']}


class Package:
    def __init__(self, words, lines):
        self.name, self.version, self.folder = words
        self.targets, self.deps, self.edition = [], [], '2021'
        for line in lines:
            kind, name = line.split()
            if kind in KINDS:
                self.targets.append((kind, name))
            elif kind == 'edition':
                self.edition = name
            else:
                self.deps.append((name, {'dep': None, 'build-dep': 'build', 'dev-dep': 'dev'}[kind]))


class Case:
    """What a text says."""

    def __init__(self, text):
        self.values = {'rustc': '1.95.0', 'cargo': '1.95.0', 'llvm': '22.1.2', 'host': 'x86_64-unknown-linux-gnu',
                       'stand': '.', 'options': '', 'learnt': None}
        self.lists = {k: [] for k in ('sysroot', 'packaged', 'program', 'flavor', 'no-llvm-option', 'tree', 'env',
                                      'training', 'crlf')}
        self.files, self.packages, self.expected = {}, [], []
        head, *blocks = ('\n' + text).split('\n== ')
        self.head = head[1:].rstrip('\n')
        for block in blocks:
            name, _, body = block.partition('\n')
            self.expected.append((name, body.strip('\n')))
        self.read_head()

    def read_head(self):
        rows = []
        for line in self.head.split('\n'):
            if line.startswith('    ') or (not line and rows):
                rows[-1][1].append(line[4:])
            elif line and not line.startswith('#'):
                rows.append((line, []))
        for line, body in rows:
            key, _, rest = line.partition(' ')
            while body and not body[-1]:
                body.pop()
            if key == 'file':
                self.files[rest] = ''.join(l + '\n' for l in body)
            elif key == 'package':
                self.packages.append(Package(rest.split(), body))
            elif key == 'learnt':
                self.values[key] = body
            elif key in self.lists:
                self.lists[key].append(rest)
            elif key in self.values:
                self.values[key] = rest
            else:
                raise ValueError(f'a case has no line `{line}`')
        if not self.packages:
            self.packages = [Package(['app', '0.1.0', '.'], ['bin app'])]
        self.files.setdefault('Cargo.toml', MANIFEST)


def put(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8', newline='') as f:
        f.write(text)
    os.chmod(path, mode)


def tree(root):
    """Every file with its bytes, but what is made by builds."""
    found = {}
    for folder, folders, names in os.walk(root):
        if folder == root and 'target' in folders:
            folders.remove('target')
        for name in names:
            if name == 'made' or name.endswith('.a'):
                continue
            path = os.path.join(folder, name)
            with open(path, 'rb') as f:
                found[os.path.relpath(path, root)] = f.read()
    return found


class Fixture:
    """A case as folders: ws, bin (the whole path), sysroot, lib (for /usr/lib), home, learnt."""

    def __init__(self, case, top):
        self.case, self.top = case, top
        self.root = f'{top}/ws'
        for name in ('ws', 'bin', 'sysroot', 'lib', 'home'):
            os.makedirs(f'{top}/{name}')
        for name, text in case.files.items():
            text = text.replace('ROOT', self.root)
            put(f'{self.root}/{name}', text.replace('\n', '\r\n') if name in case.lists['crlf'] else text)
        for p in case.packages:
            if p.folder not in ('.', 'registry'):
                path = os.path.normpath(f'{self.root}/{p.folder}/Cargo.toml')
                if not os.path.exists(path):
                    put(path, f'[package]\nname = "{p.name}"\nversion = "{p.version}"\n')
        for name in case.lists['sysroot']:
            put(f'{top}/sysroot/{name}'.replace('HOST', case.values['host']),
                self.says(f'LLVM version {case.values["llvm"]}'), 0o755)
        for name in case.lists['packaged']:
            put(f'{top}/lib/{name}', self.says(f'LLVM version {name[5:7]}.1.0'), 0o755)
        for line in case.lists['program']:
            name, _, words = line.partition(' ')
            put(f'{top}/bin/{name}', self.says(words), 0o755)
        if case.values['learnt'] is not None:
            put(f'{top}/learnt/00ff.profdata', 'a profile\n')
        put(f'{top}/bin/rustc', self.rustc(), 0o755)
        put(f'{top}/bin/cargo', self.cargo(), 0o755)

    @staticmethod
    def says(words):
        return f'#!/bin/sh\nprintf "%s\\n" {shlex.quote(words)}\n'

    def rustc(self):
        v = self.case.values
        llvm = '' if v['llvm'] == 'none' else f'LLVM version: {v["llvm"]}\n'
        verbose = f'rustc {v["rustc"]} (fake)\nhost: {v["host"]}\nrelease: {v["rustc"]}\n{llvm}'
        options = [o for o in OPTIONS if o not in self.case.lists['no-llvm-option']]
        flavors = ''.join(f'{line.split()[0]}) echo \'{{"linker-flavor": "{line.split()[1]}"}}\' ;;\n'
                          for line in self.case.lists['flavor'])
        return f'''#!/bin/sh
t={v["host"]} last=
for a; do
	case $a in --target=*) t=${{a#--target=}} ;; esac
	[ "$last" != --target ] || t=$a
	last=$a
done
for a; do
	case $a in
	-vV) printf %s {shlex.quote(verbose)}; exit ;;
	--print=sysroot) echo {self.top}/sysroot; exit ;;
	-Cllvm-args=--help-hidden) printf '  --%s=<int> - words\\n' {' '.join(options)}; exit ;;
	--print=target-spec-json) case $t in
	{flavors} *) exit 1 ;; esac; exit ;;
	--print=cfg)
		case $t in
		*-linux-*) printf 'unix\\ntarget_os="linux"\\n' ;;
		*) printf 'target_os="none"\\n' ;;
		esac
		case $t in *-gnu*) echo 'target_env="gnu"' ;; *-musl*) echo 'target_env="musl"' ;; esac
		echo "target_arch=\\"${{t%%-*}}\\""
		exit ;;
	esac
done
exit 1
'''

    def cargo(self):
        tree_text = ''.join(f'{line}\n' for line in self.case.lists['tree'])
        put(f'{self.top}/metadata.json', json.dumps(self.metadata()) + '\n')
        return f'''#!/bin/sh
case $1 in
-V) echo 'cargo {self.case.values["cargo"]} (fake)' ;;
metadata) while IFS= read -r line; do printf '%s\\n' "$line"; done <{self.top}/metadata.json ;;
tree) printf %s {shlex.quote(tree_text)}; [ {len(tree_text)} -gt 0 ] ;;
build) case "$*" in *.cargo/hone/*/Cargo.toml*)
	for f in libmimalloc.a libjemalloc_pic.a; do echo an archive >{self.top}/home/$f; done
	echo '{{"linked_paths":["native={self.top}/home"]}}'
	exit ;;
esac
	for a; do printf '%s\\n' "$a"; done ;;
*) for a; do printf '%s\\n' "$a"; done ;;
esac
'''

    def metadata(self):
        packages, nodes, ids = [], [], {}
        for p in self.case.packages:
            is_member = p.folder != 'registry'
            folder = os.path.normpath(f'{self.root}/{p.folder}' if is_member else f'{self.top}/home/{p.name}')
            own = f'{f"path+file://{folder}" if is_member else REGISTRY}#{p.name}@{p.version}'
            ids[p.name] = ids[f'{p.name}@{p.version}'] = own
            packages.append({
                'id': own, 'name': p.name, 'version': p.version, 'edition': p.edition,
                'manifest_path': f'{folder}/Cargo.toml', 'dependencies': [{}] * len(p.deps),
                'source': None if is_member else REGISTRY,
                'targets': [{'name': n, 'kind': [k], 'crate_types': CRATE_TYPES.get(k, ['bin']),
                             'src_path': f'{folder}/src/{n}.rs'} for k, n in p.targets]})
        for p in self.case.packages:
            nodes.append({'id': ids[f'{p.name}@{p.version}'], 'features': [], 'deps': [
                {'name': n, 'pkg': ids[n], 'dep_kinds': [{'kind': k, 'target': None}]} for n, k in p.deps]})
        members = [ids[f'{p.name}@{p.version}'] for p in self.case.packages if p.folder != 'registry']
        return {'packages': packages, 'workspace_members': members, 'workspace_default_members': members,
                'resolve': {'nodes': nodes, 'root': None}, 'workspace_root': self.root,
                'target_directory': f'{self.root}/target', 'version': 1}

    def env(self):
        env = {'PATH': f'{self.top}/bin', 'HOME': f'{self.top}/home', 'CARGO_HOME': f'{self.top}/home/.cargo'}
        for line in self.case.lists['env']:
            name, _, value = line.partition('=')
            env[name] = value.replace('ROOT', self.root)
        return env

    def shown(self, text):
        for path, name in ((self.root, 'ROOT'), (f'{self.top}/sysroot', 'SYSROOT'), (f'{self.top}/lib', 'LIB'),
                           (f'{self.top}/learnt', 'LEARNT'), (f'{self.top}/bin', 'BIN'),
                           (f'{self.top}/home', 'HOME')):
            text = text.replace(path, name)
        return text


def changes(before, after):
    """Lines that went and came, a block a file; of a script what differs from one to the next."""
    text = ''
    for name in sorted(set(before) | set(after)):
        old, new = before.get(name), after.get(name)
        if old == new or name.startswith('.cargo/hone/undo/'):
            continue
        text += f'{"makes" if old is None else "removes" if new is None else "edits"} {name}:\n'
        lines = [(x or b'').decode().split('\n') for x in (old, new)]
        if name.endswith('.sh'):
            lines[1] = key_lines(lines[1])
        for line in difflib.ndiff(*lines):
            if line[0] in '+-' and line[2:]:
                text += f'  {line[0]} {line[2:]}\n'.replace('\r', '\\r')
    return text


def key_lines(lines):
    """Of the script: its variables, and every command of cargo's."""
    kept, inside = [], False
    for line in lines:
        starts = line.startswith(('key=', 'share=', 'profile=', 'exec ', '\ttrain ', '\tset -- ', '\techo ')) or \
            line in ('\t"$cargo" \\',)
        if starts or inside:
            kept.append(line)
            inside = line.endswith('\\')
    return kept


def run_script(fixture, script):
    env = dict(fixture.env(), PATH=fixture.env()['PATH'] + ':/usr/bin:/bin')
    done = subprocess.run(['/bin/sh', script, 'EXTRA'], cwd='/', env=env, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise AssertionError(f'the script fails: {done.stderr}')
    return 'script gives cargo:\n' + ''.join(f'    {line}\n' for line in done.stdout.splitlines())


def without_keys(words):
    """The command without target dir and jobs, which an alias never has, and without the profile's keys: and these."""
    words, plain, keys = list(words), [], []
    while words:
        word = words.pop(0)
        if word in ('--target-dir', '--jobs'):
            words.pop(0)
        elif word == '--config' and words[0].startswith('profile.'):
            keys.append(words.pop(0))
        else:
            plain.append(word)
    return plain, keys


def short_alias(text, args):
    """The words of an alias are mostly those of the command: said in a line."""
    crlf = '\\r'
    lines = text.split('\n')
    for i, line in enumerate(lines):
        if not line.startswith(('  +     "build', '  +     "rustc')):
            continue
        plain, keys = without_keys(tomllib.loads(f'words = [{line[4:].removesuffix(crlf)}]')['words'])
        if plain == without_keys(shlex.split(args))[0]:
            lines[i] = f'  +     (the arguments above; keys of the profile: {" ".join(keys) or "none"})'
    return '\n'.join(lines)


class Failure(Exception):
    pass


def run_candidate(case, program, name, keys, folder):
    top = os.path.join(folder, 'case')
    f = Fixture(case, top)
    stand = os.path.normpath(f'{f.root}/{case.values["stand"]}')
    os.makedirs(stand, exist_ok=True)
    before = tree(f.root)
    argv = [program, '--packages', f'{top}/lib', *shlex.split(case.values['options'].replace('ROOT', f.root))]
    if case.values['learnt'] is not None:
        argv += ['--learnt', f'{top}/learnt/00ff.profdata']
        for line in case.values['learnt']:
            argv += ['--executed', line]
    if case.lists['training']:
        argv += ['--training', ''.join(f'\t{line}\n' for line in case.lists['training'])]

    def call(*more):
        done = subprocess.run([*argv, *more], cwd=stand, env=f.env(), capture_output=True, text=True, timeout=300)
        if done.returncode or done.stderr:
            raise Failure(f'exit code {done.returncode}: {done.stdout}{done.stderr}')
        return done.stdout

    lines = call('--apply', name).splitlines()
    key = [line for line in lines if line.startswith('key ')]
    lines = [line for line in lines if not line.startswith('key ')]
    args = '\n'.join(lines).partition('cargo:')[2].partition('\noutput:')[0]
    if key:
        other = keys.setdefault(key[0], args)
        if other != args:
            raise Failure(f'one key for two plans:\n{other}\n{args}')
        if list(keys.values()).count(args) != 1:
            raise Failure(f'two keys for one plan:\n{args}')
    after = tree(f.root)
    text = '\n'.join(lines) + '\n' + short_alias(changes(before, after), args.partition('\nthen strips')[0])
    script = [n for n in after if n.endswith('.sh') and n not in before]
    if script:
        text += run_script(f, f'{f.root}/{script[0]}')
    call('--apply', name)
    if tree(f.root) != after:
        raise Failure(f'a second apply changes more:\n{changes(after, tree(f.root))}')
    if after != before:
        subprocess.run([program, '--undo'], cwd=f.root, env=f.env(), check=True, timeout=300)
    if tree(f.root) != before:
        raise Failure(f'undo does not bring back what was there:\n{changes(before, tree(f.root))}')
    return f.shown(text).rstrip('\n')


def run_case(path, program, write, folder):
    """How many candidates it has, and what is wrong with them."""
    with open(path, encoding='utf-8') as f:
        case = Case(f.read())
    wrong, blocks, keys = [], [], {}
    for name, expected in case.expected:
        try:
            actual = run_candidate(case, program, name, keys, folder)
        except (Failure, AssertionError, subprocess.CalledProcessError) as e:
            wrong.append(f'{os.path.basename(path)}: {name}: {e}')
            actual = expected
        finally:
            # The next one has the very same folder, since the key knows its name.
            shutil.rmtree(f'{folder}/case', ignore_errors=True)
        blocks.append(f'\n== {name}\n{actual}\n')
        if actual != expected and not write:
            diff = difflib.unified_diff(expected.split('\n'), actual.split('\n'), 'expected', 'actual', lineterm='')
            wrong.append(f'{os.path.basename(path)}: {name}\n' + '\n'.join(diff))
    if write:
        with open(path, 'w', encoding='utf-8') as f:
            f.write(case.head + '\n' + ''.join(blocks))
    return len(case.expected), wrong


def run_in_place(path, program, write):
    with tempfile.TemporaryDirectory() as place:
        return run_case(path, program, write, os.path.realpath(place))


def main():
    program, folder, *rest = sys.argv[1:]
    write = '--write' in rest
    names = [r for r in rest if r != '--write']
    names = [f'{n}.case' for n in names] or sorted(n for n in os.listdir(folder) if n.endswith('.case'))
    n, wrong = 0, []
    # Processes, not threads: a script that a thread still writes while another one forks is busy and does not start.
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        paths = [os.path.join(folder, name) for name in names]
        for count, messages in pool.map(run_in_place, paths, [os.path.abspath(program)] * len(names), [write] * len(names)):
            n += count
            wrong += messages
    for message in wrong:
        print(message, end='\n\n')
    print(f'{n} candidates in {len(names)} cases, {len(wrong)} wrong')
    return bool(wrong)


if __name__ == '__main__':
    sys.exit(main())
