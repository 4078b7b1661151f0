//! A time as text.

use std::time::SystemTime;

/// Days to a date as in the proleptic Gregorian calendar; not worth a dependency on a time crate.
pub(crate) fn rfc3339(time: SystemTime) -> String {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

#[cfg(test)]
mod tests {
    use super::rfc3339;
    use proptest::prelude::*;
    use std::time::{Duration, SystemTime};

    proptest! {
        /// httpdate knows the calendar too.
        #[test]
        fn dates_agree_with_another_calendar(seconds in 0..250_000_000_000_u64) {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            let ours = rfc3339(time);
            let theirs = httpdate::fmt_http_date(time);
            let words: Vec<_> = theirs.split([' ', ',']).filter(|word| !word.is_empty()).collect();
            let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
            let month = names.iter().position(|name| *name == words[2]).unwrap() + 1;
            prop_assert_eq!(ours, format!("{}-{month:02}-{}T{}Z", words[3], words[1], words[4]));
        }
    }
}
