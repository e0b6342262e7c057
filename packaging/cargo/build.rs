//! Compiles hone's C sources without Meson, pkg-config and Python. The folders of `src/` are the list of
//! what there is: their order, which Meson enforces, needs no second check here.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The program that cargo-hone carries inside itself, and its own main file; not part of the library.
const HELPER: &str = "helper";
const NOT_IN_LIBRARY: [&str; 2] = ["toml_decoder.c", "main.c"];
const HARDENING: [&str; 2] = ["-fstack-protector-strong", "-fstack-clash-protection"];

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    println!("cargo:rerun-if-changed=src");
    println!("cargo:rerun-if-changed=vendor");
    println!("cargo:rerun-if-changed=packaging/cargo/build.rs");
    if env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("linux") {
        stop("hone runs on Linux only so far");
    }
    let folders = folders_of(&root.join("src"));
    let compiler = compiler(&root);
    build_json_reader(&root);
    let made = [
        build_helper(&root, &out, &compiler),
        build_page(&root, &out),
    ];
    build_library(&root, &out, &folders, &made);
}

fn stop(message: &str) -> ! {
    eprintln!("error: {message}");
    std::process::exit(1);
}

/// Every folder below this one.
fn folders_of(src: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for folder in files_of(src) {
        if folder.is_dir() && !folder.ends_with(HELPER) {
            let below = folders_of(&folder);
            folders.push(folder);
            folders.extend(below);
        }
    }
    folders
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap_or_else(|e| stop(&format!("reading {}: {e}", folder.display())));
    let mut files: Vec<PathBuf> = entries.map(|e| e.unwrap().path()).collect();
    files.sort();
    files
}

fn c_files_of(folder: &Path) -> impl Iterator<Item = PathBuf> {
    files_of(folder)
        .into_iter()
        .filter(|p| p.extension().is_some_and(|e| e == "c"))
}

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|n| n.to_str()).unwrap_or("")
}

/// All of hone is compiled with this.
fn base(root: &Path) -> cc::Build {
    let mut build = cc::Build::new();
    build
        .std("gnu17")
        .warnings(false)
        .define("_GNU_SOURCE", None)
        .define("_FILE_OFFSET_BITS", "64")
        .flag_if_supported(format!("-ffile-prefix-map={}/=", root.display()));
    for flag in HARDENING {
        build.flag_if_supported(flag);
    }
    build
}

fn optimized() -> bool {
    env::var("OPT_LEVEL").is_ok_and(|level| level != "0")
}

/// The C compiler, after it has shown that it compiles for the target.
fn compiler(root: &Path) -> cc::Tool {
    let target = env::var("TARGET").unwrap();
    let host = env::var("HOST").unwrap();
    let tool = base(root)
        .try_get_compiler()
        .unwrap_or_else(|e| no_compiler(&e.to_string()));
    let machine = match tool.to_command().arg("-dumpmachine").output() {
        Err(e) => no_compiler(&format!("{}: {e}", tool.path().display())),
        Ok(o) => String::from_utf8_lossy(&o.stdout).trim().to_string(),
    };
    let word = |triple: &str| match triple.split('-').next().unwrap_or("") {
        "amd64" => "x86_64".to_string(),
        "arm64" => "aarch64".to_string(),
        "i386" | "i486" | "i586" => "i686".to_string(),
        arch if arch.starts_with("riscv64") => "riscv64".to_string(),
        arch => arch.to_string(),
    };
    if !machine.is_empty() && word(&machine) != word(&target) {
        stop(&format!(
            "the C compiler {} makes programs for {machine}, but hone is built for {target}\n  help: {}",
            tool.path().display(),
            if host == target {
                "unset CC, or set it to this machine's own compiler: CC=cc".to_string()
            } else {
                format!("set CC_{} to a compiler for {target}", target.replace('-', "_"))
            }
        ));
    }
    tool
}

fn no_compiler(reason: &str) -> ! {
    stop(&format!(
        "hone is written in C, and no C compiler was found ({reason})\n  help: install one: `apt-get \
         install gcc libc6-dev`, `dnf install gcc glibc-devel glibc-static`, `pacman -S gcc` or `apk add gcc \
         musl-dev`; another one than cc is named by CC"
    ));
}

fn run(command: &mut Command) -> Result<(), String> {
    match command.output() {
        Err(e) => Err(format!("{command:?}: {e}")),
        Ok(o) if !o.status.success() => Err(String::from_utf8_lossy(&o.stderr).into_owned()),
        Ok(_) => Ok(()),
    }
}

/// What its `meson.build` lists: its own folder, and some files of `src/base/`.
fn helper_sources(root: &Path) -> Vec<PathBuf> {
    let folder = root.join("src").join(HELPER);
    let list = folder.join("meson.build");
    let text = fs::read_to_string(&list)
        .unwrap_or_else(|e| stop(&format!("reading {}: {e}", list.display())));
    text.split('\'')
        .skip(1)
        .step_by(2)
        .filter(|word| word.ends_with(".c") && *word != "helper_bytes.c")
        .map(|word| folder.join(word))
        .collect()
}

/// The helper as C source. It is static, so that it can be run where no library may be missing and its
/// own size in memory counts; where the machine has no static libc it is not.
fn build_helper(root: &Path, out: &Path, compiler: &cc::Tool) -> PathBuf {
    let program = out.join("hone-helper");
    let base_folder = root.join("src/base");
    let link = |is_static: bool| {
        let mut command = compiler.to_command();
        command
            .args(["-Os", "-ffunction-sections", "-fdata-sections", "-I"])
            .arg(&base_folder)
            .arg("-include")
            .arg(base_folder.join("banned.h"))
            .arg("-DXXH_INLINE_ALL")
            .arg("-I")
            .arg(root.join("vendor/xxhash"))
            .args(helper_sources(root))
            .args(if is_static { &["-static"][..] } else { &[] })
            .args(["-Wl,--gc-sections", "-Wl,-s", "-o"])
            .arg(&program);
        run(&mut command)
    };
    if let Err(first) = link(true) {
        if let Err(second) = link(false) {
            stop(&format!(
                "the C compiler cannot make a program:\n{second}\n  help: the C library's headers may \
                 be missing: `apt-get install libc6-dev` or `dnf install glibc-devel`"
            ));
        }
        let reason = first
            .lines()
            .find(|l| l.contains("cannot find"))
            .unwrap_or("")
            .trim();
        println!(
            "cargo:warning=this machine has no static C library ({reason}): the program that starts what is \
             measured is linked dynamically, and every measured run takes a little longer to start"
        );
    }
    let bytes = fs::read(&program).unwrap_or_else(|e| stop(&format!("{}: {e}", program.display())));
    let source = out.join("helper_bytes.c");
    write(&source, &embed("helper_bytes.h", &[("hone_helper_bytes", bytes)]));
    source
}

fn write(path: &Path, text: &str) {
    if let Err(e) = fs::write(path, text) {
        stop(&format!("{}: {e}", path.display()));
    }
}

/// The files of the page that `report` makes, as C source.
fn build_page(root: &Path, out: &Path) -> PathBuf {
    let source = out.join("page_bytes.c");
    let files = [
        ("hone_page_html", "src/report/page/page.html"),
        ("hone_page_css", "src/report/page/page.css"),
        ("hone_page_js", "src/report/page/page.js"),
        ("hone_page_charts_js", "src/report/page/page_charts.js"),
        ("hone_page_bytes_js", "src/report/page/page_bytes.js"),
        ("hone_page_d3", "vendor/d3/d3.min.js"),
    ];
    let arrays: Vec<(&str, Vec<u8>)> = files
        .iter()
        .map(|(name, path)| {
            let bytes = fs::read(root.join(path)).unwrap_or_else(|e| stop(&format!("{path}: {e}")));
            (*name, bytes)
        })
        .collect();
    write(&source, &embed("page_bytes.h", &arrays));
    source
}

/// What `tools/embed.py` writes: octal escapes take at most three digits, so none can swallow the byte
/// after it.
fn embed(header: &str, arrays: &[(&str, Vec<u8>)]) -> String {
    let mut text = format!("#include \"{header}\"\n\n");
    for (name, bytes) in arrays {
        text.push_str(&format!("const unsigned char {name}[] =\n"));
        for line in bytes.chunks(32) {
            text.push('"');
            line.iter()
                .for_each(|b| text.push_str(&format!("\\{b:03o}")));
            text.push_str("\"\n");
        }
        text.push_str(&format!(";\nconst size_t {name}_size = {};\n", bytes.len()));
    }
    text
}

fn build_json_reader(root: &Path) {
    let folder = root.join("vendor/jansson");
    base(root)
        .define("HAVE_CONFIG_H", None)
        .include(&folder) // for <jansson_private_config.h>
        .files(c_files_of(&folder))
        .compile("hone_jansson");
}

/// The folders with the headers of a library that another crate brings.
fn headers_of(links: &str) -> Vec<PathBuf> {
    ["INCLUDE", "ROOT"]
        .iter()
        .filter_map(|key| env::var_os(format!("DEP_{links}_{key}")))
        .flat_map(|paths| env::split_paths(&paths).collect::<Vec<_>>())
        .flat_map(|p| [p.join("include"), p])
        .filter(|p| p.is_dir())
        .collect()
}

fn build_library(root: &Path, out: &Path, folders: &[PathBuf], made: &[PathBuf]) {
    let version = format!("\"{}\"", env::var("CARGO_PKG_VERSION").unwrap());
    let mut build = base(root);
    build
        .define("HONE_VERSION", version.as_str())
        .define("XXH_INLINE_ALL", None)
        .include(root.join("vendor/jansson"))
        .include(root.join("vendor/xxhash"))
        .flag(format!("-ffile-prefix-map={}/=", out.display()))
        .flag("-include")
        .flag(
            root.join("src/base/banned.h")
                .to_str()
                .unwrap_or_else(|| stop("this folder's name is not UTF-8")),
        );
    if optimized() {
        build
            .flag_if_supported("-U_FORTIFY_SOURCE")
            .flag_if_supported("-D_FORTIFY_SOURCE=2");
    }
    for links in ["SQLITE3", "Z", "ZSTD"] {
        build.includes(headers_of(links));
    }
    build.includes(folders);
    for folder in folders {
        build.files(c_files_of(folder).filter(|p| !NOT_IN_LIBRARY.contains(&name_of(p))));
    }
    let mut entry = build.clone();
    entry
        .define("main", "hone_main")
        .file(root.join("src/cli/main.c"));
    build.files(made);
    entry.compile("hone_main");
    build.compile("hone");
}
