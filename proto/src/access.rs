//! Who may call what, as the contracts declare it beside each rpc (`huying/common/v1/access.proto`).

use crate::common::v1::Role;

/// One rpc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// `/package.Service/Method`.
    pub method: &'static str,
    pub callers: Callers,
    /// Answers with a stream.
    pub streaming: bool,
    /// Is asked with a stream.
    pub client_streaming: bool,
    /// The steps that it asks for, each after the kind of what it is taken on: `case.accept`.
    pub steps: &'static [&'static str],
    /// The services that may call it, by name: what [`Role::Service`] among its roles means. `*`: whom the owner names itself.
    pub services: &'static [&'static str],
    pub caps: Caps,
}

/// What one call may take of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    /// The largest message.
    pub bytes: usize,
    /// Within which the whole message must be there; 0: as the server's settings say.
    pub body_seconds: u64,
    /// Open at once by one caller; 0: no bound of this rpc's own.
    pub streams: usize,
}

impl Caps {
    /// Of an rpc that says nothing else.
    pub const USUAL: Self = Self { bytes: 64 * 1024, body_seconds: 0, streams: 0 };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callers {
    /// A caller with one of these.
    Roles(&'static [Role]),
    /// No token is asked for.
    Anyone,
}

impl Access {
    pub const fn roles(method: &'static str, roles: &'static [Role]) -> Self {
        Self::of(method, Callers::Roles(roles))
    }

    pub const fn anyone(method: &'static str) -> Self {
        Self::of(method, Callers::Anyone)
    }

    const fn of(method: &'static str, callers: Callers) -> Self {
        let (streaming, client_streaming) = (false, false);
        Self { method, callers, streaming, client_streaming, steps: &[], services: &[], caps: Caps::USUAL }
    }

    pub const fn bytes(mut self, most: usize) -> Self {
        self.caps.bytes = most;
        self
    }

    pub const fn body_seconds(mut self, most: u64) -> Self {
        self.caps.body_seconds = most;
        self
    }

    pub const fn streams(mut self, most: usize) -> Self {
        self.caps.streams = most;
        self
    }

    pub const fn client_streaming(mut self) -> Self {
        self.client_streaming = true;
        self
    }

    pub const fn streaming(mut self) -> Self {
        self.streaming = true;
        self
    }

    pub const fn services(mut self, services: &'static [&'static str]) -> Self {
        self.services = services;
        self
    }

    pub const fn asking(mut self, steps: &'static [&'static str]) -> Self {
        self.steps = steps;
        self
    }
}

// `ACCESS`: one entry for every rpc. The build refuses an rpc that does not say who may call it.
include!(concat!(env!("OUT_DIR"), "/access.rs"));
