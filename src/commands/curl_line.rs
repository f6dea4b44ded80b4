//! Owns the curl command that sends the same request: which options go as they were typed, and which are made anew.
//! Does not quote words; `output` does.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{
    ACCEPT, CONTENT_RANGE, CONTENT_TYPE, COOKIE, EXPECT, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    IF_UNMODIFIED_SINCE, RANGE, REFERER,
};
use http::{HeaderName, HeaderValue, Method};

use crate::cli::bridge::Typed;
use crate::cli::curl;
use crate::cli::options::Part;
use crate::cli::request::Output;
use crate::commands::error::CommandError;
use crate::exchange::body::Piece;
use crate::exchange::request::{Outgoing, Plan};
use crate::output::head::title_case;
use crate::output::redact::Secrets;

/// Stands in the place of a secret.
const MASK: &str = "…";

/// Above this, curl asks before it sends a body.
const MOST_UNASKED: u64 = 1 << 20;

/// What is in the URL or in headers by now, and made anew from there.
const MADE_ANEW: [&str; 15] = [
    "as-curl",
    "get",
    "globoff",
    "head",
    "header",
    "oauth2-bearer",
    "output",
    "range",
    "referer",
    "remote-name",
    "remote-name-all",
    "request",
    "url",
    "url-query",
    "user",
];

pub fn words(
    typed: &[Typed],
    output: Option<&Output>,
    plan: &Plan,
    request: &Outgoing,
    secrets: Secrets,
) -> Result<Vec<Vec<u8>>, CommandError> {
    let mut line = Line { words: vec![b"curl".to_vec()], typed, secrets };
    for given in typed {
        if line.passes(given) {
            line.pass(given);
        }
    }
    match output {
        Some(Output::File(name)) => line.option("-o", name.as_bytes()),
        Some(Output::Remote) => line.words.push(b"-O".to_vec()),
        None => {}
    }
    let url = plan.url.as_str();
    if url.contains(['[', ']', '{', '}']) {
        line.words.push(b"-g".to_vec());
    }
    line.words.push(url.as_bytes().to_vec());
    line.method(plan);
    line.login(plan);
    line.headers(plan, request);
    line.body(plan)?;
    Ok(line.words)
}

pub fn is_masked(word: &[u8]) -> bool {
    word.windows(MASK.len()).any(|window| window == MASK.as_bytes())
}

struct Line<'a> {
    words: Vec<Vec<u8>>,
    typed: &'a [Typed],
    secrets: Secrets,
}

impl Line<'_> {
    fn has(&self, names: &[&str]) -> bool {
        self.typed.iter().any(|given| names.contains(&given.option.long))
    }

    fn option(&mut self, option: &str, value: impl Into<Vec<u8>>) {
        self.words.extend([option.as_bytes().to_vec(), value.into()]);
    }

    /// Does it mean to curl what it means here?
    fn passes(&self, given: &Typed) -> bool {
        let name = given.option.long;
        let is_of_jar = matches!(given.option.part, Part::Jar | Part::Rules | Part::Look | Part::Cookies);
        let is_gone = matches!(given.option.part, Part::Bridge | Part::Config);
        let is_in_query = self.has(&["get"]) && name.starts_with("data");
        !(is_of_jar || is_gone || is_in_query || MADE_ANEW.contains(&name) || !curl::knows(name))
    }

    fn pass(&mut self, Typed { option, value }: &Typed) {
        let name = match option.short {
            0 => format!("--{}", option.long),
            letter => format!("-{}", char::from(letter)),
        };
        self.words.push(name.into_bytes());
        let is_of_proxy = option.long == "proxy" || option.long.starts_with("socks");
        self.words.extend(value.as_ref().map(|value| match option.long {
            "proxy-user" if self.secrets == Secrets::Masked => before(value, b':'),
            "cert" if self.secrets == Secrets::Masked => without_password(value),
            _ if is_of_proxy && self.secrets == Secrets::Masked => without_login(value),
            _ => value.as_bytes().to_vec(),
        }));
    }

    fn method(&mut self, plan: &Plan) {
        let implied = match () {
            () if self.has(&["upload-file"]) => Method::PUT,
            () if plan.body.is_some() => Method::POST,
            () => Method::GET,
        };
        if plan.method == Method::HEAD && plan.body.is_none() {
            self.words.push(b"-I".to_vec());
        } else if plan.method != implied {
            self.option("-X", plan.method.as_str());
        }
    }

    /// curl asks for a password that is not there, which serves better than a mask.
    fn login(&mut self, plan: &Plan) {
        let by_netrc = self.has(&["netrc", "netrc-file", "netrc-optional"]) && !self.has(&["user"]);
        let negotiated = plan.negotiation.as_ref().map(|login| [&*login.who.user, &*login.who.password]);
        let sent = plan.authorization.as_ref().map(HeaderValue::as_bytes).unwrap_or_default();
        let basic = sent.strip_prefix(b"Basic ").and_then(|coded| STANDARD.decode(coded).ok());
        if by_netrc {
        } else if let Some(token) = sent.strip_prefix(b"Bearer ") {
            let shown = if self.secrets == Secrets::Masked { MASK.as_bytes() } else { token };
            self.option("--oauth2-bearer", shown);
        } else if let Some(login) = basic.or_else(|| negotiated.map(|login| login.join(&b':'))) {
            let masked = before(OsStr::from_bytes(&login), b':');
            self.option("-u", if self.secrets == Secrets::Masked { masked } else { login });
        }
    }

    fn headers(&mut self, plan: &Plan, request: &Outgoing) {
        for (name, value) in &plan.headers.headers {
            if *name != COOKIE && !self.curl_makes(name, value, plan) {
                self.header(name, value);
            }
        }
        for name in &plan.headers.without {
            self.option("-H", format!("{}:", title_case(name)));
        }
        let gives = |name| plan.headers.has(name) || plan.headers.without.contains(name);
        let accepts = if self.has(&["json"]) { "application/json" } else { "*/*" };
        if !gives(&ACCEPT) && plan.accept != accepts {
            self.header(&ACCEPT, &plan.accept);
        }
        let has_body_of_items = !self.has(&["json", "form", "form-string", "upload-file"]);
        if let Some(content_type) = plan.content_type.as_ref().filter(|_| plan.body.is_some())
            && !gives(&CONTENT_TYPE)
            && has_body_of_items
            && content_type != "application/x-www-form-urlencoded"
        {
            self.header(&CONTENT_TYPE, content_type);
        }
        let length = plan.body.as_ref().map_or(Some(0), |body| body.length());
        let asks = self.has(&["upload-file"]) || length.is_none_or(|length| length >= MOST_UNASKED);
        if asks && !gives(&EXPECT) {
            self.option("-H", "Expect:");
        }
        if let Some(cookies) = request.headers.get(COOKIE) {
            let shown = self.shown(&COOKIE, cookies);
            // What has no `=` is a file to curl.
            match cookies.as_bytes().contains(&b'=') {
                true => self.option("-b", shown),
                false => self.header(&COOKIE, cookies),
            }
        }
    }

    /// What curl makes of an option that is passed on, and a boundary of its own.
    fn curl_makes(&self, name: &HeaderName, value: &HeaderValue, plan: &Plan) -> bool {
        match *name {
            CONTENT_TYPE => self.has(&["form", "form-string"]) && plan.content_type.as_ref() == Some(value),
            CONTENT_RANGE | RANGE => self.has(&["continue-at"]),
            IF_NONE_MATCH => self.has(&["etag-compare"]),
            IF_MODIFIED_SINCE | IF_UNMODIFIED_SINCE => self.has(&["time-cond"]),
            _ => false,
        }
    }

    fn header(&mut self, name: &HeaderName, value: &HeaderValue) {
        let named = title_case(name);
        match value.is_empty() {
            true => self.option("-H", format!("{named};")),
            false => {
                let shown = self.shown(name, value);
                self.option("-H", [named.as_bytes(), b": ", &*shown].concat());
            }
        }
    }

    fn shown(&self, name: &HeaderName, value: &HeaderValue) -> Vec<u8> {
        match self.secrets {
            Secrets::Masked if *name != REFERER => {
                self.secrets.request_header(name, value.as_bytes()).into_bytes()
            }
            _ => value.as_bytes().to_vec(),
        }
    }

    /// What items made; every other body is passed on as it was typed.
    fn body(&mut self, plan: &Plan) -> Result<(), CommandError> {
        let is_typed = self.typed.iter().any(|given| {
            let name = given.option.long;
            name.starts_with("data") || ["json", "form", "form-string", "upload-file"].contains(&name)
        });
        let Some(body) = plan.body.as_ref().filter(|_| !is_typed) else { return Ok(()) };
        let is_of_parts =
            plan.content_type.as_ref().is_some_and(|it| it.as_bytes().starts_with(b"multipart/"));
        match &body.pieces[..] {
            [Piece::Octets(octets)] if !is_of_parts => {
                self.option("--data-raw", octets.to_vec());
                Ok(())
            }
            [] => {
                self.option("--data-raw", "");
                Ok(())
            }
            _ => Err(CommandError::usage("--as-curl: items that make a form of parts have no form in curl")
                .hint("write them with -F: name=text is -F name=text, name@FILE is -F name=@FILE")),
        }
    }
}

fn before(value: &OsStr, mark: u8) -> Vec<u8> {
    value.as_bytes().split(|octet| *octet == mark).next().unwrap_or_default().to_vec()
}

/// Without the password of the key; `\:` and `\\` belong to the file's name.
fn without_password(certificate: &OsStr) -> Vec<u8> {
    let mut is_escaped = false;
    let name = certificate.as_bytes().iter().take_while(|octet| {
        let is_colon = **octet == b':' && !is_escaped;
        is_escaped = **octet == b'\\' && !is_escaped;
        !is_colon
    });
    name.copied().collect()
}

fn without_login(proxy: &OsStr) -> Vec<u8> {
    let octets = proxy.as_bytes();
    let begin = octets.windows(3).position(|window| window == b"://").map_or(0, |at| at + 3);
    match octets.iter().rposition(|octet| *octet == b'@') {
        Some(at) if at >= begin => [&octets[..begin], MASK.as_bytes(), &octets[at..]].concat(),
        _ => octets.to_vec(),
    }
}
