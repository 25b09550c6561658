//! The manifests of cal.com's app store, with the descriptions beside them.

use std::path::Path;

use bakehouse_manifest::{AppManifest, calcom};

use super::Compiler;
use crate::diagnostics::Severity;
use crate::scan;
use crate::source::FileId;

impl Compiler {
    pub(super) fn calcom_app(
        &mut self,
        root_name: &str,
        app_folder: &Path,
        folder: &str,
        name: &str,
        file: FileId,
        text: &str,
    ) -> (AppManifest, Option<FileId>) {
        let description = scan::read_optional_text(&app_folder.join(calcom::DESCRIPTION_NAME));
        let description =
            description.map(|text| self.add(format!("{root_name}/{folder}/{}", calcom::DESCRIPTION_NAME), text));
        let described = description.as_ref().and_then(|(_, text)| text.as_deref());
        let has_static = scan::is_folder(&app_folder.join("static"));
        let (manifest, problems, described) = calcom::parse_app(folder, name, text, described, has_static);
        self.problems(file, problems, Severity::Error);
        self.problems(file, manifest.tolerated.clone(), Severity::Note);
        let description = description.map(|(file, _)| file);
        if let Some(file) = description {
            self.problems(file, described, Severity::Error);
        }
        (manifest, description)
    }
}
