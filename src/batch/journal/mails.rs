//! Whom the service was asked to mail since a given time, as far as a journal tells.

use super::line::Line;
use super::record::{Record, Step};
use crate::report::Outcome;
use std::collections::HashSet;

/// Guests and addresses that mail has gone to, or may have gone to.
pub(crate) struct Mails {
    /// As the journal writes times, so that the texts compare as the times do.
    since: String,
    sent: HashSet<Guest>,
    /// The latest attempts, as long as their ends are not known.
    attempts: HashSet<Guest>,
}

/// Object id and address.
type Guest = (String, String);

fn guest(user_id: &str, email: &str) -> Guest {
    (user_id.to_lowercase(), email.to_lowercase())
}

impl Mails {
    pub(super) fn since(since: String) -> Self {
        Self { since, sent: HashSet::new(), attempts: HashSet::new() }
    }

    /// Whether mail may have gone there.
    pub(crate) fn hold(&self, user_id: &str, email: &str) -> bool {
        let guest = guest(user_id, email);
        self.sent.contains(&guest) || self.attempts.contains(&guest)
    }

    /// Takes the next line of the journal.
    pub(super) fn take(&mut self, line: &Line) {
        match &line.record {
            Record::Intent(intent) if intent.step == Step::Invite && intent.mail => {
                self.begin(line, &intent.user_id, &intent.email);
            }
            Record::Reminder(reminder) => self.begin(line, &reminder.user_id, &reminder.email),
            Record::NotAccepted(refused) => drop(self.attempts.remove(&guest(&refused.user_id, &refused.email))),
            Record::Outcome(ended) | Record::Reminded(ended) => {
                let (Some(user_id), Some(email)) = (&ended.user_id, &ended.email) else { return };
                self.end(guest(user_id, email), ended.outcome);
            }
            Record::Resumed(_) => self.sent.extend(self.attempts.drain()),
            Record::Header(_) | Record::Intent(_) | Record::Closed {} => {}
        }
    }

    fn begin(&mut self, line: &Line, user_id: &str, email: &str) {
        if line.time >= self.since {
            self.attempts.insert(guest(user_id, email));
        }
    }

    fn end(&mut self, guest: Guest, outcome: Outcome) {
        let may_be_sent =
            matches!(outcome, Outcome::Done | Outcome::AcceptedUnverified | Outcome::Unknown | Outcome::Reminded);
        if self.attempts.remove(&guest) && may_be_sent {
            self.sent.insert(guest);
        }
    }
}
