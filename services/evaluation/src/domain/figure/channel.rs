//! The doors that requests come in by, as intake tells of them.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

/// The door that a request came in by; of a case, that of its first request. Few, so figures by it stay few.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Channel {
    /// 线上.
    Online,
    /// 网格巡查.
    GridPatrol,
    /// 入户走访.
    HomeVisit,
    /// 座谈.
    Forum,
    /// 上级交办.
    FromAbove,
    /// 热线.
    Hotline,
    /// 便民服务卡.
    ServiceCard,
    /// 居民码.
    ResidentQr,
    /// 企业服务台.
    EnterpriseDesk,
}

impl Channel {
    /// The word in the figures and on the wire.
    pub fn name(self) -> &'static str {
        self.into()
    }
}
