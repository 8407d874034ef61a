//! What was done, in words.

use view::About;

/// What an act is about, with the track's name where it is about one.
pub(crate) fn act_words(about: &About, track: Option<&str>) -> String {
    let of = track.unwrap_or("a track that is gone");
    match about {
        About::Session(key) => session_words(key).to_owned(),
        About::Steps(_) => format!("steps of {of}"),
        About::Track(_, key) => format!("{} of {of}", track_words(key)),
        About::Tracks => "added a track".to_owned(),
        About::Master => "master effects".to_owned(),
        About::Other => "something else".to_owned(),
    }
}

fn session_words(key: &str) -> &'static str {
    match key {
        "name" => "session name",
        "tempo" => "tempo",
        "swing" => "swing",
        "meter" => "meter",
        "scale" => "scale",
        "scale_lock" => "scale lock",
        "loop" => "loop",
        _ => "session",
    }
}

/// A property's name in documents as a player calls it; settings have names in the catalogue.
fn track_words(key: &str) -> String {
    if let Some(parameter) = score::catalogue::parameter(key) {
        return match key.split_once('.') {
            Some((slot, _)) => format!("{slot} {}", parameter.name.to_lowercase()),
            None => parameter.name.to_lowercase(),
        };
    }
    match key {
        "deleted" => "removal",
        "order" => "place",
        "volume" => "level",
        "name" | "instrument" | "pan" | "mute" | "transpose" | "swing" | "gate" | "choke" | "colour" => key,
        _ => "a setting",
    }
    .to_owned()
}

/// How long ago something was, in few words; both in milliseconds since 1970.
pub(crate) fn ago(then: i64, now: i64) -> String {
    let seconds = (now - then).max(0) / 1_000;
    match seconds {
        0..=44 => "just now".to_owned(),
        45..=5_399 => format!("{} min ago", (seconds + 30) / 60),
        5_400..=129_599 => format!("{} h ago", (seconds + 1_800) / 3_600),
        _ => format!("{} days ago", (seconds + 43_200) / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use score::TrackId;

    use super::*;

    #[test]
    fn acts_are_told_in_a_players_words() {
        let track = TrackId::from_random(1);
        let words = |about: About| act_words(&about, Some("kick"));
        assert_eq!(words(About::Steps(track)), "steps of kick");
        assert_eq!(words(About::Track(track, "filter.cutoff".to_owned())), "filter cutoff of kick");
        assert_eq!(words(About::Track(track, "<b>".to_owned())), "a setting of kick");
        assert_eq!(words(About::Session("tempo".to_owned())), "tempo");
        assert_eq!(act_words(&About::Steps(track), None), "steps of a track that is gone");
    }

    #[test]
    fn times_are_told_in_few_words() {
        let now = 1_000_000_000_000;
        let at = |seconds: i64| ago(now - seconds * 1_000, now);
        let told = [at(3), at(60), at(3_000), at(7_200), at(3 * 86_400), at(-500)];
        assert_eq!(told, ["just now", "1 min ago", "50 min ago", "2 h ago", "3 days ago", "just now"]);
    }
}
