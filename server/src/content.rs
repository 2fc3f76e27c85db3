//! What a file's name and bytes say about it. The build script uses this, too, for the files that it embeds.

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// The endings of names that are compressed on their way; the site's `.gz` files are not, since the page itself unpacks them.
const COMPRESSED: [&str; 14] =
    ["html", "js", "mjs", "wasm", "css", "json", "map", "webmanifest", "svg", "ftl", "ts", "txt", "md", "inkling"];

/// The bytes as gzip, if a file of that name is sent so and gets smaller.
pub fn gzip(path: &str, bytes: &[u8]) -> io::Result<Option<Vec<u8>>> {
    if !path.rsplit_once('.').is_some_and(|(_, ending)| COMPRESSED.contains(&ending)) {
        return Ok(None);
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(Some(encoder.finish()?).filter(|packed| packed.len() < bytes.len()))
}

/// What an ETag has between its quotes: half of the SHA-256, as hexadecimal digits.
pub fn tag(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
