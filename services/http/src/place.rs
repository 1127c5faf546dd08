//! Where an address leads, as far as it can be told by reading it.

use url::Url;

/// Whether it is on this machine.
pub fn is_here(url: &Url) -> bool {
    url.host_str().is_some_and(is_host_here)
}

/// The same of a host alone; a v6 address may stand in brackets.
pub fn is_host_here(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback())
}

/// Whether a user or a password stands in it. Whatever prints an address would print them.
pub fn has_login(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_loopback_and_nothing_that_looks_like_it() {
        let here = |text: &str| is_here(&text.parse().unwrap());
        for url in ["http://localhost:1", "http://127.8.9.1", "http://[::1]:1", "http://[::ffff:127.0.0.1]"] {
            assert!(here(url), "{url}");
        }
        // A browser's way of writing addresses is known: this is 127.0.0.1.
        assert!(here("http://2130706433/"));
        for url in [
            "http://localhost.example",
            "http://127.0.0.1.example",
            "http://10.0.0.1",
            "http://0.0.0.0",
            "http://[::]",
            "http://localhost@example",
            "unix:/run/x",
        ] {
            assert!(!here(url), "{url}");
        }
    }
}
