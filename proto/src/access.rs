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
        Self { method, callers, streaming: false, client_streaming: false, steps: &[], services: &[] }
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
