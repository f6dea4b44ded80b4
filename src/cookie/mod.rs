//! Owns the cookie rules, as values and decisions: RFC 6265bis, octet by octet.
//! Does not see the world: no clock, no file, no network; the same arguments give the same answer, for ever.

pub mod attribute;
pub mod audit;
pub mod change;
pub mod context;
pub mod date;
pub mod eviction;
pub mod fault;
pub mod filter;
pub mod guess;
pub mod host;
pub mod jar;
pub mod limits;
pub mod mending;
mod near;
pub mod note;
pub mod part;
pub mod path;
pub mod policy;
pub mod prefix;
pub mod receive;
pub mod record;
pub mod remark;
pub mod select;
pub mod site;
pub mod suffix;
pub mod syntax;
pub mod verdict;
