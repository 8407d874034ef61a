//! The page that everything is shown in, as the interface's build leaves it.

/// The page of the interface in this program.
const EMBEDDED: &str = include_str!("../../../ui/dist/index.html");

/// Where the build leaves room for what is ready to be shown.
const READY: &str = "<!--ready-->";

/// What the build calls the page.
const TITLE: &str = "<title>Offbeat</title>";

/// The page, in the three pieces between which something is written.
#[derive(Debug)]
pub(super) struct Template {
    before_title: String,
    before_ready: String,
    after: String,
}

impl Template {
    /// The page of the interface in this program.
    pub(super) fn embedded() -> Self {
        Self::of(EMBEDDED)
    }

    fn of(text: &str) -> Self {
        let (before_title, rest) = text.split_once(TITLE).unwrap_or(("", text));
        let (before_ready, after) = rest.split_once(READY).unwrap_or((rest, ""));
        let [before_title, before_ready, after] = [before_title, before_ready, after].map(str::to_owned);
        Self { before_title, before_ready, after }
    }

    /// The whole page.
    pub(super) fn fill(&self, head: &str, ready: &str) -> String {
        [&self.before_title, head, &self.before_ready, ready, &self.after].concat()
    }
}

/// Text that means nothing to a browser, in elements and in quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_filled_where_the_build_leaves_room() {
        let template = Template::of("<head><title>Offbeat</title></head><body><!--ready--></body>");
        assert_eq!(template.fill("<title>A</title>", "B"), "<head><title>A</title></head><body>B</body>");
        assert_eq!(Template::of("nothing").fill("<title>A</title>", "B"), "<title>A</title>nothingB");
    }

    #[test]
    fn text_cannot_leave_its_place() {
        assert_eq!(
            escape("</title><script x='\"'>&"),
            "&lt;/title&gt;&lt;script x=&#39;&quot;&#39;&gt;&amp;"
        );
    }
}
