//! The interface goes into the program as its build leaves it; where it has not been built, a page says so in its place.

use std::fs;
use std::path::Path;

const PLACEHOLDER: &str = "<!doctype html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<title>Offbeat</title>
</head>
<body>
<!--ready-->
<p>This server was built without its interface: build that with <code>cargo xtask web</code>, and the server again.</p>
</body>
</html>
";

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/dist");
    println!("cargo::rerun-if-changed={}", folder.display());
    let page = folder.join("index.html");
    fs::create_dir_all(folder.join("assets"))?;
    let service_worker = folder.join("service-worker.js");
    if !service_worker.exists() {
        fs::write(service_worker, "// There is no interface to keep.\n")?;
    }
    if page.exists() { Ok(()) } else { fs::write(page, PLACEHOLDER) }
}
