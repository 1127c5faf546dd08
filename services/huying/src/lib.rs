//! The operator's command line, and all services in one process.
//!
//! A tour:
//!
//! - [`cli`] is what can be typed: one file per family of commands, each with examples.
//! - [`client`] finds the services and acts in the role a command needs; [`output`] prints, [`failure`] explains.
//! - [`profile`] reads a place from a folder of plain files.
//! - [`import`] turns a platform's file into requests.
//! - [`nats`] says who may do what on NATS, and keeps the keys.
//! - [`services`] is the one list of them.
//! - [`up`] starts everything on one machine, and is what tests start in their own process.
//! - [`story`] plays the published cases through the real services.
//!
//! Guaranteed: a command changes nothing but through the services' own calls; it ends with 0 only when it
//! did what it was asked; what it prints for programs (`-o json`) is the contracts' canonical JSON.

pub mod cli;
pub mod client;
pub mod failure;
pub mod import;
pub mod nats;
pub mod output;
pub mod profile;
pub mod run_file;
pub mod services;
pub mod story;
pub mod up;
pub mod words;

pub use cli::main;
