//! What a running service tells of its contracts by reflection: enough for a client without the proto files, such as grpcurl.

use std::collections::{BTreeMap, btree_map::Entry};

use huying_chassis::log_service;
use huying_testing::{Bearer, Bench, Wire, database, wire};
use prost::{
    Message as _,
    encoding::{WireType, encode_key},
};
use prost_types::FileDescriptorProto;
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};

use super::bench::owner;

/// The number of `huying.common.v1.access` among the options of an rpc.
const ACCESS: u32 = 50001;

/// One file, as it was compiled.
async fn file(client: &mut ServerReflectionClient<Wire>, wanted: MessageRequest) -> Vec<u8> {
    let ask = ServerReflectionRequest { host: String::new(), message_request: Some(wanted) };
    let mut answers = client.server_reflection_info(futures::stream::iter([ask])).await.unwrap().into_inner();
    let answer = answers.message().await.unwrap().unwrap().message_response;
    let Some(MessageResponse::FileDescriptorResponse(mut files)) = answer else { panic!("{answer:?}") };
    files.file_descriptor_proto.remove(0)
}

#[tokio::test]
async fn a_client_learns_the_contracts_and_who_may_call() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let mut client = ServerReflectionClient::new(wire(owner.running.grpc, Bearer(None)));

    let log = file(&mut client, MessageRequest::FileContainingSymbol(log_service::NAME.to_owned())).await;
    let mut option = Vec::new();
    encode_key(ACCESS, WireType::LengthDelimited, &mut option);
    assert!(log.windows(option.len()).any(|bytes| bytes == option), "no callers beside the rpcs");

    let mut known = BTreeMap::new();
    let mut imports = FileDescriptorProto::decode(log.as_slice()).unwrap().dependency;
    while let Some(name) = imports.pop() {
        if let Entry::Vacant(unknown) = known.entry(name) {
            let wanted = MessageRequest::FileByFilename(unknown.key().clone());
            let found = FileDescriptorProto::decode(file(&mut client, wanted).await.as_slice()).unwrap();
            imports.extend(found.dependency.clone());
            unknown.insert(found);
        }
    }
    let option = known["huying/common/v1/access.proto"].extension[0].clone();
    assert_eq!((option.number(), option.name()), (i32::try_from(ACCESS).unwrap(), "access"));
    assert!(known.contains_key("google/protobuf/descriptor.proto"), "{:?}", known.keys());
    drop(client);
    owner.end().await;
}
