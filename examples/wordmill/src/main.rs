//! wordmill: counts the words of tab-separated rows and finds words that are nearly the same.

mod args;
mod count;
mod generate;
mod input;
mod report;
mod similar;

use args::{Args, Command};
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

/// What went wrong, for the user.
#[derive(Debug)]
pub enum Failure {
    Usage(String),
    Read(String, io::Error),
    Write(io::Error),
}

fn main() -> ExitCode {
    // One line without thread ids or addresses: the same input gives the same bytes.
    std::panic::set_hook(Box::new(|info| eprintln!("wordmill: bug: {}", report::panic_text(info.payload()))));
    let out = io::stdout().lock();
    match run(&mut BufWriter::new(out)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(n) => {
            eprintln!("wordmill: {n} {} left out", if n == 1 { "row was" } else { "rows were" });
            ExitCode::from(1)
        }
        Err(Failure::Write(e)) if e.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            let (text, code) = match failure {
                Failure::Usage(text) => (format!("{text}\nTry wordmill --help."), 2),
                Failure::Read(name, e) => (format!("cannot read {name}: {e}"), 1),
                Failure::Write(e) => (format!("cannot write: {e}"), 1),
            };
            eprintln!("wordmill: {text}");
            ExitCode::from(code)
        }
    }
}

/// Does what the arguments say; gives the number of rows that were left out.
fn run(out: &mut impl Write) -> Result<usize, Failure> {
    let args = Args::parse(std::env::args_os().skip(1))?;
    let left_out = match args.command {
        Command::Help => {
            out.write_all(args::HELP.as_bytes()).map_err(Failure::Write)?;
            0
        }
        Command::Version => {
            writeln!(out, "wordmill {}", env!("CARGO_PKG_VERSION")).map_err(Failure::Write)?;
            0
        }
        Command::Generate => {
            generate::Rows::new(args.seed).write(out, args.rows).map_err(Failure::Write)?;
            0
        }
        Command::Count | Command::Similar => {
            let text = input::load(&args)?;
            let (counts, left_out) = count::count(&text, &args);
            if args.command == Command::Count {
                report::counts(out, &counts, &args)
            } else {
                report::pairs(out, &similar::find(&counts, args.distance), &args)
            }
            .map_err(Failure::Write)?;
            left_out
        }
    };
    out.flush().map_err(Failure::Write)?;
    Ok(left_out)
}
