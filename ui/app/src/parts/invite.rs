//! How others come to a session: a link, a ticket, a picture of the link.

use leptos::prelude::*;
use qrcode::{Color, EcLevel, QrCode};

use super::icon::{self, icon};
use crate::browser;
use crate::state::App;

/// The invitation that the host has given.
pub(crate) fn invite(app: App) -> impl IntoView {
    move || {
        match app.ui.invitation.get() {
        None => view! { <p class="hint">"One moment …"</p> }.into_any(),
        Some(invitation) => view! {
            {invitation.link.clone().map(|link| view! {
                <p class="hint">"Whoever opens this link plays and edits with you."</p>
                {picture(&link)}
                {line(app, "Link", link)}
            })}
            {invitation.link.is_none().then(|| view! {
                <p class="hint">"No server has this session yet, so there is no link for a browser."</p>
            })}
            {invitation.ticket.map(|ticket| view! {
                <p class="hint">"In the desktop app or a terminal this ticket joins directly, without a server."</p>
                {line(app, "Ticket", ticket)}
            })}
        }
        .into_any(),
    }
    }
}

/// A beat that was published.
pub(crate) fn published(app: App, link: String) -> impl IntoView {
    let address = link.clone();
    view! {
        <p class="hint">"This beat stays as it is now, for everyone who has the link. They can listen and remix."</p>
        {picture(&link)}
        {line(app, "Link", link)}
        <a class="button plain" href=address target="_blank" rel="noopener">"Open it"</a>
    }
}

/// Text with a button that copies it.
fn line(app: App, label: &'static str, text: String) -> impl IntoView {
    let copied = text.clone();
    view! {
        <div class="copy-line">
            <input class="field" type="text" readonly aria-label=label prop:value=text
                on:focus=|event| {
                    use wasm_bindgen::JsCast;
                    if let Some(input) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok()) {
                        input.select();
                    }
                }/>
            <button class="plain" on:click=move |_| {
                browser::copy(&copied, move |worked| {
                    app.ui.remark(if worked { "Copied." } else { "This browser does not let a page copy; select the text instead." });
                });
            }>{icon(icon::COPY)} "Copy"</button>
        </div>
    }
}

/// The link as a QR code; nothing where it is too long for one.
fn picture(link: &str) -> Option<impl IntoView + use<>> {
    let (path, width) = qr_path(link)?;
    let frame = format!("-2 -2 {} {}", width + 4, width + 4);
    Some(view! {
        <svg class="qr" viewBox=frame role="img" aria-label="QR code of the link"><path d=path/></svg>
    })
}

/// The dark modules as one path, a unit each, and how many there are in a row.
fn qr_path(text: &str) -> Option<(String, usize)> {
    use std::fmt::Write as _;
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (at, colour) in code.to_colors().into_iter().enumerate() {
        if colour == Color::Dark {
            // Writing to a text cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", at % width, at / width);
        }
    }
    Some((path, width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_a_picture_with_its_three_corners() {
        let (path, width) = qr_path("https://offbeat.example/s/aaaaaaaaaaaaaaaaaaaaaaaaaa").unwrap();
        for (x, y) in [(0, 0), (width - 1, 0), (0, width - 1)] {
            assert!(path.contains(&format!("M{x} {y}h1v1h-1z")));
        }
        assert!(qr_path(&"x".repeat(10_000)).is_none());
    }
}
