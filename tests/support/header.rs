//! What the C header declares, read the way its plain layout allows.
#![allow(clippy::unwrap_used, clippy::panic)]

/// The header that this build wrote.
pub(crate) const BUILT: &str = include_str!(concat!(env!("OUT_DIR"), "/guest_redemption.h"));

/// The names of its functions, sorted.
pub(crate) fn functions() -> Vec<String> {
    let mut names: Vec<_> = code().split(';').filter_map(declared).collect();
    names.sort();
    names
}

/// The statuses with their numbers, in order.
pub(crate) fn statuses() -> Vec<(String, i32)> {
    let number = |line: &str| {
        let (name, number) = line.trim().strip_prefix("REDEMPTION_")?.strip_suffix(',')?.split_once(" = ")?;
        Some((name.to_owned(), number.parse().unwrap()))
    };
    code().lines().filter_map(number).collect()
}

/// `#define name value`.
pub(crate) fn macro_value(name: &str) -> &'static str {
    let line = BUILT.lines().find_map(|line| line.strip_prefix(&format!("#define {name} ")));
    line.unwrap_or_else(|| panic!("the header does not define {name}"))
}

/// The header without comments and directives.
fn code() -> String {
    let without_comments: String =
        BUILT.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, after)| after)).collect();
    without_comments.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n")
}

fn declared(statement: &str) -> Option<String> {
    let before = statement.split_once('(')?.0;
    let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()?;
    Some(name.to_owned())
}
