//! Edits of the whole session, and requests that are no edits.

use score::edit::{Edit, TrackEdit};
use score::meter::LoopRegion;
use score::text::{MAX_CHAT_CHARS, MAX_LABEL_CHARS, MAX_SESSION_NAME_CHARS};
use score::{MessageId, SceneId, Tempo, VersionId};
use view::{Command, Past};

use super::cursor::{Context, Cursor};
use super::error::WordsError;
use super::verb::parse;

type Read = Result<Command, WordsError>;

pub(super) fn tempo(cursor: &mut Cursor<'_>, _: &mut Context<'_>) -> Read {
    let bpm = cursor.number("tempo", Tempo::MIN.bpm(), Tempo::MAX.bpm())?;
    Ok(Command::Edit(Edit::SetTempo(Tempo::from_bpm(bpm).expect("the range was checked"))))
}

pub(super) fn swing(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let for_session = cursor.peek().is_none_or(|word| word.parse::<f32>().is_ok()) && cursor.remaining() <= 1;
    if for_session {
        return Ok(Command::Edit(Edit::SetSwing(cursor.number("swing", 0.0, 100.0)?)));
    }
    let track = cursor.track(context.score)?;
    Ok(Command::Edit(Edit::Track(track, TrackEdit::SetSwing(cursor.number("swing", 0.0, 100.0)?))))
}

pub(super) fn meter(cursor: &mut Cursor<'_>, _: &mut Context<'_>) -> Read {
    Ok(Command::Edit(Edit::SetMeter(cursor.parsed("a time signature (1-16 over 4 or 8)")?)))
}

pub(super) fn scale(cursor: &mut Cursor<'_>, _: &mut Context<'_>) -> Read {
    let text = cursor.rest("scale")?;
    let scale =
        text.parse().map_err(|error: score::scale::ScaleError| cursor.not_a(&text, &error.to_string()))?;
    Ok(Command::Edit(Edit::SetScale(scale)))
}

pub(super) fn scale_lock(cursor: &mut Cursor<'_>, _: &mut Context<'_>) -> Read {
    Ok(Command::Edit(Edit::SetScaleLock(cursor.switch()?)))
}

pub(super) fn loop_region(cursor: &mut Cursor<'_>, _: &mut Context<'_>) -> Read {
    let word = cursor.word("loop region")?;
    if word == "off" {
        return Ok(Command::Edit(Edit::SetLoop(None)));
    }
    let counted_from_one = word.split_once('-').and_then(|(first, last)| {
        let step = |text: &str| text.trim().parse::<u16>().ok()?.checked_sub(1);
        LoopRegion::from_steps(step(first)?, step(last)?)
    });
    let wanted = format!("a stretch of steps such as 1-32, up to {}", LoopRegion::MAX_STEP + 1);
    Ok(Command::Edit(Edit::SetLoop(Some(counted_from_one.ok_or_else(|| cursor.not_a(word, &wanted))?))))
}

pub(super) fn name(cursor: &mut Cursor<'_>, _: &mut Context<'_>) -> Read {
    Ok(Command::Edit(Edit::SetName(cursor.text("name", MAX_SESSION_NAME_CHARS)?)))
}

/// `in SCENE EDIT…`: the edit's patterns are those of that scene.
pub(super) fn in_scene(words: &[String], context: &mut Context<'_>) -> Read {
    let (word, rest) =
        words.split_first().ok_or(WordsError::Missing { what: "scene", usage: "in SCENE EDIT" })?;
    let scene = find_scene(context, word)?;
    let mut inner = Context { random: &mut *context.random, scene, ..*context };
    parse(rest, &mut inner)
}

fn find_scene(context: &Context<'_>, word: &str) -> Result<SceneId, WordsError> {
    let scenes = context.score.scenes_in_order();
    let named =
        scenes.iter().find(|(id, scene)| scene.name.eq_ignore_ascii_case(word) || id.as_str() == word);
    named.map(|&(id, _)| id).ok_or_else(|| WordsError::Unknown {
        what: "scene",
        word: word.to_owned(),
        present: scenes.iter().map(|(_, scene)| scene.name.as_str()).collect::<Vec<_>>().join(", "),
    })
}

pub(super) fn add_scene(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let name = cursor.text("name", MAX_LABEL_CHARS)?;
    let id = SceneId::from_random((context.random)());
    Ok(Command::Edit(Edit::AddScene { id, name, copy_of: Some(context.scene) }))
}

pub(super) fn save_version(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let name = cursor.text("name", MAX_LABEL_CHARS)?;
    let id = VersionId::from_random((context.random)());
    Ok(Command::Edit(Edit::SaveVersion { id, name, by: context.me, at: context.now }))
}

pub(super) fn restore(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let word = cursor.rest("version")?;
    let versions = &context.score.versions;
    let found = versions
        .iter()
        .filter(|(id, version)| version.name.eq_ignore_ascii_case(&word) || id.as_str() == word);
    let newest = found.max_by_key(|(id, version)| (version.at, **id));
    let (&id, _) = newest.ok_or_else(|| WordsError::Unknown {
        what: "version",
        word: word.clone(),
        present: match versions.len() {
            0 => "none; `save-version NAME` makes one".to_owned(),
            _ => versions.values().map(|version| version.name.as_str()).collect::<Vec<_>>().join(", "),
        },
    })?;
    Ok(Command::Restore(Past::Version(id)))
}

pub(super) fn say(cursor: &mut Cursor<'_>, context: &mut Context<'_>) -> Read {
    let text = cursor.text("text", MAX_CHAT_CHARS)?;
    let id = MessageId::from_random((context.random)());
    Ok(Command::Edit(Edit::Say { id, by: context.me, at: context.now, text }))
}

#[allow(clippy::unnecessary_wraps, reason = "a row of the table of verbs")]
pub(super) fn undo(_: &mut Cursor<'_>, _: &mut Context<'_>) -> Read {
    Ok(Command::Undo)
}

#[allow(clippy::unnecessary_wraps, reason = "a row of the table of verbs")]
pub(super) fn redo(_: &mut Cursor<'_>, _: &mut Context<'_>) -> Read {
    Ok(Command::Redo)
}
