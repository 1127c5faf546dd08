//! 一降一升 on the wire.

use huying_proto::evaluation::v1 as pb;
use huying_wire::instant;

use crate::domain::figure::effect::{Effect, Level, Levels};

pub fn effect(effect: &Effect) -> pb::GetEffectResponse {
    pb::GetEffectResponse {
        whole: Some(levels(&effect.whole)),
        hotline: Some(levels(&effect.hotline)),
        counted_time: Some(instant::write(effect.counted_at)),
    }
}

fn levels(Levels { now, before, last_year }: &Levels) -> pb::Effect {
    pb::Effect {
        volume: now.volume,
        satisfaction: now.satisfaction,
        before: Some(beside(now, before)),
        last_year: Some(beside(now, last_year)),
    }
}

fn beside(now: &Level, then: &Level) -> pb::EffectBeside {
    pb::EffectBeside {
        volume: then.volume,
        volume_change: now.volume_change(then),
        satisfaction: then.satisfaction,
        satisfaction_change: now.satisfaction_change(then),
        better: now.is_better(then),
    }
}
