//! The pages that people open: one interface, with what it is about written into it.

use axum::extract::{Path, State as Here};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use score::Score;
use view::host::{Page, Ready};

use super::ready::{block, showing};
use super::sessions::session_id;
use super::site::PublicUrl;
use super::template::escape;
use super::{Problem, Site, beats};

/// What links to the pages say of what is behind them.
struct Preview {
    title: String,
    description: String,
    /// The page's address; `None` where there is no such page.
    url: Option<String>,
}

impl Preview {
    /// The page's head, with everything from strangers escaped.
    fn head(&self) -> String {
        let [title, description] = [&self.title, &self.description].map(|text| escape(text));
        let url = self.url.as_deref().map_or_else(String::new, |url| {
            format!("\n<meta property=\"og:url\" content=\"{}\">", escape(url))
        });
        format!(
            "<title>{title}</title>\n<meta name=\"description\" content=\"{description}\">\n\
             <meta property=\"og:site_name\" content=\"Offbeat\">\n<meta property=\"og:type\" content=\"website\">\n\
             <meta property=\"og:title\" content=\"{title}\">\n\
             <meta property=\"og:description\" content=\"{description}\">\n\
             <meta name=\"twitter:card\" content=\"summary\">{url}"
        )
    }
}

/// `GET /`.
pub(super) async fn home(Here(site): Here<Site>, url: PublicUrl) -> Response {
    let preview = Preview {
        title: "Offbeat".to_owned(),
        description: "A step sequencer that several people play at once.".to_owned(),
        url: Some(url.at("/")),
    };
    page(&site, StatusCode::OK, &preview, &Ready { page: Page::Home, ..Ready::default() })
}

/// `GET /s/{id}`, and `GET /s/{id}/remix`, where the interface asks for the remix itself.
pub(super) async fn session(Here(site): Here<Site>, Path(id): Path<String>, url: PublicUrl) -> Response {
    let state = match session_id(&id) {
        Ok(session) => site.rooms().state(session).await.map(|state| (session, state)).map_err(Problem::from),
        Err(problem) => Err(problem),
    };
    let (session, state) = match state {
        Ok(found) => found,
        Err(problem) => return missing(&site, &problem),
    };
    let preview = Preview {
        title: title(&state.score),
        description: format!("Play along: {}, made together in Offbeat.", describe(&state.score)),
        url: Some(url.at(&format!("/s/{session}"))),
    };
    let ready = showing(Page::Session(session), session, Score::clone(&state.score), None);
    page(&site, StatusCode::OK, &preview, &ready)
}

/// `GET /b/{id}`.
pub(super) async fn beat(Here(site): Here<Site>, Path(id): Path<String>, url: PublicUrl) -> Response {
    let beat = match beats::look_up(&site, &id).await {
        Ok(beat) => beat,
        Err(problem) => return missing(&site, &problem),
    };
    let score = match beats::score_of(&beat) {
        Ok(score) => score,
        Err(problem) => return missing(&site, &problem),
    };
    let (id, source) = (beat.facts.id, beat.facts.session);
    let preview = Preview {
        title: title(&score),
        description: format!("Listen: {}, made in Offbeat.", describe(&score)),
        url: Some(url.at(&format!("/b/{id}"))),
    };
    let about = Page::Beat { id: id.to_string(), source };
    page(&site, StatusCode::OK, &preview, &showing(about, source, score, Some(beat.program)))
}

/// What is at no address: a problem for programs, a page for people.
pub(super) async fn nothing_here(
    Here(site): Here<Site>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let problem = Problem::missing("nothing is at this address");
    let accepts = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let is_page = method == Method::GET && accepts.contains("text/html") && !uri.path().starts_with("/api/");
    if is_page { missing(&site, &problem) } else { problem.into_response() }
}

/// A page that says what is wrong, under the problem's status.
fn missing(site: &Site, problem: &Problem) -> Response {
    let preview = Preview {
        title: "Not here – Offbeat".to_owned(),
        description: "This link leads nowhere.".to_owned(),
        url: None,
    };
    let ready = Ready { page: Page::Missing { reason: problem.detail().to_owned() }, ..Ready::default() };
    page(site, problem.status(), &preview, &ready)
}

fn page(site: &Site, status: StatusCode, preview: &Preview, ready: &Ready) -> Response {
    let html = site.template.fill(&preview.head(), &block(ready));
    // What it shows may change at any moment.
    (status, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response()
}

fn title(score: &Score) -> String {
    let name = score.name.trim();
    if name.is_empty() { "Offbeat".to_owned() } else { format!("{name} – Offbeat") }
}

fn describe(score: &Score) -> String {
    let tracks = score.tracks_in_order().len();
    let s = if tracks == 1 { "" } else { "s" };
    format!("{tracks} track{s} at {} BPM", score.tempo.bpm())
}
