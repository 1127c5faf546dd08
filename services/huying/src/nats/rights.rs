//! What each user may publish and hear. What is not said here is refused by NATS; where an answer may go, `accounts` see to.

use huying_chassis::anchor;
use huying_chassis::bus::{Bus, connection, inbox};
use huying_chassis::service::Service;

use super::units::{DISPATCH, Unit};

/// Subjects, NATS wildcards in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rights {
    pub publish: Vec<String>,
    pub subscribe: Vec<String>,
}

/// A service says its own events, makes its own streams where they are missing, and reads what it follows by its own consumers. It changes
/// and deletes none: a stream that one may change copies any other into itself, says it on to anywhere, or holds one message.
pub fn of_service(service: &Service) -> Rights {
    let name = service.name;
    let own = service.roots.iter().flat_map(|root| {
        let stream = Bus::stream_name(root);
        let makes = ["INFO", "CREATE"].map(|what| format!("$JS.API.STREAM.{what}.{stream}"));
        std::iter::once(format!("huying.{root}.v1.>")).chain(makes)
    });
    let followed = service.follows.iter().flat_map(|source| {
        let stream = Bus::stream_name(source.root);
        [
            format!("$JS.API.STREAM.INFO.{stream}"),
            format!("$JS.API.CONSUMER.INFO.{stream}.{name}"),
            format!("$JS.API.CONSUMER.CREATE.{stream}.{name}"),
            format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{name}"),
            format!("$JS.ACK.{stream}.{name}.>"),
        ]
    });
    let publish = own.chain(anchors(name)).chain(followed).collect();
    Rights { publish, subscribe: vec![hears(&inbox(&connection(name)))] }
}

/// A service adds to its stream of anchors and sees where that ends. It may not change or delete it: what it signed stays.
fn anchors(service: &str) -> [String; 4] {
    let root = anchor::root(service);
    let stream = Bus::stream_name(&root);
    [
        format!("huying.{root}.v1.>"),
        format!("$JS.API.STREAM.INFO.{stream}"),
        format!("$JS.API.STREAM.CREATE.{stream}"),
        format!("$JS.API.STREAM.MSG.GET.{stream}"),
    ]
}

/// A unit reads from its own consumer, which is made for it, and acknowledges that.
pub fn of_unit(unit: &Unit) -> Rights {
    let (stream, name) = (Bus::stream_name(DISPATCH), unit.name());
    Rights {
        publish: vec![
            format!("$JS.API.CONSUMER.INFO.{stream}.{name}"),
            format!("$JS.API.CONSUMER.MSG.NEXT.{stream}.{name}"),
            format!("$JS.ACK.{stream}.{name}.>"),
        ],
        subscribe: vec![hears(&inbox(&name))],
    }
}

/// The operator's tools look at everything, read it by consumers, and make those of units. They say nothing, and no stream is theirs.
pub fn of_operator() -> Rights {
    let asks =
        ["STREAM.INFO", "STREAM.NAMES", "STREAM.LIST", "CONSUMER.INFO", "CONSUMER.NAMES", "CONSUMER.LIST"];
    let reads = ["CONSUMER.CREATE", "CONSUMER.DELETE", "CONSUMER.MSG.NEXT"];
    let subjects = asks.into_iter().chain(reads).flat_map(|what| {
        // Names and lists of all are asked for on the bare subject.
        [format!("$JS.API.{what}"), format!("$JS.API.{what}.>")]
    });
    Rights {
        publish: subjects.chain(["$JS.API.INFO".to_owned()]).collect(),
        subscribe: vec![hears(&inbox(&connection(super::OPERATOR)))],
    }
}

fn hears(inbox: &str) -> String {
    format!("{inbox}.>")
}
