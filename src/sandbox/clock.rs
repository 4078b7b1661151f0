//! Time: timestamps as the service prints them, and values remembered long enough to be read late.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Seconds since 1970.
pub(super) fn unix_now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| i64::try_from(d.as_secs()).unwrap_or(i64::MAX))
}

/// Milliseconds since 1970.
pub(super) fn unix_now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
}

/// `2021-03-08T22:51:20Z`: the directory keeps whole seconds.
pub(super) fn timestamp(unix: i64) -> String {
    let (days, second) = (unix.div_euclid(86_400), unix.rem_euclid(86_400));
    // Days to date in the proleptic Gregorian calendar, with years that begin in March so that the leap day is last.
    let day_of_era = (days + 719_468).rem_euclid(146_097);
    let era = (days + 719_468).div_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

/// The versions of one value that a late reader may still see.
pub(super) struct History<T> {
    versions: VecDeque<(Instant, Arc<T>)>,
}

impl<T> History<T> {
    pub(super) fn new(first: T) -> Self {
        Self { versions: VecDeque::from([(Instant::now(), Arc::new(first))]) }
    }

    pub(super) fn now(&self) -> &Arc<T> {
        &self.versions[self.versions.len() - 1].1
    }

    /// What a reader sees that lags behind by `lag`: the newest version that is old enough, else the oldest.
    pub(super) fn behind(&self, lag: Duration) -> &Arc<T> {
        self.versions.iter().rev().find(|(written, _)| written.elapsed() >= lag).map_or(&self.versions[0].1, |v| &v.1)
    }

    /// Adds a version; forgets those that no reader lagging up to `longest_lag` can see any more.
    pub(super) fn write(&mut self, value: T, longest_lag: Duration) {
        self.versions.push_back((Instant::now(), Arc::new(value)));
        while self.versions.len() > 1 && self.versions[1].0.elapsed() >= longest_lag {
            self.versions.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_gregorian() {
        assert_eq!(timestamp(0), "1970-01-01T00:00:00Z");
        assert_eq!(timestamp(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(timestamp(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(timestamp(1_615_243_880), "2021-03-08T22:51:20Z");
    }

    #[test]
    fn late_readers_see_the_version_before_the_write() {
        let hour = Duration::from_secs(3600);
        let mut history = History::new("old");
        history.write("new", hour);
        assert_eq!(**history.behind(Duration::ZERO), "new");
        assert_eq!(**history.behind(hour), "old");
        history.write("newest", Duration::ZERO);
        assert_eq!(history.versions.len(), 1);
    }
}
