//! Sealing: what is personal lies encrypted wherever it is kept, and is gone for good when its key is.
//!
//! What is sealed together has a data key of its own ([`Fresh`]: 32 random bytes). That one lies in the service's table `data_key`, beside
//! the aggregate's id, wrapped by a key-encryption key that never is in the database ([`Wrap`]; [`KeyFile`] has them in a file, a KMS may
//! have them one day). So rows, entries of the log and their backups hold ciphertext alone, and whoever destroys the data keys of an
//! aggregate has forgotten it in all of them.
//!
//! Guaranteed: a ciphertext opens only where it was sealed, since kind, id and field of its [`Place`] are authenticated with it; what does
//! not open is refused as lost data and counted, never shown; nothing here shows a key or what it sealed in `Debug` or in an error.

mod file;
mod key;
mod place;
mod problem;
mod rotate;
mod seals;
pub mod table;
mod wrap;

pub use file::{KeyFile, add_key};
pub use key::DataKey;
pub use place::{Place, Sealed};
pub use problem::SealError;
pub use rotate::{Place as RotatePlace, Rotated};
pub use seals::{Fresh, Seals};
pub use table::KeyRow;
pub use wrap::{Wrap, Wrapped, Wrapping};
