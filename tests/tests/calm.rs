//! Nothing on a page jumps, flashes, moves for who asked for rest, or is wider than a small phone.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tests::{Key, Page, Player, Screen, Server, Sound, Theme, examples};

/// What browsers hold for a page that stays where it is, as a sum of shares of the window that have moved.
const MAX_SHIFT: f64 = 0.05;

/// Adds up what moves without anybody's doing.
const SHIFTS: &str = "window.shift = 0;
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });";

/// Looks at every frame from the first on: which grounds were painted, and what stood there without its styles.
const FRAMES: &str = r"
window.grounds = new Set();
window.undressed = new Set();
window.frames = 0;
const bare = (selector, property, value) => {
  const element = document.querySelector(selector);
  if (element && getComputedStyle(element)[property] !== value) undressed.add(selector);
};
const look = () => {
  if (document.body?.childElementCount > 1) {
    frames += 1;
    grounds.add(getComputedStyle(document.body).backgroundColor);
    bare('.header', 'display', 'flex');
    bare('.transport', 'display', 'flex');
    bare('.strip', 'position', 'sticky');
    bare('.dock-bar', 'display', 'flex');
    bare('.hint-line', 'display', 'flex');
  }
  requestAnimationFrame(look);
};
requestAnimationFrame(look);";

/// What is being animated, or would be for longer than an eye sees.
const MOVING: &str = "return [...document.querySelectorAll('*')].filter(element =>
      ['', '::before', '::after'].some(part => {
        const style = getComputedStyle(element, part || null);
        const longest = text => Math.max(...text.split(',').map(parseFloat));
        const is_animated = style.animationName !== 'none' && longest(style.animationDuration) > 0.001;
        return is_animated || style.transitionProperty !== 'none' && longest(style.transitionDuration) > 0.001;
      })).map(element => element.className?.baseVal ?? element.className)
    .concat(document.getAnimations().filter(one => one.playState === 'running').map(one => one.animationName ?? 'transition'));";

/// What reaches past the right edge without lying in something that scrolls or cuts it off.
const TOO_WIDE: &str = "const cuts = element => {
      for (let at = element.parentElement; at && at !== document.body; at = at.parentElement)
        if (getComputedStyle(at).overflowX !== 'visible' && at.getBoundingClientRect().right <= innerWidth + 1) return true;
      return false;
    };
    const all = [...document.body.querySelectorAll('*')].filter(element => {
      const box = element.getBoundingClientRect();
      return box.width > 1 && box.height > 1 && box.left < innerWidth * 4 && box.right > innerWidth + 1 && !cuts(element);
    });
    return all.map(element => `${element.tagName} ${element.className?.baseVal ?? element.className}`)
      .concat(document.documentElement.scrollWidth > innerWidth ? ['the page'] : [])";

fn nothing(page: &Page, what: &str, script: &str) -> Result<()> {
    let found = page.looks(script, &[])?;
    ensure!(found.as_array().is_some_and(Vec::is_empty), "{what}: {found}");
    Ok(())
}

/// The busiest example, kept by the server; its link.
fn busy(server: &Server) -> Result<String> {
    let player = Player::arrives()?;
    let dense =
        examples().into_iter().find(|path| path.ends_with("dense.json")).context("the busy example")?;
    let session = player.says(&["import", dense.to_str().context("a path is text")?])?;
    let session = session.lines().last().context("its id is said last")?.to_owned();
    let link = player.says(&["archive", &session, "--server", server.url()])?;
    Ok(link.lines().last().context("its link is said last")?.to_owned())
}

/// Opens a link and waits until all of it is there.
fn opens(page: &Page, link: &str) -> Result<()> {
    page.opens(link)?;
    page.is_live()?;
    page.sees("tab", "^mixer$").map(drop)
}

#[test]
fn what_is_seen_first_stays_where_it_is() -> Result<()> {
    let server = Server::starts()?;
    let links = [server.page_of(&server.founds()?), busy(&server)?];
    for screen in [Screen::Desktop, Screen::Laptop, Screen::Tablet, Screen::Phone] {
        for link in &links {
            let page = Page::chromium("still", Sound::Off)?;
            page.is_on(screen)?;
            page.runs_first(SHIFTS)?;
            opens(&page, link)?;
            let shift = page.looks("return shift", &[])?.as_f64().context("a sum")?;
            ensure!(shift < MAX_SHIFT, "{screen:?}, {link}: {shift}");
        }
    }
    Ok(())
}

#[test]
fn no_frame_is_undressed_or_of_another_theme() -> Result<()> {
    let server = Server::starts()?;
    let link = server.page_of(&server.founds()?);
    let page = Page::chromium("flashing", Sound::Off)?;
    page.prefers(Theme::Dark)?;
    page.runs_first(FRAMES)?;
    // One who has chosen another theme than the system's.
    opens(&page, &link)?;
    page.looks("localStorage.setItem('offbeat-theme', 'light')", &[])?;
    opens(&page, &link)?;
    let seen = page.looks("return { grounds: [...grounds], undressed: [...undressed], frames }", &[])?;
    ensure!(seen["frames"].as_u64() > Some(1), "{seen}");
    ensure!(seen["grounds"] == json!(["rgb(246, 245, 242)"]) && seen["undressed"] == json!([]), "{seen}");
    Ok(())
}

#[test]
fn nothing_moves_by_itself_for_who_asked_for_rest() -> Result<()> {
    let server = Server::starts()?;
    let session = server.founds()?;
    let (page, other) = (Page::chromium("resting", Sound::Off)?, Page::chromium("other", Sound::Off)?);
    // This asks for rest as well.
    page.prefers(Theme::Dark)?;
    opens(&page, &server.page_of(&session))?;
    opens(&other, &server.page_of(&session))?;
    page.clicks("button", "^play$")?;
    page.plays_on()?;
    // Another's edit lights up where it sounds, and stands still.
    other.step("kick", 2).clicks()?;
    page.awaits(
        "a light in their colour",
        "return document.querySelector('.cell[data-flash]') !== null",
        &[],
    )?;
    nothing(&page, "while it plays", MOVING)?;
    page.clicks("tab", "^mixer$")?;
    page.sees("group", "^master$")?;
    nothing(&page, "with the dock", MOVING)?;
    page.clicks("button", "^invite$")?;
    page.sees("dialog", "^invite$")?;
    nothing(&page, "with a panel", MOVING)
}

#[test]
fn nothing_is_wider_than_a_small_phone() -> Result<()> {
    let server = Server::starts()?;
    let link = busy(&server)?;
    let page = Page::chromium("narrow", Sound::Off)?;
    page.is_on(Screen::Phone)?;
    page.opens(server.url())?;
    page.sees("heading", "my sessions")?;
    nothing(&page, "the first page", TOO_WIDE)?;
    opens(&page, &link)?;
    page.sees("gridcell", "^kick, step 1 of")?;
    nothing(&page, "a busy session", TOO_WIDE)?;
    for tab in page.names("tab", ".")? {
        page.clicks("tab", &format!("^{tab}$"))?;
        page.sees("tabpanel", &format!("^{tab}"))?;
        nothing(&page, &tab, TOO_WIDE)?;
    }
    page.clicks("button", "^close the dock$")?;
    let openers =
        "return seen('button', '').filter(element => element.matches('[aria-haspopup]')).map(nameOf)";
    let openers: Vec<String> = serde_json::from_value(page.looks(openers, &[])?)?;
    let of_one_track = |name: &&String| {
        !name.contains(" for ") && !name.contains(" of ") || name.to_lowercase().ends_with("kick")
    };
    for name in openers.iter().filter(of_one_track) {
        page.clicks("button", &format!("^{}$", name.replace(['(', ')', '+', '?', '.', '*'], ".")))?;
        page.sees("dialog", ".")?;
        nothing(&page, name, TOO_WIDE)?;
        page.presses(&[Key::Escape])?;
        page.sees_no("dialog", ".")?;
    }
    ensure!(openers.len() > 4, "{:?}", Value::from(openers));
    Ok(())
}
