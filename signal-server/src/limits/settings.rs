//! The bounds as configuration.

use serde::Deserialize;

/// Defines [`Limits`] and, with every field optional, [`LimitSettings`], so that a bound has one name, one default and one
/// explanation wherever it is set.
macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $name:ident: $kind:ty = $default:expr, $env:literal;)+) => {
        /// The bounds in force. See the module.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Limits {
            $($(#[doc = $doc])+ pub $name: $kind,)+
        }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($name: $default,)+ }
            }
        }

        /// The bounds that flags, the environment or the `[limits]` of a configuration file set.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, clap::Args)]
        #[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
        #[command(next_help_heading = "Limits")]
        pub struct LimitSettings {
            $($(#[doc = $doc])+ #[arg(long, env = $env, value_name = "N")] pub $name: Option<$kind>,)+
        }

        impl LimitSettings {
            /// These settings where they are given, the others where not.
            #[must_use]
            pub fn over(self, others: Self) -> Self {
                Self { $($name: self.$name.or(others.$name),)+ }
            }

            /// The bounds in force: the defaults where nothing is set.
            pub fn limits(self) -> Limits {
                let defaults = Limits::default();
                Limits { $($name: self.$name.unwrap_or(defaults.$name),)+ }
            }
        }
    };
}

limits! {
    /// Connections in all: pages, links and the relay's clients together
    max_connections: usize = 10_000, "OFFBEAT_MAX_CONNECTIONS";
    /// Connections from one address (an IPv6 network of 64 bits counts as one address)
    max_connections_per_address: usize = 256, "OFFBEAT_MAX_CONNECTIONS_PER_ADDRESS";
    /// Links to one session
    max_links_per_session: usize = 512, "OFFBEAT_MAX_LINKS_PER_SESSION";
    /// Bytes of a request's body, unless it brings a session's state
    max_body_bytes: usize = 64 << 10, "OFFBEAT_MAX_BODY_BYTES";
    /// Bytes of a session that is imported
    max_state_bytes: usize = 25 << 20, "OFFBEAT_MAX_STATE_BYTES";
    /// Sessions and beats that one address may make in a minute
    creations_per_minute: u32 = 10, "OFFBEAT_CREATIONS_PER_MINUTE";
    /// Announcements of where a player is, from one address in a minute
    announcements_per_minute: u32 = 240, "OFFBEAT_ANNOUNCEMENTS_PER_MINUTE";
    /// Messages that a link may send in a second; one that sends more is read more slowly
    messages_per_second: u32 = 200, "OFFBEAT_MESSAGES_PER_SECOND";
    /// Messages that a link may send at once before it is read more slowly
    message_burst: u32 = 2_000, "OFFBEAT_MESSAGE_BURST";
    /// Bytes that a client of the relay may send in a second
    relay_bytes_per_second: u32 = 4 << 20, "OFFBEAT_RELAY_BYTES_PER_SECOND";
    /// Seconds for each first step of a stranger: a TLS handshake, a request's headers, proving a key to the relay
    header_seconds: u32 = 10, "OFFBEAT_HEADER_SECONDS";
    /// Seconds for a whole request and its answer
    request_seconds: u32 = 120, "OFFBEAT_REQUEST_SECONDS";
    /// Players announced in one session at once
    max_announced_peers: usize = 64, "OFFBEAT_MAX_ANNOUNCED_PEERS";
    /// Addresses kept, of players by key and of players in sessions, each
    max_announcements: usize = 20_000, "OFFBEAT_MAX_ANNOUNCEMENTS";
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        limits: LimitSettings,
    }

    #[test]
    fn a_flag_goes_over_the_file_and_the_file_over_the_default() {
        let file = "max-body-bytes = 1000\ncreations-per-minute = 3\n";
        let file = toml::from_str::<LimitSettings>(file).unwrap();
        let flags = Program::parse_from(["offbeat-server", "--max-body-bytes", "2000"]).limits;
        let limits = flags.over(file).limits();
        let expected = Limits { max_body_bytes: 2000, creations_per_minute: 3, ..Limits::default() };
        assert_eq!(limits, expected);
    }

    #[test]
    fn a_mistyped_name_in_a_file_is_named() {
        let refused = toml::from_str::<LimitSettings>("max-bodies = 1\n").unwrap_err();
        assert!(refused.to_string().contains("max-bodies"), "{refused}");
    }
}
