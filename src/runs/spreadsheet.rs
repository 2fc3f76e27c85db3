//! The runs as a table for a spreadsheet.

use super::Runs;
use crate::settings::NAMES;

impl Runs {
    /// All as comma-separated values with a heading (RFC 4180), for a spreadsheet. Accuracies from 0 to 1, times in seconds.
    pub fn to_csv(&self) -> String {
        let settings = NAMES.into_iter().filter(|name| *name != "preset");
        let head = ["run", "name", "repetition", "ended"].into_iter().chain(settings.clone());
        let measures = [
            "validation_accuracy",
            "test_accuracy",
            "test_from",
            "test_to",
            "test_loss",
            "test_images",
            "seconds_to_97",
            "seconds_to_98",
            "seconds",
        ];
        let rest = ["samples_per_second", "steps", "epochs_done", "learning_rate_changed", "device"];
        let mut text = row(head.chain(measures).chain(rest).map(String::from));
        let number = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
        // An accuracy's own digits, not those that f64 adds.
        let share = |value: Option<f32>| value.map(|v| v.to_string()).unwrap_or_default();
        for record in &self.records {
            let first = [record.id.to_string(), record.name.clone(), number(record.group.map(f64::from)), date(record.ended)];
            let measures = [
                share(record.validation.map(|v| v.accuracy)),
                share(Some(record.test.accuracy)),
                number(record.interval().map(|[low, _]| low)),
                number(record.interval().map(|[_, high]| high)),
                share(Some(record.test.loss)),
                record.test_images.to_string(),
                number(record.reached[0]),
                number(record.reached[1]),
                number(Some(record.seconds)),
            ];
            let rest = [
                number(Some(record.samples_per_second)),
                record.steps.to_string(),
                number(Some(record.epochs)),
                if record.rate_changed { "yes" } else { "no" }.into(),
                record.device.clone(),
            ];
            let settings = settings.clone().map(|name| record.settings.get(name));
            text += &row(first.into_iter().chain(settings).chain(measures).chain(rest));
        }
        text
    }
}

/// A row of comma-separated values.
fn row(cells: impl Iterator<Item = String>) -> String {
    let cell = |text: String| {
        // A spreadsheet would compute what begins so.
        let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text };
        if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
    };
    cells.map(cell).collect::<Vec<_>>().join(",") + "\r\n"
}

/// `2026-11-24T23:06:29Z`, from seconds since 1970. Days to a date after Howard Hinnant, "chrono-compatible low-level date
/// algorithms" (civil_from_days).
fn date(seconds: f64) -> String {
    let seconds = seconds.clamp(0.0, 253_402_300_799.0) as u64;
    let (days, time) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let (day, month) =
        (day_of_year - (153 * from_march + 2) / 5 + 1, if from_march < 10 { from_march + 3 } else { from_march - 9 });
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", time / 3_600, time / 60 % 60, time % 60)
}

#[cfg(test)]
mod tests {
    use super::super::tests::record;
    use super::*;

    #[test]
    fn a_spreadsheet_can_read_the_table() {
        let mut runs = Runs::default();
        runs.add(record(1));
        runs.rename(1, "=1+1, \"big\"");
        let text = runs.to_csv();
        let mut lines = text.split("\r\n");
        let (head, line) = (lines.next().unwrap(), lines.next().unwrap());
        assert_eq!(lines.collect::<Vec<_>>(), [""]);
        assert!(head.starts_with("run,name,repetition,ended,data,layers,activation,"), "{head}");
        assert!(line.starts_with("1,\"'=1+1, \"\"big\"\"\",,2026-11-24T23:06:29Z,mnist,128,sigmoid,"), "{line}");
        let [low, high] = record(1).interval().unwrap();
        let end = format!(",0.9375,0.9312,{low},{high},0.3,10000,2.5,,3.25,17000,430,1,no,\"CPU, 2\"");
        assert!(line.ends_with(&end), "{line}");
        assert!(line.ends_with(",0.3,10000,2.5,,3.25,17000,430,1,no,\"CPU, 2\""), "{line}");
        let cells = |line: &str| line.split(',').count();
        assert_eq!(cells(head) + 2, cells(line), "two commas are within quotes");
    }

    #[test]
    fn dates_are_the_calendar_s() {
        // From GNU date.
        for (seconds, want) in [
            (0.0, "1970-01-01T00:00:00Z"),
            (951_782_400.0, "2000-02-29T00:00:00Z"),
            (1_709_251_199.0, "2024-02-29T23:59:59Z"),
            (1_795_561_589.0, "2026-11-24T23:06:29Z"),
        ] {
            assert_eq!(date(seconds), want);
        }
    }
}
