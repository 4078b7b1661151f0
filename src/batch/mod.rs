//! Many resets in one run.

mod journal;
