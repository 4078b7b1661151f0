//! The tenant as a whole: what the routes read and change.

use std::time::Duration;

use super::Settings;
use super::directory::{Directory, Props};
use super::faults::Fault;
use super::journal::State;
use super::limits::Limits;
use super::sign_in::SignIn;
use super::tokens::Tokens;

pub(super) struct Tenant {
    pub(super) url: String,
    start: Settings,
    pub(super) settings: Settings,
    pub(super) directory: Directory,
    pub(super) tokens: Tokens,
    pub(super) sign_in: SignIn,
    pub(super) limits: Limits,
    pub(super) faults: Vec<Fault>,
    pub(super) journal: State,
}

impl Tenant {
    pub(super) fn new(url: &str, settings: Settings) -> Self {
        let directory = Directory::new(settings.users);
        Self {
            url: url.to_owned(),
            start: settings,
            settings,
            limits: Limits::new(directory.users.len()),
            directory,
            tokens: Tokens::new(url),
            sign_in: SignIn::default(),
            faults: Vec::new(),
            journal: State::default(),
        }
    }

    /// Back to the start; tokens stay valid.
    pub(super) fn reset(&mut self) {
        self.settings = self.start;
        self.directory = Directory::new(self.settings.users);
        self.limits = Limits::new(self.directory.users.len());
        self.tokens.reset();
        self.sign_in = SignIn::default();
        self.faults.clear();
        self.journal.clear();
    }

    /// A user as a GET sees it, which may be late.
    pub(super) fn read(&self, at: usize) -> &Props {
        self.directory.users[at].versions.behind(Duration::from_millis(self.settings.stale_read_ms))
    }

    /// A user as the invitation service sees it, which waits for replication.
    pub(super) fn replicated(&self, at: usize) -> &Props {
        self.directory.users[at].versions.behind(Duration::from_millis(self.settings.replication_delay_ms))
    }

    /// Replaces a user's properties.
    pub(super) fn write(&mut self, at: usize, props: Props) {
        let lag = self.settings.stale_read_ms.max(self.settings.replication_delay_ms);
        self.directory.write(at, props, Duration::from_millis(lag));
    }
}
