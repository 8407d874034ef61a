//! What keeps people out of a page.

use anyhow::{Result, ensure};
use serde_json::Value;

use super::Page;
use crate::axe;

/// Each rule that is broken, and by what. All rules of WCAG 2.2 A and AA, and those that axe holds for good practice.
const CHECK: &str = r#"
const done = arguments[arguments.length - 1];
const finish = result => done(JSON.stringify(result));
axe.run(document, { resultTypes: ["violations"] }).then(
  ({ violations, passes }) => finish({
    rules: passes.length + violations.length,
    broken: violations.map(({ id, help, nodes }) =>
      `${id}: ${help}\n` + nodes.slice(0, 5).map(node => `    ${node.target.join(" ")}  ${node.html.slice(0, 200)}\n      `
        + node.failureSummary.replaceAll("\n", " ")).join("\n")),
  }),
  error => finish({ error: String(error) }),
);"#;

impl Page {
    /// Checks that nothing on the page keeps people out who use it in another way than its authors; `state` names what it shows.
    ///
    /// # Errors
    /// When something does, or the check cannot run.
    pub fn is_open_to_everyone(&self, state: &str) -> Result<()> {
        let script = format!("if (!window.axe) {{\n{}\n}}\n{CHECK}", axe::script()?);
        let answer = self.asynchronously(&script, &[])?;
        let answer: Value = serde_json::from_str(answer.as_str().unwrap_or_default())?;
        ensure!(answer["error"].is_null(), "{state}: {}", answer["error"]);
        // Otherwise nothing was looked at.
        ensure!(answer["rules"].as_u64() > Some(10), "{state}: only {} rules", answer["rules"]);
        let broken: Vec<&str> =
            answer["broken"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        ensure!(broken.is_empty(), "{state}:\n{}\n{}", broken.join("\n"), self.picture());
        Ok(())
    }
}
