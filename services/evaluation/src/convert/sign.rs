//! Early signs in the contract's words.

use chrono::{DateTime, Utc};
use huying_proto::evaluation::v1 as pb;
use huying_wire::instant;
use uuid::Uuid;

use crate::domain::sign::{Seen, SignKind};

pub fn sign(id: Uuid, seen: Seen, raised_at: DateTime<Utc>) -> pb::Sign {
    pb::Sign {
        id: id.to_string(),
        kind: kind(seen.kind).into(),
        district: seen.district,
        area: seen.area,
        category: seen.category,
        date: seen.day.to_string(),
        number: seen.number,
        usual: seen.usual,
        open: seen.open,
        request: seen.request.map(|request| request.to_string()).unwrap_or_default(),
        raise_time: Some(instant::write(raised_at)),
    }
}

fn kind(kind: SignKind) -> pb::SignKind {
    match kind {
        SignKind::Surge => pb::SignKind::Surge,
        SignKind::Ageing => pb::SignKind::Ageing,
        SignKind::Repeat => pb::SignKind::Repeat,
    }
}
