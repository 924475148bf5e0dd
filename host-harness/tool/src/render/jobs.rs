//! Jobs as the platform knows them, and the findings about those that users describe.

use comfy_table::{ContentArrangement, Table, presets};
use polysync_host::contract::{DeclaredParameter, DiscoveredJob, Finding, Severity};

use super::fields::Fields;
use super::style::{self, BOLD, paint};
use super::text;

/// All jobs in a table, at most `width` columns wide where there is a terminal.
pub(crate) fn table(jobs: &[DiscoveredJob], notes: &[String], width: Option<u16>) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header([
        "Name",
        "Display name",
        "Parameters",
        "Notes",
    ]);
    if let Some(width) = width {
        table
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width);
    }
    for job in jobs {
        let parameters: Vec<_> = job.parameters.iter().map(parameter).collect();
        let notes: Vec<_> = job.notes.iter().map(|note| text::line(note)).collect();
        let name = text::line(&job.name);
        let name = match job.external_id == job.name {
            true => name,
            false => format!("{name}\n({})", text::line(&job.external_id)),
        };
        table.add_row([
            name,
            text::line(job.display_name.as_deref().unwrap_or_default()),
            parameters.join("\n"),
            notes.join("\n"),
        ]);
    }
    let rest: String = notes
        .iter()
        .map(|note| format!("{}\n", text::line(note)))
        .collect();
    format!("{table}\n{rest}")
}

/// One job with all its parameters and details.
pub(crate) fn job(job: &DiscoveredJob) -> String {
    let parameters = match job.parameters.as_slice() {
        [] => "none that the platform lists".to_owned(),
        parameters => parameters
            .iter()
            .map(described_parameter)
            .collect::<Vec<_>>()
            .join("\n"),
    };
    let fields = Fields::default()
        .text("external id", &job.external_id)
        .maybe("display name", job.display_name.as_deref())
        .maybe("description", job.description.as_deref())
        .text("job type", &job.job_type)
        .attributes(&job.attributes)
        .attributes(&job.details)
        .add("parameters", parameters);
    let fields = job
        .notes
        .iter()
        .fold(fields, |fields, note| fields.text("note", note));
    format!(
        "{}\n{}",
        paint(BOLD, text::line(&job.name)),
        fields.render(0)
    )
}

/// Findings, errors first, one line each.
pub(crate) fn findings(findings: &[Finding]) -> String {
    let width = "warning".len();
    let with_severity = |severity: Severity, style, word: &'static str| {
        findings
            .iter()
            .filter(move |finding| finding.severity == severity)
            .map(move |finding| {
                let word = paint(style, format_args!("{word:width$}"));
                let field = text::line(&finding.field);
                format!(
                    "{word}  {field}: {}\n",
                    text::hanging(&finding.message, width + 2)
                )
            })
    };
    with_severity(Severity::Error, style::ERROR, "error")
        .chain(with_severity(Severity::Warning, style::WARNING, "warning"))
        .collect()
}

/// `Name:Type=default`, or `Name:Type*` for a parameter that needs a value.
fn parameter(parameter: &DeclaredParameter) -> String {
    let name = text::line(&parameter.name);
    let data_type = text::line(&parameter.data_type);
    match &parameter.default_value {
        Some(default) => format!("{name}:{data_type}={}", text::line(default)),
        None if parameter.required => format!("{name}:{data_type}*"),
        None => format!("{name}:{data_type}"),
    }
}

fn described_parameter(declared: &DeclaredParameter) -> String {
    let mut line = parameter(declared);
    if declared.required {
        line.push_str(" (required)");
    }
    if !declared.allowed_values.is_empty() {
        let values: Vec<_> = declared
            .allowed_values
            .iter()
            .map(|value| text::line(value))
            .collect();
        line.push_str(&format!(", one of {}", values.join(", ")));
    }
    if let Some(description) = &declared.description {
        line.push_str(&format!(" - {}", text::line(description)));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, plain};

    #[test]
    fn the_table_has_parameters_with_type_and_default_and_the_notes() {
        let job = DiscoveredJob {
            notes: vec!["definition is in S3".into()],
            ..samples::discovered_job()
        };
        let text = table(&[job], &[], None);

        for part in [
            "churn",
            "Churn training",
            "Rate:float=0.10",
            "Data:string*",
            "definition is in S3",
        ] {
            assert!(text.contains(part), "{part}:\n{text}");
        }
    }

    #[test]
    fn the_table_fits_the_terminal() {
        let text = table(&[samples::discovered_job()], &[], Some(50));
        assert!(
            text.lines()
                .all(|line| console::measure_text_width(line) <= 50),
            "\n{text}"
        );
    }

    #[test]
    fn an_external_id_that_is_not_the_name_is_shown_with_it() {
        let job = DiscoveredJob {
            external_id: "id-7".into(),
            ..samples::discovered_job()
        };
        assert!(table(&[job], &[], None).contains("(id-7)"));
    }

    #[test]
    fn a_note_about_the_page_is_shown_below_the_table() {
        let note = "gone: may not be described".to_owned();
        assert!(table(&[], &[note], None).ends_with("gone: may not be described\n"));
    }

    #[test]
    fn one_job_is_shown_with_allowed_values_and_descriptions() {
        let text = plain(&job(&samples::discovered_job()));

        assert!(
            text.contains("Rate:float=0.10, one of 0.10, 0.20 - Learning rate"),
            "{text}"
        );
        assert!(text.contains("Data:string* (required)"), "{text}");
    }

    #[test]
    fn findings_are_listed_errors_first() {
        let text = plain(&findings(&samples::findings()));
        assert_eq!(
            text,
            "error    parameters.Rate: must be a number\nwarning  parameters.New: isn't declared\n"
        );
    }
}
