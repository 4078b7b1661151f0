//! Looking for the evidence of a reset: the guest's change time differs from what it was before.
//! It is never compared with this machine's clock.

use crate::graph::{GUEST_PROPERTIES, Graph, Guest};
use std::time::{Duration, Instant};

const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);

/// What was seen.
pub(super) struct Seen {
    pub(super) changed: bool,
    /// The guest as it was read last, if it could be read.
    pub(super) latest: Option<Guest>,
}

/// Reads the guest until its change time differs, for at most `window`.
pub(super) async fn wait_for_change(graph: &Graph<'_>, before: &Guest, window: Duration) -> Seen {
    wait_until(graph, &before.id, window, |guest| differs(before, guest)).await
}

/// Reads the guest until it shows what is looked for; reads may lag or fail meanwhile.
pub(super) async fn wait_until(graph: &Graph<'_>, id: &str, window: Duration, shows: impl Fn(&Guest) -> bool) -> Seen {
    let end = Instant::now() + window.min(graph.call.budget.remaining());
    let mut pause = FIRST_PAUSE;
    let mut latest = None;
    loop {
        if let Ok(guest) = graph.user::<Guest>(id, GUEST_PROPERTIES).await {
            let changed = shows(&guest);
            latest = Some(guest);
            if changed {
                return Seen { changed, latest };
            }
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() || graph.call.budget.sleep(pause.min(left)).await.is_err() {
            return Seen { changed: false, latest };
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn differs(before: &Guest, after: &Guest) -> bool {
    let time = &after.external_user_state_change_date_time;
    time.is_some() && *time != before.external_user_state_change_date_time
}
