//! Where the PostgreSQL of a test binary keeps its data: the same place at every run, also of a binary built anew, so that it is made once.
//!
//! Each test leaves its database there, some gigabytes in all. So whoever starts removes what other binaries have left.

use std::{
    fs::{self, File},
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

/// How each such directory is named at its beginning.
const PREFIX: &str = "huying-test-";
/// A directory younger than this may have an owner who has not locked it yet.
const YOUNG: Duration = Duration::from_secs(60);

/// One for each test binary of a crate: its name is its target's and a hash that changes with every build.
#[allow(clippy::disallowed_methods, reason = "cargo tells a test its crate by the environment")]
pub(crate) fn home() -> PathBuf {
    let binary = std::env::current_exe().unwrap();
    let built = binary.file_stem().unwrap().to_string_lossy();
    let target = built.rsplit_once('-').map_or(&*built, |(target, _)| target);
    let within = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| binary.clone(), PathBuf::from);
    let mut hasher = DefaultHasher::new();
    (within, target).hash(&mut hasher);
    std::env::temp_dir().join(format!("{PREFIX}{:016x}", hasher.finish()))
}

/// Removes the directories of other binaries beside `own`, but for those where a server runs. What cannot be removed stays.
pub(crate) fn sweep(own: &Path) {
    let beside = own.parent().and_then(|dir| fs::read_dir(dir).ok());
    for found in beside.into_iter().flatten().flatten() {
        let is_home = found.file_name().to_string_lossy().starts_with(PREFIX);
        if is_home && found.path() != own && is_left(&found.path()) {
            let _ = fs::remove_dir_all(found.path());
        }
    }
}

/// Its owner holds the lock as long as it lives, so nobody's is who gets it.
fn is_left(home: &Path) -> bool {
    let is_young = |made: SystemTime| made.elapsed().is_ok_and(|age| age < YOUNG);
    let Ok(lock) = File::open(home.join("lock")) else { return false };
    lock.try_lock().is_ok() && !home.metadata().and_then(|dir| dir.modified()).is_ok_and(is_young)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_left_is_removed_and_what_runs_stays() {
        let dir = tempfile::tempdir().unwrap();
        let home = |name: &str, age: u64| {
            let home = dir.path().join(name);
            fs::create_dir(&home).unwrap();
            let lock = File::create(home.join("lock")).unwrap();
            let then = SystemTime::now() - Duration::from_secs(age);
            File::open(&home).unwrap().set_modified(then).unwrap();
            (home, lock)
        };
        let (own, _held) = home("huying-test-own", 600);
        let (running, held) = home("huying-test-running", 600);
        held.try_lock().unwrap();
        let (left, _) = home("huying-test-left", 600);
        let (young, _) = home("huying-test-young", 0);
        let (other, _) = home("another", 600);

        sweep(&own);
        for (home, stays) in [(own, true), (running, true), (left, false), (young, true), (other, true)] {
            assert_eq!(home.exists(), stays, "{}", home.display());
        }
    }
}
