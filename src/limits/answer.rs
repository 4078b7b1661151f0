//! What an answer tells about the limits.

use super::lane::{LIMITS, Limit, Scope, What};
use crate::http::Response;
use crate::http::retry::asked_to_wait;
use std::time::Duration;

/// No request of ours costs nearly as much.
const MOST_UNITS: u32 = 100;

pub(super) struct Told {
    /// The request was refused; with the pause that is asked for.
    pub(super) refused: Option<Duration>,
    /// How much of its limit is used by all together; 1.0 is the limit.
    pub(super) usage: Option<f64>,
    /// What the request really cost.
    pub(super) units: Option<u32>,
    scope: Option<Scope>,
    of_units: Option<bool>,
}

impl Told {
    pub(super) fn by(answer: &Response) -> Self {
        let scope = answer.header("x-ms-throttle-scope");
        let usage = answer.header("x-ms-throttle-limit-percentage").and_then(|text| text.trim().parse::<f64>().ok());
        let units = answer.header("x-ms-resource-unit").and_then(|text| text.trim().parse::<u32>().ok());
        Self {
            refused: (answer.status == 429).then(|| asked_to_wait(answer).unwrap_or_default()),
            usage: usage.filter(|usage| usage.is_finite() && *usage > 0.0),
            units: units.map(|units| units.clamp(1, MOST_UNITS)),
            scope: scope.and_then(scope_of),
            of_units: is_of_units(scope, answer.header("x-ms-throttle-information")),
        }
    }

    /// Which of the limits that a request has met refused it; the first where that is not said.
    pub(super) fn refusing(&self, mut met: impl Iterator<Item = usize> + Clone) -> Option<usize> {
        let first = met.clone().next();
        let is_it = |index: &usize| {
            let Limit { scope, what, .. } = &LIMITS[*index];
            self.scope.is_none_or(|said| said == *scope)
                && self.of_units.is_none_or(|units| units == (*what == What::Units))
        };
        met.find(is_it).or(first)
    }
}

/// `<scope>/<limit>/<app>/<tenant>`, as far as it is known.
fn scope_of(text: &str) -> Option<Scope> {
    match text.split('/').next() {
        Some("Tenant") => Some(Scope::Tenant),
        Some("Tenant_Application") => Some(Scope::AppInTenant),
        Some("Application") => Some(Scope::App),
        _ => None,
    }
}

/// Writes are limited by their number, all requests together by their units.
fn is_of_units(scope: Option<&str>, reason: Option<&str>) -> Option<bool> {
    match (scope.and_then(|text| text.split('/').nth(1)), reason) {
        (Some("Write"), _) | (None, Some("WriteLimitExceeded")) => Some(false),
        (Some("Read" | "ReadWrite"), _) | (None, Some("ResourceUnitLimitExceeded")) => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(status: u16, headers: &[(&'static str, &str)]) -> Told {
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Told::by(&Response { status, headers, body: Vec::new().into() })
    }

    #[test]
    fn headers_are_read_and_nonsense_is_not() {
        let good =
            told(429, &[("retry-after", "3"), ("x-ms-throttle-limit-percentage", " 1.2"), ("x-ms-resource-unit", "2")]);
        assert_eq!((good.refused, good.usage, good.units), (Some(Duration::from_secs(3)), Some(1.2), Some(2)));
        let none = told(200, &[("retry-after", "3")]);
        assert_eq!((none.refused, none.usage, none.units), (None, None, None));
        for nonsense in ["NaN", "inf", "-1", "0", "", "1,2"] {
            assert_eq!(told(200, &[("x-ms-throttle-limit-percentage", nonsense)]).usage, None, "{nonsense}");
        }
        assert_eq!(told(200, &[("x-ms-resource-unit", "4000000000")]).units, Some(MOST_UNITS));
    }

    #[test]
    fn the_limit_that_refused_is_found() {
        let (invitation, patch) = (&[0, 3, 5], &[1, 2, 3, 4, 5]);
        let cases: [(&[usize], _, _, _, _); 10] = [
            (invitation, "Tenant/Write/a/t", "", Scope::Tenant, What::Invitations),
            (invitation, "Tenant_Application/ReadWrite/a/t", "", Scope::AppInTenant, What::Units),
            (invitation, "", "", Scope::Tenant, What::Invitations),
            (invitation, "", "ResourceUnitLimitExceeded", Scope::AppInTenant, What::Units),
            (patch, "Tenant_Application/Write/a/t", "", Scope::AppInTenant, What::Writes),
            (patch, "Tenant/Write/a/t", "WriteLimitExceeded", Scope::Tenant, What::Writes),
            (patch, "Application/Write/a/t", "", Scope::App, What::Writes),
            (patch, "Application/Read/a/t", "", Scope::App, What::Units),
            (patch, "", "WriteLimitExceeded", Scope::AppInTenant, What::Writes),
            (patch, "Moon", "CPULimitExceeded", Scope::AppInTenant, What::Writes),
        ];
        for (met, scope, reason, expected, what) in cases {
            let headers = [("x-ms-throttle-scope", scope), ("x-ms-throttle-information", reason)];
            let headers: Vec<_> = headers.into_iter().filter(|(_, value)| !value.is_empty()).collect();
            let found = told(429, &headers).refusing(met.iter().copied()).unwrap();
            assert_eq!((LIMITS[found].scope, LIMITS[found].what), (expected, what), "{scope} {reason}");
        }
    }
}
