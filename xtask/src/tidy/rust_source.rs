//! A Rust file as a row of tokens, each with its line and whether it is test code.
//!
//! Tokens, not text: a rule must not be fooled by a comment, a string or a line break. And not a syntax tree:
//! every rule here asks about a few neighbouring words.

use std::ops::RangeInclusive;
use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One identifier, literal or sign.
pub(super) struct Token {
    pub(super) text: String,
    /// From 1.
    pub(super) line: usize,
    /// Whether it stands in an item under `#[cfg(test)]`.
    pub(super) in_test: bool,
}

/// A file's tokens in order, delimiters included, comments left out.
pub(super) struct RustSource {
    pub(super) tokens: Vec<Token>,
    /// The lines of each item under `#[cfg(test)]`, from its attribute to its end.
    pub(super) test_items: Vec<RangeInclusive<usize>>,
}

impl RustSource {
    /// Reads a file's text; the error says why it is no Rust.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let stream = TokenStream::from_str(text).map_err(|error| error.to_string())?;
        let mut source = Self { tokens: Vec::new(), test_items: Vec::new() };
        source.read(stream, false);
        Ok(source)
    }

    /// The lines on which the words of `pattern`, separated by blanks, stand one after the other.
    pub(super) fn occurrences<'a>(&'a self, pattern: &'a str) -> impl Iterator<Item = &'a Token> {
        let words: Vec<&str> = pattern.split(' ').collect();
        let length = words.len();
        self.tokens
            .windows(length)
            .filter(move |window| window.iter().zip(&words).all(|(token, word)| token.text == *word))
            .map(move |window| &window[length - 1])
    }

    fn read(&mut self, stream: TokenStream, in_test: bool) {
        // The line of a `#[cfg(test)]` whose item has not ended.
        let mut test_since: Option<usize> = None;
        let mut after_hash = false;
        for tree in stream {
            let is_test = in_test || test_since.is_some();
            let start = tree.span().start().line;
            let end = tree.span().end().line;
            if let TokenTree::Group(group) = &tree {
                if after_hash && group.delimiter() == Delimiter::Bracket && is_cfg_test(&group.stream()) {
                    test_since = test_since.or(Some(start));
                }
                let (open, close) = signs(group.delimiter());
                self.push(open, start, is_test);
                self.read(group.stream(), is_test);
                self.push(close, end, is_test);
            } else {
                self.push(&tree.to_string(), start, is_test);
            }
            if let Some(since) = test_since.filter(|_| ends_item(&tree)) {
                self.test_items.push(since..=end);
                test_since = None;
            }
            after_hash = matches!(&tree, TokenTree::Punct(sign) if sign.as_char() == '#');
        }
    }

    fn push(&mut self, text: &str, line: usize, in_test: bool) {
        if !text.is_empty() {
            self.tokens.push(Token { text: text.to_owned(), line, in_test });
        }
    }
}

/// `cfg(test)`, also `cfg(all(test, …))`.
fn is_cfg_test(attribute: &TokenStream) -> bool {
    let text = attribute.to_string().replace(' ', "");
    text == "cfg(test)" || text.starts_with("cfg(all(test,")
}

fn ends_item(tree: &TokenTree) -> bool {
    match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(sign) => sign.as_char() == ';',
        _ => false,
    }
}

fn signs(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, pattern: &str) -> Vec<(usize, bool)> {
        let source = RustSource::parse(text).unwrap();
        source.occurrences(pattern).map(|token| (token.line, token.in_test)).collect()
    }

    #[test]
    fn comments_and_strings_are_no_code() {
        let text = "// x.sin()\n/// x.sin()\nconst A: &str = \"x.sin()\";\nfn f() { x\n.sin (); }\n";
        assert_eq!(lines(text, ". sin ("), [(5, false)]);
    }

    #[test]
    fn an_item_under_cfg_test_is_test_code_and_what_follows_is_not() {
        let text = "#[cfg(test)]\n#[allow(x)]\nmod tests {\n    fn g() { hit(); }\n}\nfn f() { hit(); }\n";
        assert_eq!(lines(text, "hit"), [(4, true), (6, false)]);
        assert_eq!(RustSource::parse(text).unwrap().test_items, [1..=5]);
    }

    #[test]
    fn a_test_module_in_another_file_ends_at_its_semicolon() {
        assert_eq!(lines("#[cfg(test)]\nmod tests;\nfn f() { hit(); }\n", "hit"), [(3, false)]);
    }

    #[test]
    fn another_condition_is_not_a_test() {
        assert_eq!(lines("#[cfg(not(test))]\nfn f() { hit(); }\n", "hit"), [(2, false)]);
    }

    #[test]
    fn half_a_file_is_an_error() {
        assert!(RustSource::parse("fn f() {").is_err());
    }
}
