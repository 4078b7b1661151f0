//! The tenant as Graph shows it.

use super::request::{WHAT, properties};
use super::{Ended, split, with_graph};
use crate::graph::{Graph, ORGANIZATION_PROPERTIES};
use crate::options::{Common, Object, read};
use serde::Deserialize;
use serde_json::json;

/// `tenant.get`: the tenant that was signed in to.
pub(super) fn get(mut members: Object) -> Ended {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Rest {
        select: Option<Vec<String>>,
    }
    let taken = Common::take(&mut members, WHAT).and_then(|common| {
        let rest: Rest = read(members, WHAT)?;
        Ok((common, properties(rest.select, ORGANIZATION_PROPERTIES)?))
    });
    match taken {
        Ok((common, select)) => {
            let get = async move |graph: &Graph<'_>| {
                split(graph.organization(&select).await.map(|tenant| json!({"tenant": tenant})))
            };
            with_graph(common, get)
        }
        Err(error) => Ended::failed(error),
    }
}
