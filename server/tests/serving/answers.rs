//! GET and HEAD, whole, in parts, compressed, or not again.

use super::{Folder, ask, data, has, header, script, unpacked};
use inkling_server::Limits;

#[test]
fn files_come_whole_and_with_the_headers_that_isolate_and_bind() {
    let folder = Folder::new();
    let address = folder.serve(Limits::default());
    for request in ["GET / HTTP/1.1", "GET /index.html?lang=en HTTP/1.1", "GET /missing HTTP/1.1", "POST / HTTP/1.1"] {
        let (head, _) = ask(address, request);
        for line in [
            "cross-origin-opener-policy: same-origin",
            "cross-origin-embedder-policy: require-corp",
            "cross-origin-resource-policy: same-origin",
            "x-content-type-options: nosniff",
        ] {
            assert!(has(&head, line), "{request}: no {line} in {head}");
        }
        assert!(
            header(&head, "content-security-policy").is_some_and(|policy| policy.starts_with("default-src 'none';")),
            "{head}"
        );
    }
    let (head, body) = ask(address, "GET / HTTP/1.1");
    assert!(has(&head, "http/1.1 200 ok") && has(&head, "content-type: text/html; charset=utf-8"), "{head}");
    assert!(has(&head, "cache-control: no-cache"), "{head}");
    assert_eq!(body, b"page");

    let (head, body) = ask(address, "GET /data/a%20b.gz HTTP/1.1\nAccept-Encoding: gzip, deflate, br");
    assert!(has(&head, "http/1.1 200 ok") && has(&head, "content-type: application/gzip"), "{head}");
    assert!(has(&head, "content-length: 100000") && header(&head, "transfer-encoding").is_none(), "{head}");
    assert!(header(&head, "content-encoding").is_none() && header(&head, "vary").is_none(), "{head}");
    assert_eq!(body, data());
}

#[test]
fn methods_and_folders() {
    let folder = Folder::new();
    let address = folder.serve(Limits::default());
    let (head, body) = ask(address, "HEAD /data/a%20b.gz HTTP/1.1");
    assert!(has(&head, "http/1.1 200 ok") && has(&head, "content-length: 100000") && body.is_empty(), "{head}");
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"] {
        let (head, _) = ask(address, &format!("{method} / HTTP/1.1"));
        assert!(has(&head, "http/1.1 405 method not allowed") && has(&head, "allow: get, head"), "{method}: {head}");
    }
    let (head, _) = ask(address, "GET /data?x HTTP/1.1");
    assert!(has(&head, "http/1.1 308 permanent redirect") && has(&head, "location: ./data/?x"), "{head}");
    for nothing in ["/data/", "/index.html/", "/missing"] {
        let (head, _) = ask(address, &format!("GET {nothing} HTTP/1.1"));
        assert!(has(&head, "http/1.1 404 not found"), "{nothing}: {head}");
    }
}

#[test]
fn what_the_client_has_is_not_sent_again() {
    let folder = Folder::new();
    let address = folder.serve(Limits::default());
    let tag = |extra: &str| {
        let (head, _) = ask(address, &format!("GET /script.js HTTP/1.1{extra}"));
        header(&head, "etag").unwrap().to_string()
    };
    let (plain, packed) = (tag(""), tag("\nAccept-Encoding: gzip"));
    assert_ne!(plain, packed, "two forms of a file are not the same bytes");
    let known = |extra: String| {
        let (head, body) = ask(address, &format!("GET /script.js HTTP/1.1\nIf-None-Match: {extra}"));
        let is_known = has(&head, "http/1.1 304 not modified");
        assert!(!is_known || body.is_empty() && has(&head, "vary: accept-encoding"), "{head}");
        is_known
    };
    assert!(known(plain.clone()) && known(format!("\"other\", W/{plain}")) && known("*".into()));
    assert!(known(format!("{packed}\nAccept-Encoding: gzip")));
    assert!(!known(packed) && !known("\"other\"".into()));

    folder.write("script.js", b"something else");
    assert!(!known(plain), "a file that was changed is seen at once");
}

#[test]
fn text_is_compressed_for_who_can_read_it() {
    let folder = Folder::new();
    let address = folder.serve(Limits::default());
    let (head, body) = ask(address, "GET /script.js HTTP/1.1\nAccept-Encoding: br, gzip");
    assert!(has(&head, "content-encoding: gzip") && has(&head, "vary: accept-encoding"), "{head}");
    assert_eq!(header(&head, "content-length"), Some(body.len().to_string().as_str()));
    assert!(body.len() < script().len() / 10);
    assert_eq!(unpacked(&body), script());
    for extra in ["", "\nAccept-Encoding: br", "\nAccept-Encoding: gzip;q=0"] {
        let (head, body) = ask(address, &format!("GET /script.js HTTP/1.1{extra}"));
        assert!(header(&head, "content-encoding").is_none() && has(&head, "vary: accept-encoding"), "{head}");
        assert_eq!(body, script());
    }
}

#[test]
fn a_download_can_be_completed() {
    let folder = Folder::new();
    let address = folder.serve(Limits::default());
    let get = |extra: &str| ask(address, &format!("GET /data/a%20b.gz HTTP/1.1\n{extra}"));
    let (head, _) = get("Accept: */*");
    assert!(has(&head, "accept-ranges: bytes"), "{head}");
    let tag = header(&head, "etag").unwrap();

    let (head, body) = get(&format!("Range: bytes=40000-\nIf-Range: {tag}"));
    assert!(has(&head, "http/1.1 206 partial content") && has(&head, "content-range: bytes 40000-99999/100000"), "{head}");
    assert!(has(&head, "content-length: 60000"), "{head}");
    assert_eq!(body, data()[40000..]);
    let (head, body) = get("Range: bytes=40000-\nIf-Range: \"of another build\"");
    assert!(has(&head, "http/1.1 200 ok") && body == data(), "{head}");
    let (head, body) = get("Range: bytes=100000-");
    assert!(has(&head, "http/1.1 416 range not satisfiable") && has(&head, "content-range: bytes */100000"), "{head}");
    assert!(body.len() < 100);
    let (head, body) = get("Range: bytes=0-9,20-29");
    assert!(has(&head, "http/1.1 200 ok") && body == data(), "{head}");
    // Parts are those of the file as it is: compressed, it would be another one.
    let (head, body) = ask(address, "GET /script.js HTTP/1.1\nAccept-Encoding: gzip\nRange: bytes=-5");
    assert!(has(&head, "http/1.1 206 partial content") && header(&head, "content-encoding").is_none(), "{head}");
    assert_eq!(body, script()[script().len() - 5..]);
}
