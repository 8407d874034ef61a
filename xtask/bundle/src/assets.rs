//! Names that say their contents, and references that follow them.
//!
//! Every file but the page itself is published as `<name>-<hash>.<extension>`. A file refers to another by its plain name, as
//! a whole path segment in quotes: `"./app.js"`, `'app_bg.wasm'`, `"/assets/style.css"`, `url(font.woff2)`. Such a name is
//! replaced by the published one, and a file is hashed after what it refers to.

use std::collections::BTreeMap;

use anyhow::bail;

/// The file that everything begins with; it keeps its name.
pub(crate) const PAGE: &str = "index.html";

/// What keeps the other files on a visitor's machine. It keeps its name too: a browser asks for it again to learn of another build.
pub(crate) const SERVICE_WORKER: &str = "service-worker.js";

/// A file for a browser.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asset {
    /// As the other files call it.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// A file under the name that it is published by.
#[derive(Debug, PartialEq)]
pub(crate) struct Named {
    /// As the sources call it.
    pub(crate) plain: String,
    /// As the browser asks for it.
    pub(crate) published: String,
    pub(crate) bytes: Vec<u8>,
}

/// Gives every file its published name, and replaces the names in the files.
///
/// # Errors
/// When two files have one name, or files refer to each other in a circle.
pub(crate) fn name(assets: Vec<Asset>) -> anyhow::Result<Vec<Named>> {
    let mut open: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for Asset { name, bytes } in assets {
        if open.insert(name.clone(), bytes).is_some() {
            bail!("two files are called {name}");
        }
    }
    let mut named: Vec<Named> = Vec::new();
    while !open.is_empty() {
        let refers_to_open = |name: &str, bytes: &[u8]| {
            let refers = |other: &String| other != name && !keeps_name(other) && refers_to(bytes, other);
            is_text(name) && open.keys().any(refers)
        };
        let ready: Vec<String> = open
            .iter()
            .filter(|(name, bytes)| !refers_to_open(name, bytes))
            .map(|(name, _)| name.clone())
            .collect();
        if ready.is_empty() {
            let names: Vec<String> = open.into_keys().collect();
            bail!("these files refer to each other in a circle: {}", names.join(", "));
        }
        for name in ready {
            let bytes = open.remove(&name).unwrap_or_default();
            let bytes = if is_text(&name) { rewrite(bytes, &named) } else { bytes };
            let published = if keeps_name(&name) { name.clone() } else { published(&name, &bytes) };
            named.push(Named { plain: name, published, bytes });
        }
    }
    Ok(named)
}

/// Where the service worker says of which build it is.
const BUILD: &str = "\"offbeat-build\"";

/// Lets the service worker say of which build it is, so that a browser sees another one in it.
pub(crate) fn write_build(files: &mut [Named], digest: &str) {
    for Named { bytes, .. } in files.iter_mut().filter(|file| file.plain == SERVICE_WORKER) {
        let text = String::from_utf8_lossy(bytes).replace(BUILD, &format!("\"offbeat {}\"", &digest[..16]));
        *bytes = text.into_bytes();
    }
}

fn keeps_name(name: &str) -> bool {
    [PAGE, SERVICE_WORKER].contains(&name)
}

fn is_text(name: &str) -> bool {
    [".html", ".css", ".js", ".svg", ".webmanifest"].iter().any(|extension| name.ends_with(extension))
}

fn published(name: &str, bytes: &[u8]) -> String {
    let hash = blake3::hash(bytes).to_hex();
    let (stem, extension) = name.split_once('.').unwrap_or((name, ""));
    format!("{stem}-{}.{extension}", &hash[..16])
}

fn rewrite(bytes: Vec<u8>, named: &[Named]) -> Vec<u8> {
    let mut bytes = bytes;
    for Named { plain, published, .. } in named.iter().filter(|named| !keeps_name(&named.plain)) {
        let mut from = 0;
        while let Some(at) = reference(&bytes, plain, from) {
            bytes.splice(at..at + plain.len(), published.bytes());
            from = at + published.len();
        }
    }
    bytes
}

fn refers_to(bytes: &[u8], name: &str) -> bool {
    reference(bytes, name, 0).is_some()
}

/// Where a name stands as a whole path segment, at or after `from`.
fn reference(bytes: &[u8], name: &str, from: usize) -> Option<usize> {
    let begins = |at: usize| at > 0 && b"\"'`/(=".contains(&bytes[at - 1]);
    let ends = |at: usize| bytes.get(at).is_some_and(|byte| b"\"'`)?# >".contains(byte));
    let found = |at: &usize| begins(*at) && ends(at + name.len());
    let places = bytes.get(from..)?.windows(name.len()).enumerate();
    places.filter(|(_, window)| *window == name.as_bytes()).map(|(at, _)| from + at).find(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(name: &str, text: &str) -> Asset {
        Asset { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    fn named(assets: Vec<Asset>) -> BTreeMap<String, (String, String)> {
        let named = name(assets).unwrap();
        let text = |named: Named| (named.published, String::from_utf8(named.bytes).unwrap());
        named.into_iter().map(|named| (named.plain.clone(), text(named))).collect()
    }

    #[test]
    fn references_follow_through_several_files() {
        let page = r#"<script src="/assets/boot.js"></script>"#;
        let named = named(vec![
            asset(PAGE, page),
            asset("boot.js", "import init from './app.js'; // app.js is large"),
            asset("app.js", "new URL('app_bg.wasm', import.meta.url)"),
            asset("app_bg.wasm", "\0asm 'boot.js'"),
        ]);
        let (wasm, module) = &named["app_bg.wasm"];
        assert_eq!(module, "\0asm 'boot.js'", "a module's bytes are not text");
        let (app, script) = &named["app.js"];
        assert_eq!(script, &format!("new URL('{wasm}', import.meta.url)"));
        let (boot, script) = &named["boot.js"];
        assert_eq!(script, &format!("import init from './{app}'; // app.js is large"));
        let (page, text) = &named[PAGE];
        assert_eq!(
            (page.as_str(), text.clone()),
            (PAGE, format!(r#"<script src="/assets/{boot}"></script>"#))
        );
    }

    #[test]
    fn the_service_worker_names_what_it_keeps_and_is_called_by_its_own_name() {
        let named = named(vec![
            asset(PAGE, r#"<meta content="/service-worker.js"><script src="/assets/a.js"></script>"#),
            asset(SERVICE_WORKER, r#"["/", "/assets/a.js"]"#),
            asset("a.js", "register('/service-worker.js')"),
        ]);
        assert_eq!(named["a.js"].1, "register('/service-worker.js')");
        assert_eq!(
            named[SERVICE_WORKER],
            (SERVICE_WORKER.to_owned(), format!(r#"["/", "/assets/{}"]"#, named["a.js"].0))
        );
        assert!(named[PAGE].1.contains("\"/service-worker.js\""));
    }

    #[test]
    fn a_name_changes_with_what_it_refers_to() {
        let with = |module: &str| {
            named(vec![asset("a.js", "import './b.js'"), asset("b.js", module)])["a.js"].0.clone()
        };
        assert_eq!(with("1"), with("1"));
        assert_ne!(with("1"), with("2"));
    }

    #[test]
    fn a_longer_name_that_ends_alike_is_another() {
        let named = named(vec![asset("a.js", "'./worker_b.js' './b.js?v'"), asset("b.js", "")]);
        let b = &named["b.js"].0;
        assert_eq!(named["a.js"].1, format!("'./worker_b.js' './{b}?v'"));
    }

    #[test]
    fn circles_and_twins_are_refused() {
        let circle = name(vec![asset("a.js", "'b.js'"), asset("b.js", "'a.js'")]);
        assert!(circle.unwrap_err().to_string().contains("in a circle: a.js, b.js"));
        let twins = name(vec![asset("a.js", ""), asset("a.js", "")]);
        assert!(twins.unwrap_err().to_string().contains("two files are called a.js"));
    }
}
