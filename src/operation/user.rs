//! Users as Graph shows them, for wrappers that need more than a guest's redemption.

use super::request::{WHAT, properties, require_text};
use super::{Ended, split, with_graph};
use crate::error::{Error, Result};
use crate::graph::{GUEST_PROPERTIES, Graph, UserList};
use crate::options::{Common, Object, UserKey, read};
use crate::status::Status;
use serde::Deserialize;
use serde_json::{Value, json};

/// `user.get`.
pub(super) fn get(mut members: Object) -> Ended {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Rest {
        select: Option<Vec<String>>,
    }
    let taken = take_key(&mut members).and_then(|(key, common)| {
        let rest: Rest = read(members, WHAT)?;
        Ok((key, common, properties(rest.select, GUEST_PROPERTIES)?))
    });
    match taken {
        Ok((key, common, select)) => with_graph(common, async move |graph| split(get_user(graph, &key, &select).await)),
        Err(error) => Ended::failed(error),
    }
}

async fn get_user(graph: &Graph<'_>, key: &UserKey, select: &str) -> Result<Value> {
    Ok(json!({"user": graph.find_with(key, select).await?}))
}

/// `user.list`: one page.
pub(super) fn list(mut members: Object) -> Ended {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Rest {
        filter: Option<String>,
        select: Option<Vec<String>>,
        top: Option<u64>,
        advanced: Option<bool>,
        next: Option<String>,
    }
    let taken = Common::take(&mut members, WHAT).and_then(|common| {
        let rest: Rest = read(members, WHAT)?;
        if rest.top.is_some_and(|top| !(1..=999).contains(&top)) {
            return Err(Error::new(Status::OutOfRange, format!("{WHAT}: top: expected a number from 1 to 999")));
        }
        let others = rest.filter.is_some() || rest.select.is_some() || rest.top.is_some() || rest.advanced.is_some();
        if rest.next.is_some() && others {
            return Err(Error::new(Status::ConflictingOptions, format!("{WHAT}: next stands alone"))
                .hint("the link of the page before holds filter, select, top and advanced"));
        }
        let list = UserList {
            filter: rest.filter,
            select: properties(rest.select, GUEST_PROPERTIES)?,
            top: rest.top.unwrap_or(100),
            advanced: rest.advanced.unwrap_or(false),
        };
        Ok((common, list, rest.next))
    });
    match taken {
        Ok((common, list, next)) => with_graph(common, async move |graph| {
            let page = match &next {
                Some(link) => graph.next_page(link).await,
                None => graph.page(&list).await,
            };
            split(page.map(|(users, next)| json!({"users": users, "next": next})))
        }),
        Err(error) => Ended::failed(error),
    }
}

/// `user.update`.
pub(super) fn update(mut members: Object) -> Ended {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Rest {
        changes: Object,
    }
    let taken = take_key(&mut members).and_then(|(key, common)| {
        let rest: Rest = read(members, WHAT)?;
        if rest.changes.is_empty() {
            return Err(Error::new(Status::OutOfRange, format!("{WHAT}: changes: expected at least one member")));
        }
        Ok((key, common, Value::Object(rest.changes)))
    });
    match taken {
        Ok((key, common, changes)) => {
            with_graph(common, async move |graph| split(graph.update(&key, &changes).await.map(|()| json!({}))))
        }
        Err(error) => Ended::failed(error),
    }
}

fn take_key(members: &mut Object) -> Result<(UserKey, Common)> {
    let key = UserKey::parse(&require_text(members, "user_id")?)?;
    Ok((key, Common::take(members, WHAT)?))
}
