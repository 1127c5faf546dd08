//! Where files are kept that are too large for rows: named bytes, put whole and never changed. No word of the business is in it.
//!
//! - [`FileObjects`] keeps them in a directory: the default of an installation on one machine.
//! - [`S3Objects`] keeps them in a bucket of an S3-compatible store, for a city whose services run on several.
//! - [`Settings`] says which, and [`media`] tells what a file is by its content.
//!
//! Guaranteed: an object is there whole or not at all, and once `put` has answered it outlives a loss of power, as far as the store does.
//! Who names an object never gives its name to another one: so nothing is written over, and what was left of a broken upload can be
//! deleted at any time by the name that it had.

mod exact;
mod file;
pub mod media;
mod name;
mod s3;
mod settings;

use std::io;

use bytes::Bytes;
use futures::{
    future::{BoxFuture, ready},
    stream::BoxStream,
};

pub use file::FileObjects;
pub use name::Name;
pub use s3::S3Objects;
pub use settings::{ReadSecret, Settings};

/// The bytes of an object as they come, in pieces of any size. An error ends it, be it after the last piece: what was put is not kept.
pub type Content = BoxStream<'static, io::Result<Bytes>>;

/// Something that a store is doing.
pub type Doing<'a, T> = BoxFuture<'a, Result<T, Error>>;

/// Why a store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such object")]
    Absent,
    #[error("no store of objects is set")]
    NotSet,
    /// The store is away, full, or refuses; or the content broke off. It may pass.
    #[error("the store of objects cannot be used: {0}")]
    Unusable(String),
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { Self::Absent } else { Self::Unusable(error.to_string()) }
    }
}

/// A store. Cheap to ask from many tasks at once.
pub trait Objects: Send + Sync {
    /// Keeps an object of `size` bytes. Dropping the future, or an error in the content, leaves nothing that could be got.
    fn put<'a>(&'a self, name: &'a Name, size: u64, content: Content) -> Doing<'a, ()>;
    /// An object's bytes from the first on; [`Error::Absent`] where there is none.
    fn get<'a>(&'a self, name: &'a Name) -> Doing<'a, Content>;
    /// Deletes an object, and whatever is left of putting it. That there is none is no error.
    fn delete<'a>(&'a self, name: &'a Name) -> Doing<'a, ()>;
    /// Whether it could be used now.
    fn look(&self) -> Doing<'_, ()>;
}

/// Where nothing is set: everything is refused.
pub struct Nowhere;

impl Objects for Nowhere {
    fn put<'a>(&'a self, _: &'a Name, _: u64, _: Content) -> Doing<'a, ()> {
        Box::pin(ready(Err(Error::NotSet)))
    }

    fn get<'a>(&'a self, _: &'a Name) -> Doing<'a, Content> {
        Box::pin(ready(Err(Error::NotSet)))
    }

    fn delete<'a>(&'a self, _: &'a Name) -> Doing<'a, ()> {
        Box::pin(ready(Err(Error::NotSet)))
    }

    fn look(&self) -> Doing<'_, ()> {
        Box::pin(ready(Err(Error::NotSet)))
    }
}
