//! Writes good input for every target into `corpus/`, which libFuzzer begins with.

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    for decoder in &inkling_fuzz::decoders::ALL {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(decoder.name);
        fs::create_dir_all(&folder)?;
        for (number, good) in (decoder.good)().iter().enumerate() {
            fs::write(folder.join(format!("good-{number}")), good)?;
        }
    }
    Ok(())
}
