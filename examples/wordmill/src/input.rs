//! Where the rows come from.

use crate::args::Args;
use crate::generate::Rows;
use crate::Failure;
use std::io::Read;

/// All input as one text.
pub fn load(args: &Args) -> Result<String, Failure> {
    if let Some(rows) = args.made {
        let mut bytes = Vec::new();
        Rows::new(args.seed).write(&mut bytes, rows).map_err(Failure::Write)?;
        return Ok(String::from_utf8(bytes).expect("made rows are ASCII"));
    }
    let mut text = String::new();
    match args.file.as_deref().filter(|name| *name != "-") {
        None => std::io::stdin()
            .lock()
            .read_to_string(&mut text)
            .map_err(|e| Failure::Read("the standard input".into(), e))?,
        Some(name) => std::fs::File::open(name)
            .and_then(|mut file| file.read_to_string(&mut text))
            .map_err(|e| Failure::Read(name.to_string_lossy().into_owned(), e))?,
    };
    Ok(text)
}
