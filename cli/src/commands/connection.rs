//! How the links of a session come, change and go, in words.

use std::collections::BTreeMap;

use score::PlayerKey;
use view::{Connection, LinkPath, Player};

/// What was last told of the links.
#[derive(Default)]
pub(super) struct Watch {
    /// Who is here, for their names.
    pub(super) players: Vec<Player>,
    links: BTreeMap<PlayerKey, LinkPath>,
}

impl Watch {
    /// What is different in the links, each as a line to read.
    pub(super) fn changes(&mut self, connection: &Connection) -> Vec<String> {
        let links: BTreeMap<PlayerKey, LinkPath> =
            connection.links.iter().map(|link| (link.key, link.path)).collect();
        let found = links.iter().filter(|&(key, path)| self.links.get(key) != Some(path));
        let mut lines: Vec<String> =
            found.map(|(key, path)| format!("linked with {} {}", self.name(key), way(*path))).collect();
        let lost = self.links.keys().filter(|key| !links.contains_key(key));
        lines.extend(lost.map(|key| format!("the link with {} is gone", self.name(key))));
        if links.is_empty() && !self.links.is_empty() {
            lines.push("nobody is linked; edits are kept and merge when somebody is".to_owned());
        }
        self.links = links;
        lines
    }

    fn name(&self, key: &PlayerKey) -> String {
        let named = self.players.iter().find(|player| player.key == *key && !player.name.is_empty());
        named.map_or_else(|| format!("player {}", &key.to_string()[..6]), |player| player.name.clone())
    }
}

fn way(path: LinkPath) -> &'static str {
    match path {
        LinkPath::Direct => "directly",
        LinkPath::Relayed => "through a relay",
        LinkPath::Server => "through a server",
    }
}

#[cfg(test)]
mod tests {
    use view::Link;

    use super::*;

    fn linked(path: Option<LinkPath>) -> Connection {
        let link = |path| Link {
            key: PlayerKey([7; 32]),
            path,
            round_trip_micros: None,
            clock: None,
            in_sync: true,
        };
        Connection { links: path.map(link).into_iter().collect(), ..Connection::default() }
    }

    #[test]
    fn a_link_is_told_when_it_comes_when_its_path_changes_and_when_it_goes() {
        let mut watch = Watch::default();
        assert_eq!(watch.changes(&linked(None)), Vec::<String>::new());
        assert!(watch.changes(&linked(Some(LinkPath::Relayed)))[0].ends_with("through a relay"));
        assert_eq!(watch.changes(&linked(Some(LinkPath::Relayed))), Vec::<String>::new());
        assert!(watch.changes(&linked(Some(LinkPath::Direct)))[0].ends_with("directly"));
        assert_eq!(watch.changes(&linked(None)).len(), 2);
    }
}
