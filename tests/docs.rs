//! What `docs/` hands out: the manifests against Kubernetes' published schemas, and the files that it names. That its
//! scripts run is tested by `tests/powershell/docs.tests.ps1`.

#![allow(clippy::unwrap_used, clippy::panic)]

#[allow(dead_code)]
#[path = "support/toolchain.rs"]
mod toolchain;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use toolchain::has;

/// Carries the schemas; from PyPI.
const VALIDATOR: &str = "kubernetes-validate";
/// The oldest release that `docs/kubernetes/README.md` promises.
const OLDEST: &str = "1.33";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files under `docs` with this ending.
fn documents(ending: &str) -> Vec<PathBuf> {
    let mut folders = vec![root().join("docs")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.extension().is_some_and(|extension| extension == ending) => found.push(path),
                false => {}
            }
        }
    }
    assert!(!found.is_empty(), "no {ending} under docs");
    found
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn validate(release: &[&str], files: &[PathBuf]) -> Output {
    Command::new(VALIDATOR).arg("--strict").args(release).args(files).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[test]
fn manifests_are_valid_for_the_oldest_and_the_newest_kubernetes() {
    if !has(VALIDATOR) {
        return;
    }
    let manifests = documents("yaml");
    for release in [&["-k", OLDEST] as &[&str], &[]] {
        let output = validate(release, &manifests);
        assert!(output.status.success(), "{}", said(&output));
    }
}

#[test]
fn a_broken_manifest_is_refused() {
    if !has(VALIDATOR) {
        return;
    }
    let job = read(&root().join("docs/kubernetes/job.yaml"));
    let breaks = [
        ("backoffLimitPerIndex", "backoffLimitForIndex"),
        ("completions: 3", "completions: three"),
        ("operator: In", "operation: In"),
        ("restartPolicy: Never", "restartPolicy: [Never]"),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (right, wrong) in breaks {
        let broken = job.replace(right, wrong);
        assert_ne!(broken, job, "{right}");
        let path = folder.path().join("job.yaml");
        std::fs::write(&path, broken).unwrap();
        let output = validate(&[], &[path]);
        assert!(said(&output).contains("did not validate"), "{wrong}: {}", said(&output));
        assert!(!output.status.success(), "{wrong}");
    }
}

/// What no schema holds: that the parts fit together.
#[test]
fn the_job_fits_its_script_and_its_volume() {
    let read = |name: &str| read(&root().join("docs/kubernetes").join(name));
    let (job, files, script, image) =
        (read("job.yaml"), read("files.yaml"), read("run-campaign.ps1"), read("Dockerfile"));
    let value = |text: &str, key: &str| {
        let line = text.lines().find(|line| line.trim_start().starts_with(key)).unwrap_or_else(|| panic!("{key}"));
        line.trim_start()[key.len()..].trim().to_owned()
    };
    let tenants = value(&job, "completions:");
    assert_eq!(value(&job, "parallelism:"), tenants);
    assert!(job.contains(&format!("- name: CAMPAIGN_TENANTS\n              value: \"{tenants}\"")));
    for name in
        ["CAMPAIGN_TENANTS", "JOB_COMPLETION_INDEX", "'/campaign/plans'", "'/campaign/journals'", "'/credentials'"]
    {
        assert!(script.contains(name), "{name}");
    }
    for mount in ["/campaign", "/credentials"] {
        assert!(job.contains(&format!("mountPath: {mount}\n")), "{mount}");
    }
    assert!(script.contains("$helpless, $notBegun, $tryAgain = 2, 3, 75"));
    assert_eq!(value(&job, "values:"), "[2, 3]");
    // what the API server wants of an indexed Job with a policy
    for rule in [
        "completionMode: Indexed",
        "restartPolicy: Never",
        "containerName: campaign",
        "- name: campaign\n          image:",
    ] {
        assert!(job.contains(rule), "{rule}");
    }
    assert_eq!(value(&job, "image:"), value(&files, "image:"));
    for user in [&job, &files] {
        assert_eq!(value(user, "runAsUser:"), "1654");
        assert!(user.contains("claimName: guest-redemption\n"));
    }
    assert!(image.contains("USER 1654:1654") && image.contains("STOPSIGNAL SIGINT"));
    assert_eq!(value(&read("storage.yaml"), "name:"), "guest-redemption");
}

#[test]
fn files_that_the_documents_name_are_there() {
    let mut looked_at = 0;
    for document in documents("md") {
        let folder = document.parent().unwrap();
        for name in named(&read(&document)) {
            looked_at += 1;
            let places = [folder.join(&name), root().join(&name)];
            assert!(places.iter().any(|path| path.exists()), "{} names {name}", document.display());
        }
    }
    assert!(looked_at > 10, "{looked_at}");
}

/// Targets of links within the repository, and names of files between backticks.
fn named(text: &str) -> Vec<String> {
    assert!(text.matches('`').count().is_multiple_of(2), "a backtick stands alone");
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let words = text.split('`').skip(1).step_by(2).filter(|word| {
        let is_name = word.chars().all(|char| char.is_ascii_alphanumeric() || "-_./".contains(char));
        is_name && ([".md", ".yaml", ".ps1", ".rs"].iter().any(|end| word.ends_with(end)) || *word == "Dockerfile")
    });
    links.chain(words).filter(|name| !name.contains("://")).map(str::to_owned).collect()
}
