//! Taking the session elsewhere as a file.

use leptos::prelude::*;
use view::{Ask, ExportFormat};

use super::App;
use crate::host;
use crate::host::export::Exporting;

impl App {
    /// Makes a file of the session as it is.
    pub(crate) fn export(self, format: ExportFormat) {
        if host::is_desktop() {
            self.ui.exporting.set(Some(0.0));
            return self.ask(&Ask::Export(format));
        }
        let place = ExportFormat::ALL.iter().position(|of| *of == format).unwrap_or_default();
        let Some(score) = self.session.encoded_score() else { return };
        let session = self.session.id.get_untracked().map(|id| id.to_string()).unwrap_or_default();
        self.ui.exporting.set(Some(0.0));
        if host::export::export(&score, &session, place, move |news| self.exported(news)).is_err() {
            self.exported(Exporting::Failed("This browser cannot make files here.".to_owned()));
        }
    }

    fn exported(self, news: Exporting) {
        match news {
            Exporting::Progress(done) => self.ui.exporting.set(Some(done)),
            Exporting::Saved(name, left_out) => {
                let more = if left_out.is_empty() { left_out } else { format!(" {left_out}.") };
                self.end_export(format!("{name} is among your downloads.{more}"));
            }
            Exporting::Failed(reason) => self.end_export(reason),
        }
    }

    /// The file is made, or is not.
    pub(crate) fn end_export(self, line: String) {
        self.ui.exporting.set(None);
        self.ui.remark(line);
    }
}
