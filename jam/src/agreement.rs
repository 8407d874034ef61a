//! Whether another replica holds the same.

use score::PlayerKey;

use crate::jam::Jam;

impl Jam {
    /// Whether a linked player announced exactly the changes that are here, and there are any. Of a server that passes on what is
    /// durable alone, they are durable there.
    pub fn agrees_with(&self, key: &PlayerKey) -> bool {
        let heads = self.session.heads();
        !heads.is_empty()
            && self.links.values().filter(|link| link.key == *key).any(|link| {
                let theirs = link.their_heads.as_ref().map(|theirs| &theirs.changes);
                theirs.is_some_and(|theirs| *theirs == heads)
            })
    }
}
