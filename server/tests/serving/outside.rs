//! Nothing outside the folder is sent, whatever the address says.

use super::{Folder, ask, has, link};
use http_body_util::BodyExt;
use inkling_server::{Limits, Request, Site};
use proptest::prelude::*;
use std::path::Path;
use std::sync::LazyLock;
use tokio::runtime::{Builder, Runtime};

/// The status and the body of what the site answers to `path`, without a network.
fn get(site: &Site, path: &str) -> (u16, Vec<u8>) {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Builder::new_multi_thread().worker_threads(1).build().unwrap());
    RUNTIME.block_on(async {
        let response = site.answer(path, &Request::new(())).await;
        let status = response.status().as_u16();
        (status, response.into_body().collect().await.unwrap().to_bytes().to_vec())
    })
}

/// A site with links in it that lead out.
fn linked() -> (Folder, Site) {
    let folder = Folder::new();
    link(&folder.site(), "link", "../private");
    link(&folder.site(), "up", "..");
    link(&folder.site(), "index", "index.html");
    let site = Site::folder(&folder.site()).unwrap();
    (folder, site)
}

#[test]
fn nothing_outside_is_found() {
    let (folder, site) = linked();
    assert_eq!(get(&site, "/"), (200, b"page".to_vec()));
    #[cfg(unix)]
    assert_eq!(get(&site, "/index"), (200, b"page".to_vec()), "links inside are held");
    let absolute = folder.0.join("private").display().to_string();
    for path in [
        "/../private",
        "/%2e%2e/private",
        "/%2E%2E%2Fprivate",
        "/..%2fprivate",
        "/..%5cprivate",
        "/..\\private",
        "/data/../../private",
        "/data/%2e%2e/%2e%2e/private",
        "/%252e%252e/private",
        "/..%00/private",
        "/../private%00.html",
        "/%c0%ae%c0%ae/private",
        "/....//private",
        "/.%2e/private",
        "/C:/private",
        "/file:///private",
        "/link",
        "/link/",
        "/up/private",
        "/up/site/../private",
        "private",
        "../private",
        "",
        "/%zz",
        &absolute,
        &format!("/{absolute}"),
        &format!("/%2f{absolute}"),
    ] {
        assert_eq!(get(&site, path).0, 404, "{path}");
    }
}

#[test]
fn nothing_outside_is_found_over_the_wire() {
    let (folder, _) = linked();
    let address = folder.serve(Limits::default());
    for target in ["/../private", "/%2e%2e/private", "/link", "http://localhost/../private", "//../private", "/up/private"] {
        let (head, _) = ask(address, &format!("GET {target} HTTP/1.1"));
        assert!(has(&head, "http/1.1 404 not found"), "{target}: {head}");
    }
    let (head, _) = ask(address, "GET ../private HTTP/1.1");
    assert!(has(&head, "http/1.1 400 bad request"), "{head}");
}

#[test]
fn a_file_is_no_site() {
    let folder = Folder::new();
    assert!(Site::folder(&folder.site().join("index.html")).is_err());
    assert!(Site::folder(Path::new("/no/such/folder")).is_err());
}

/// Pieces of addresses that could lead out, in any order.
fn address() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "/",
        "//",
        "..",
        ".",
        "%2e",
        "%2E%2e",
        "%2f",
        "%5c",
        "\\",
        "%00",
        "private",
        "site",
        "data",
        "link",
        "up",
        "index.html",
        "index",
        "C:",
        "%25",
        "%",
        "%c0%af",
        "?",
        "#",
        " ",
        "~",
        ";",
        "tmp",
        "etc",
        "passwd",
        "中",
    ]);
    (any::<bool>(), prop::collection::vec(pieces, 0..12))
        .prop_map(|(slash, pieces)| format!("{}{}", if slash { "/" } else { "" }, pieces.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_address_leads_out(addresses in prop::collection::vec(prop_oneof![address(), any::<String>()], 1..50)) {
        let (_folder, site) = linked();
        for address in addresses {
            let (status, body) = get(&site, &address);
            prop_assert!([200, 308, 404].contains(&status), "{address}: {status}");
            if status == 200 {
                prop_assert!(body == b"page" || body == super::script(), "{address}: {}", String::from_utf8_lossy(&body));
            }
        }
    }
}
