//! 企业服务台: consultations, difficulties and suggestions of enterprises. Another type is taken, and flagged.

use super::{Door, OPEN, RequestType};

pub(super) const DOOR: Door =
    Door { types: &[RequestType::Consultation, RequestType::Help, RequestType::Suggestion], ..OPEN };
