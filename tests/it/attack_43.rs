//! A bomb of gzip, 32 MiB of nothing in some 32 KiB, thrown at a service in a process of its own: it is refused, and never in memory.

use std::{fs, future::poll_fn, io::Write as _};

use flate2::{Compression, write::GzEncoder};
use futures::future::join_all;
use http_body_util::Full;
use huying_chassis::auth::Role;
use huying_testing::{reason, wire};
use huying_tests::{People, World, people::DISTRICT};
use prost::bytes::Bytes;
use tonic::{Code, Status, body::Body, codegen::Service as _};

use crate::processes;

const INFLATED: usize = 32 * 1024 * 1024;
/// At once, each on a connection of its own.
const BOMBS: usize = 16;
/// What a process may grow by, in KiB.
const MOST: u64 = 16 * 1024;
const SUBMIT: &str = "/huying.intake.v1.RequestService/SubmitRequest";

/// A message that says it is compressed, with its length.
fn bomb() -> Bytes {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&vec![0; INFLATED]).unwrap();
    let gzip = gzip.finish().unwrap();
    assert!(gzip.len() < 64 * 1024, "a message may be no larger");
    [&[1][..], &u32::try_from(gzip.len()).unwrap().to_be_bytes(), &gzip].concat().into()
}

/// What is answered. `said`: the header says that it is compressed, too.
async fn thrown(world: &World, bomb: Bytes, said: bool) -> Status {
    let address = world.address("intake");
    let mut wire = wire(address, world.bench.bearer(Role::Platform, None, Some(DISTRICT)));
    let call = http::Request::post(format!("http://{address}{SUBMIT}"));
    let mut call = call.header("content-type", "application/grpc").header("te", "trailers");
    if said {
        call = call.header("grpc-encoding", "gzip");
    }
    let call = call.body(Body::new(Full::new(bomb))).unwrap();
    poll_fn(|cx| wire.poll_ready(cx)).await.unwrap();
    let answer = wire.call(call).await.unwrap();
    Status::from_header_map(answer.headers()).expect("refused at once")
}

/// The most memory that a process ever had, in KiB.
fn peak(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_43_a_gzip_bomb_is_refused_and_never_in_memory() {
    let world = World::open(processes()).await;
    let (people, process, bomb) = (world.people(), world.process("intake"), bomb());
    people.submit_until_taken(People::blocked_way()).await;
    // From here on its peak is counted anew.
    fs::write(format!("/proc/{process}/clear_refs"), "5").unwrap();
    let before = peak(process);
    for said in [true, false] {
        let answers = join_all((0..BOMBS).map(|_| thrown(&world, bomb.clone(), said))).await;
        for refused in answers {
            if said {
                let compressed = (Code::Unimplemented, "COMPRESSION_NOT_SUPPORTED".to_owned());
                assert_eq!((refused.code(), reason(&refused)), compressed);
            } else {
                let codes = [Code::Unimplemented, Code::Internal, Code::InvalidArgument];
                assert!(codes.contains(&refused.code()), "{refused:?}");
            }
        }
    }
    let grown = peak(process) - before;
    assert!(grown < MOST, "it grew by {grown} KiB");
    people.submit_until_taken(People::blocked_way()).await;
}
