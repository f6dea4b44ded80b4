//! Owns the one binary of the tests that run the real program, and their look into a jar.
//! Does not test anything itself: there is one file for each thing that is tested.

#[path = "../support/proxy.rs"]
mod proxy_server;
#[path = "../support/mod.rs"]
mod support;
#[path = "../support/pty.rs"]
mod terminal;
#[path = "../support/tls.rs"]
mod tls_server;

mod addresses;
mod audits;
mod bodies;
mod codings;
mod configs;
mod cookies_txt;
mod curl_lines;
mod decoding;
mod deeds;
mod defaults;
mod digests;
mod downloads;
mod explain;
mod explaining;
mod failures;
mod hostile;
mod import_export;
mod interrupts;
mod items;
mod jar;
mod lab;
mod logins;
mod offline;
mod output;
mod pretty;
mod protocols;
mod proxies;
mod reasons;
mod redirects;
mod reports;
mod request;
mod retries;
mod several;
mod speeds;
mod terminals;
mod tls;
mod tour;
mod verbose;
mod verbs;
mod versions;
mod write_out;

use crate::support::Home;

/// The cookies of the default jar, as `name=value of domain`, as the program itself lists them.
fn stored(home: &Home) -> Vec<String> {
    let listed = home.run(["jar", "list", "--format", "json"]);
    let rows: Vec<serde_json::Value> =
        serde_json::from_str(&listed.out).unwrap_or_else(|error| panic!("{error}: {listed:#?}"));
    let text = |row: &serde_json::Value, field: &str| row[field].as_str().unwrap_or("?").to_owned();
    rows.iter()
        .map(|row| format!("{}={} of {}", text(row, "name"), text(row, "value"), text(row, "domain")))
        .collect()
}
