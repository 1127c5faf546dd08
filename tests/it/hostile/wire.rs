//! Every place of every message where a text or a number may stand, and the bytes that put one there: appended to a message they say the
//! field anew, since the last of a field counts.

use std::collections::BTreeMap;

use prost::Message;
use prost::encoding::{WireType, encode_key, encode_varint, string};
use prost_types::{DescriptorProto, FileDescriptorSet, field_descriptor_proto::Type};

/// As deep as any of ours goes.
const DEEPEST: usize = 6;

/// A field somewhere in a message: the numbers that lead to it, and their names.
#[derive(Clone, Debug)]
pub struct Place {
    numbers: Vec<u32>,
    pub names: Vec<String>,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    Fraction,
}

pub struct Messages(BTreeMap<String, DescriptorProto>);

impl Messages {
    pub fn read() -> Self {
        let set = FileDescriptorSet::decode(huying_proto::DESCRIPTORS).unwrap();
        let mut all = BTreeMap::new();
        for file in set.file {
            let package = format!(".{}", file.package());
            file.message_type.into_iter().for_each(|it| add(&mut all, &package, it));
        }
        Self(all)
    }

    /// What an rpc is asked with.
    pub fn places(&self, message: &str) -> Vec<Place> {
        let mut found = Vec::new();
        self.walk(&format!(".{message}"), (&[], &[]), &mut found);
        found
    }

    fn walk(&self, message: &str, (numbers, names): (&[u32], &[String]), found: &mut Vec<Place>) {
        let Some(message) = self.0.get(message).filter(|_| numbers.len() < DEEPEST) else { return };
        for field in &message.field {
            let numbers = [numbers, &[u32::try_from(field.number()).unwrap()]].concat();
            let names = [names, &[field.name().to_owned()]].concat();
            let kind = match field.r#type() {
                Type::Message => {
                    self.walk(field.type_name(), (&numbers, &names), found);
                    continue;
                }
                Type::String => Kind::Text,
                Type::Double => Kind::Fraction,
                Type::Int32 | Type::Int64 | Type::Uint32 | Type::Uint64 | Type::Enum => Kind::Number,
                Type::Bool | Type::Bytes => continue,
                other @ (Type::Float
                | Type::Fixed64
                | Type::Fixed32
                | Type::Group
                | Type::Sfixed32
                | Type::Sfixed64
                | Type::Sint32
                | Type::Sint64) => panic!("{} is {other:?}: is it to be tried?", field.name()),
            };
            found.push(Place { numbers, names, kind });
        }
    }
}

fn add(all: &mut BTreeMap<String, DescriptorProto>, within: &str, message: DescriptorProto) {
    let name = format!("{within}.{}", message.name());
    message.nested_type.iter().for_each(|it| add(all, &name, it.clone()));
    all.insert(name, message);
}

impl Place {
    pub fn path(&self) -> String {
        self.names.join(".")
    }

    fn leaf(&self) -> u32 {
        *self.numbers.last().unwrap()
    }

    pub fn text(&self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        string::encode(self.leaf(), &text.to_owned(), &mut bytes);
        self.within(bytes)
    }

    pub fn number(&self, number: i64) -> Vec<u8> {
        let mut bytes = Vec::new();
        encode_key(self.leaf(), WireType::Varint, &mut bytes);
        encode_varint(number.cast_unsigned(), &mut bytes);
        self.within(bytes)
    }

    pub fn fraction(&self, number: f64) -> Vec<u8> {
        let mut bytes = Vec::new();
        encode_key(self.leaf(), WireType::SixtyFourBit, &mut bytes);
        bytes.extend(number.to_le_bytes());
        self.within(bytes)
    }

    /// In the messages around it.
    fn within(&self, bytes: Vec<u8>) -> Vec<u8> {
        let around = self.numbers.iter().rev().skip(1);
        around.fold(bytes, |inner, number| {
            let mut outer = Vec::new();
            encode_key(*number, WireType::LengthDelimited, &mut outer);
            encode_varint(inner.len() as u64, &mut outer);
            outer.extend(inner);
            outer
        })
    }
}
