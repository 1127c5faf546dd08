//! Which RPC a request is for. Looked up once, by `trace`, and handed down in the extensions.

use std::collections::HashMap;

use huying_proto::access::{Access, Callers, Caps};

const HEALTH_CHECK: &str = "/grpc.health.v1.Health/Check";

/// What every server answers beside its own RPCs.
const HEALTH: [Access; 2] =
    [Access::anyone(HEALTH_CHECK), Access::anyone("/grpc.health.v1.Health/Watch").streaming()];
/// And where the settings say so.
const REFLECTION: [Access; 2] = [
    Access::anyone("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")
        .client_streaming()
        .streaming(),
    Access::anyone("/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")
        .client_streaming()
        .streaming(),
];

/// One RPC, as the layers see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rpc {
    /// `package.Service/Method`: bounded, since only known ones have a name of their own.
    pub(super) name: &'static str,
    pub(super) callers: Callers,
    /// The services among them, by name.
    pub(super) services: &'static [&'static str],
    /// Asked or answered with more than one message: as long as it takes.
    pub(super) streaming: bool,
    pub(super) known: bool,
    /// Answered even when there is too much to do: a busy server is not a dead one.
    pub(super) vital: bool,
    /// The client may send more than one message.
    pub(super) client_streams: bool,
    pub(super) caps: Caps,
    /// Asks whether we are well.
    pub(super) health: bool,
    /// It has no end of its own: a watch, which by our contracts' rule is an rpc whose name begins so.
    pub(super) endless: bool,
}

const UNKNOWN: Rpc = Rpc {
    name: "_OTHER",
    callers: Callers::Roles(&[]),
    services: &[],
    streaming: false,
    known: false,
    vital: false,
    client_streams: false,
    caps: Caps::USUAL,
    health: false,
    endless: false,
};

pub(super) struct Rpcs(HashMap<&'static str, Rpc>);

impl Rpcs {
    pub(super) fn new(access: &[Access], reflection: bool) -> Self {
        let reflection = REFLECTION.iter().filter(|_| reflection);
        let all = access.iter().chain(&HEALTH).chain(reflection);
        Self(all.map(|entry| (entry.method, Rpc::from(entry))).collect())
    }

    pub(super) fn find(&self, path: &str) -> Rpc {
        self.0.get(path).copied().unwrap_or(UNKNOWN)
    }
}

impl Rpc {
    /// Set by `trace`; without it, nothing is allowed.
    pub(super) fn of(extensions: &http::Extensions) -> Self {
        extensions.get::<Self>().copied().unwrap_or(UNKNOWN)
    }
}

impl From<&Access> for Rpc {
    fn from(access: &Access) -> Self {
        Self {
            name: access.method.trim_start_matches('/'),
            callers: access.callers,
            services: access.services,
            streaming: access.streaming || access.client_streaming,
            known: true,
            vital: access.method == HEALTH_CHECK,
            client_streams: access.client_streaming,
            caps: access.caps,
            health: HEALTH.iter().any(|health| health.method == access.method),
            endless: is_endless(access),
        }
    }
}

/// The health service's watch is none of ours: it tells that we stop, so it goes last.
fn is_endless(access: &Access) -> bool {
    let name = access.method.rsplit('/').next().unwrap_or_default();
    access.streaming
        && name.starts_with("Watch")
        && !HEALTH.iter().any(|health| health.method == access.method)
}
