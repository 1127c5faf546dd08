//! Ids: UUIDv7, so that rows and log entries sort by the time they were made.
//!
//! [`new`] is called at the edges only (a handler, a follower); decisions get ids as arguments.
//! [`typed_id!`](crate::typed_id) makes a newtype per noun, so that a case's id cannot be passed
//! where a dispatch's is meant.

pub use serde;
pub use uuid::Uuid;

/// A fresh id.
pub fn new() -> Uuid {
    Uuid::now_v7()
}

/// `typed_id!(CaseId)`: a UUID that knows whose it is.
#[macro_export]
macro_rules! typed_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub $crate::id::Uuid);

        impl $name {
            pub const fn uuid(self) -> $crate::id::Uuid {
                self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = <$crate::id::Uuid as ::std::str::FromStr>::Err;
            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl ::std::convert::From<$crate::id::Uuid> for $name {
            fn from(id: $crate::id::Uuid) -> Self {
                Self(id)
            }
        }

        impl ::std::convert::From<$name> for $crate::id::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl $crate::id::serde::Serialize for $name {
            fn serialize<S: $crate::id::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::id::serde::Serialize::serialize(&self.0, serializer)
            }
        }

        impl<'de> $crate::id::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::id::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                <$crate::id::Uuid as $crate::id::serde::Deserialize<'de>>::deserialize(deserializer)
                    .map(Self)
            }
        }
    };
}
