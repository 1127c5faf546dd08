//! The services there are. Whoever starts, asks or lists them goes by this list; nowhere else does each of them have to be named.

use huying_chassis::service::Service;

/// All of them, in the order of a request's way.
pub const ALL: &[&Service] = &[
    &huying_intake::SERVICE,
    &huying_routing::SERVICE,
    &huying_casework::SERVICE,
    &huying_evaluation::SERVICE,
];

/// Their names, in the same order.
pub const NAMES: [&str; ALL.len()] = {
    let mut names = [""; ALL.len()];
    let mut place = 0;
    while place < ALL.len() {
        names[place] = ALL[place].name;
        place += 1;
    }
    names
};

/// The service of a name.
pub fn named(name: &str) -> Option<&'static Service> {
    ALL.iter().find(|service| service.name == name).copied()
}

/// The roots of all streams.
pub fn roots() -> impl Iterator<Item = &'static str> {
    ALL.iter().flat_map(|service| service.roots).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_follows_what_another_publishes() {
        for (follower, source) in
            ALL.iter().flat_map(|it| it.follows.iter().map(move |source| (it.name, source)))
        {
            let owner = named(source.service).unwrap();
            assert!(owner.roots.contains(&source.root), "{follower} follows {source:?}");
            for kind in source.kinds {
                assert!(owner.kinds.iter().any(|known| known.name == *kind), "{follower} follows {source:?}");
            }
        }
    }

    #[test]
    fn a_log_is_read_by_those_who_follow_it() {
        for owner in ALL {
            let follows = |it: &&&Service| it.follows.iter().any(|source| source.service == owner.name);
            let followers: Vec<&str> = ALL.iter().filter(follows).map(|it| it.name).collect();
            assert_eq!(owner.followed_by, followers, "{}", owner.name);
        }
    }
}
