//! A panic is a bug of ours: it is said so in one sentence, and the program ends as after any other failure.

use std::any::Any;
use std::panic::{self, PanicHookInfo};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::PoisonError;

/// Where the last panic was, for the sentence.
static LAST: Mutex<Option<String>> = Mutex::new(None);

/// Runs the program; a panic in it becomes exit code 1 and a sentence.
///
/// The hook prints nothing: some panics are caught where they are expected (a hostile document inside a scratch copy), and
/// the demo's terminal is only fit to print on once unwinding has restored it.
pub(crate) fn guard(program: impl FnOnce() -> ExitCode + panic::UnwindSafe) -> ExitCode {
    panic::set_hook(Box::new(remember));
    caught(program)
}

fn caught(program: impl FnOnce() -> ExitCode + panic::UnwindSafe) -> ExitCode {
    panic::catch_unwind(program).unwrap_or_else(|payload| {
        let place = LAST.lock().unwrap_or_else(PoisonError::into_inner).take();
        let place = place.unwrap_or_else(|| words(&*payload).to_owned());
        crate::output::note(&format!(
            "offbeat: this is a bug in Offbeat, please report it ({place}); every edit reported saved is safe"
        ));
        ExitCode::from(1)
    })
}

fn remember(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map_or_else(String::new, |at| format!("{}:{}: ", at.file(), at.line()));
    *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(format!("{place}{}", words(panic.payload())));
}

fn words(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_failure() {
        let code = caught(|| panic!("boom"));
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::from(1)));
        assert_eq!(words(&"boom"), "boom");
    }
}
