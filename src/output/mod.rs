//! Owns how records and traces look, as bytes for whatever stream they are given.
//! Does not decide anything, and never asks a jar again.

pub mod audit;
pub mod body;
pub mod caret;
pub mod decoded;
pub mod decoded_json;
pub mod deeds;
pub mod expiry;
pub mod explain;
pub mod explained;
pub mod explanation;
pub mod facts;
pub mod head;
pub mod indent;
pub mod jars;
pub mod judgement;
pub mod list;
pub mod moment;
pub mod page;
pub mod pretty;
pub mod redact;
pub mod report;
pub mod request;
pub mod sanitize;
pub mod shell;
pub mod sort;
pub mod style;
pub mod table;
pub mod timeline;
pub mod values;
pub mod verbose;
pub mod vocabulary;
pub mod write_out;
