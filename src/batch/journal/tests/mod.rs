//! The journal under everything that can happen to a disk.

mod campaign;
mod files;
mod read;
mod recovery;
mod simulated;

use super::{AddressChange, Binding, Ended, Intent, Record, Step};
use crate::cloud::Cloud;
use crate::options::{Environment, ResetOptions, parse};
use crate::report::{Outcome, UndoValues};

const NAME: &str = "run.jsonl";

fn binding(tenant: &str, options: &str) -> Binding {
    let options = ResetOptions::read(parse(options, "opts_json").unwrap(), "opts_json").unwrap();
    Binding::new(tenant, &Cloud::choose(Some("global"), &Environment::of(&[])).unwrap(), &options)
}

fn ours() -> Binding {
    binding("contoso", "{}")
}

fn user_id(number: usize) -> String {
    format!("10000000-0000-4000-8000-{number:012}")
}

fn email(number: usize) -> String {
    format!("guest{number}@adatum.example")
}

fn intent(number: usize, step: Step, mail: bool) -> Record {
    let undo = UndoValues { mail: Some(format!("guest{number}@fabrikam.example")), other_mails: None };
    let change = AddressChange { mail: Some(email(number)), other_mails: None, undo };
    Record::Intent(Intent {
        user_id: user_id(number),
        email: email(number),
        named: None,
        tag: number as u64,
        step,
        mail,
        state_before: Some("Accepted".into()),
        changed_before: Some("2026-11-01T00:00:00Z".into()),
        address: (step == Step::Address).then_some(change),
    })
}

fn ended(number: usize, outcome: Outcome) -> Record {
    Record::Outcome(Ended {
        user_id: Some(user_id(number)),
        email: Some(email(number)),
        named: None,
        tag: number as u64,
        outcome,
        status: "OK".into(),
        state_changed: None,
        request_ids: vec![format!("request-{number}")],
    })
}
