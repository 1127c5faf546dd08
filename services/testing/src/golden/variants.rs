//! An enum's variants, as serde calls them: asked of the type itself, so that no list of them can be out of date.

use serde::{
    Deserializer, Serialize,
    de::{DeserializeOwned, Error as _, Visitor, value::Error},
    forward_to_deserialize_any,
};

/// All variants of an enum.
pub fn of<E: DeserializeOwned>() -> &'static [&'static str] {
    let mut asking = Asking(&[]);
    // It always fails: what is wanted is said on the way.
    let _ = E::deserialize(&mut asking);
    assert!(!asking.0.is_empty(), "{} is no enum", std::any::type_name::<E>());
    asking.0
}

/// The variant that a value is.
pub fn name<E: Serialize>(value: &E) -> String {
    let value = serde_json::to_value(value).unwrap();
    // A unit variant is its name; any other is an object with its name as the only key.
    let tag = value.as_str().or_else(|| value.as_object()?.keys().next().map(String::as_str));
    tag.expect("a value says its variant").to_owned()
}

/// A deserialiser that has no value, and only notes which variants are asked for.
struct Asking(&'static [&'static str]);

impl<'de> Deserializer<'de> for &mut Asking {
    type Error = Error;

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        self.0 = variants;
        Err(Error::custom("only asked for its variants"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("no enum"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
