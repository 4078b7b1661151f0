//! What belongs to the guest before and after: assigned groups and app assignments.

use crate::error::Result;
use crate::graph::{Graph, Membership, Named};
use crate::report::{Comparison, Item, Kept};

/// Assigned groups and app assignments at one time.
pub(super) struct Owned {
    groups: Vec<Item>,
    app_assignments: Vec<Item>,
}

/// Reads both.
pub(super) async fn read(graph: &Graph<'_>, id: &str) -> Result<Owned> {
    let (groups, assignments) = tokio::try_join!(graph.memberships(id), graph.app_assignments(id))?;
    let group = |group: Membership| Item { id: group.id, display_name: group.display_name };
    let assignment = |one: Named| Item { id: one.id, display_name: one.resource_display_name };
    Ok(Owned {
        groups: groups.into_iter().filter(Membership::is_assigned_group).map(group).collect(),
        app_assignments: assignments.into_iter().map(assignment).collect(),
    })
}

/// Reads again and compares.
pub(super) async fn compare(graph: &Graph<'_>, id: &str, before: Owned) -> Result<Kept> {
    let after = read(graph, id).await?;
    Ok(Kept {
        groups: comparison(before.groups, after.groups),
        app_assignments: comparison(before.app_assignments, after.app_assignments),
    })
}

fn comparison(before: Vec<Item>, after: Vec<Item>) -> Comparison {
    let missing = |from: &[Item], all: &[Item]| -> Vec<Item> {
        from.iter().filter(|one| !all.iter().any(|other| other.id == one.id)).cloned().collect()
    };
    Comparison { lost: missing(&before, &after), gained: missing(&after, &before), before, after }
}
