//! Whether the caller's token seems to suffice for each step of a reset. Advice: the service decides.
//!
//! Source: permissions tables of `invitation-post` and `user-update`, and the reset how-to page (roles).

use super::{AccountType, Claims};
use crate::report::{Answer, Right};

const RESET: [&str; 2] = ["User.ReadWrite.All", "Directory.ReadWrite.All"];
const HELPDESK: &str = "729827e3-9c14-49f7-bb1b-9608f156bbb8";
const USER_ADMINISTRATOR: &str = "fe930be7-5e62-47db-91af-98c3a49a38b1";
const GLOBAL_ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";

/// What is needed to write the address.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Write {
    Nothing,
    Mail,
    OtherMails,
}

/// The rights of a reset's steps.
pub(crate) fn rights(claims: &Claims, write: Write) -> Vec<Right> {
    let mut rights = Vec::new();
    if write != Write::Nothing {
        let least = if write == Write::Mail {
            "User.ReadWrite.All, and as a person User Administrator"
        } else {
            "User-Mail.ReadWrite.All, and as a person User Administrator"
        };
        let mut enough = RESET.to_vec();
        if write == Write::OtherMails {
            enough.push("User-Mail.ReadWrite.All");
        }
        let roles = [USER_ADMINISTRATOR, GLOBAL_ADMINISTRATOR];
        rights.push(Right { step: "address", answer: answer(claims, &enough, &roles), least });
    }
    let roles = [HELPDESK, USER_ADMINISTRATOR, GLOBAL_ADMINISTRATOR];
    let least = "User.ReadWrite.All, and as a person Helpdesk Administrator";
    rights.push(Right { step: "invite", answer: answer(claims, &RESET, &roles), least });
    rights
}

fn answer(claims: &Claims, permissions: &[&str], roles: &[&str]) -> Answer {
    let held = |all: &[String], wanted: &[&str]| all.iter().any(|one| wanted.contains(&one.as_str()));
    if !claims.readable || claims.account_type == AccountType::Unknown {
        Answer::CannotTell
    } else if !held(&claims.permissions, permissions) {
        Answer::No
    } else if claims.account_type == AccountType::App || held(&claims.role_templates, roles) {
        Answer::Yes
    } else {
        Answer::CannotTell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(account_type: AccountType, permissions: &[&str], roles: &[&str], write: Write) -> Vec<Answer> {
        let text = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
        let claims = Claims {
            readable: true,
            account_type,
            permissions: text(permissions),
            role_templates: text(roles),
            ..Claims::default()
        };
        rights(&claims, write).iter().map(|right| right.answer).collect()
    }

    #[test]
    fn yes_no_and_cannot_tell() {
        use AccountType::{App, User};
        use Answer::{CannotTell, No, Yes};
        assert_eq!(answers(App, &["User.ReadWrite.All"], &[], Write::Mail), [Yes, Yes]);
        assert_eq!(answers(App, &["User.Invite.All"], &[], Write::Nothing), [No]);
        assert_eq!(answers(App, &["User-Mail.ReadWrite.All"], &[], Write::OtherMails), [Yes, No]);
        assert_eq!(answers(User, &["User.ReadWrite.All"], &[HELPDESK], Write::Mail), [CannotTell, Yes]);
        assert_eq!(answers(User, &["User.ReadWrite.All"], &[], Write::Nothing), [CannotTell]);
        assert_eq!(rights(&Claims::default(), Write::Nothing)[0].answer, CannotTell);
    }
}
