//! Owns all the settings of a request, put together from its parts.
//! Does not send it.

use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use http::header::USER_AGENT;
use url::Position;

use crate::cli::request::RequestArgs;
use crate::commands::console::{Colour, Voice};
use crate::commands::error::CommandError;
use crate::commands::retry::Retries;
use crate::commands::session::JarSettings;
use crate::commands::settings::body::body;
use crate::commands::settings::connection::{connection, limit};
use crate::commands::settings::cookies::{by_hand, is_stdout, kept};
use crate::commands::settings::form::complete;
use crate::commands::settings::given::{given, header_value};
use crate::commands::settings::items;
use crate::commands::settings::judging::{JudgingChoice, judging};
use crate::commands::settings::login::login;
use crate::commands::settings::output::{OutputSettings, output, undoes_codings};
use crate::commands::settings::redirects::{redirects, retries};
use crate::commands::settings::shared::{colour, secrets};
use crate::commands::settings::target::{Aim, aim, sendable, url};
use crate::commands::settings::tls::spoken;
use crate::commands::settings::transfer::{TransferSettings, resume_upload, transfer};
use crate::exchange::body::Piece;
use crate::exchange::coding;
use crate::exchange::request::{Judging, Plan};
use crate::output::redact::Secrets;
use crate::sys::stdio;
use crate::transport::client::Options;

const AGENT: &str = concat!("kuki/", env!("CARGO_PKG_VERSION"));

/// All that a request needs to know.
pub struct RequestSettings {
    pub plan: Plan,
    pub judging: JudgingChoice,
    pub connection: Options,
    pub max_time: Option<Duration>,
    pub retries: Retries,
    pub jar: Option<JarSettings>,
    pub response: ResponseSettings,
    pub voice: Voice,
    pub colour: Colour,
    pub secrets: Secrets,
}

/// What is shown of the response, and where.
#[derive(Clone, Debug)]
pub struct ResponseSettings {
    pub heads: Heads,
    pub fails_on_error: bool,
    pub is_verbose: bool,
    /// Are content codings undone?
    pub undoes_codings: bool,
    /// `-c -`: the cookies go to standard output, behind the body.
    pub prints_cookies: bool,
    pub output: OutputSettings,
    pub transfer: TransferSettings,
}

/// Which part of a response is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heads {
    Hidden,
    Shown,
    /// The head alone was asked for.
    Only,
}

pub fn request(args: RequestArgs) -> Result<RequestSettings, CommandError> {
    let Aim { method, url: target, items } = aim(&args)?;
    let mut url = url(&target)?;
    let login = login(&args, &mut url)?;
    let typed = url.as_str().len();
    let mut sent = body(&args.body, &items, &mut url)?;
    if url.as_str().len() != typed {
        sendable(&url, &url[..Position::AfterPath])?;
    }
    let mut headers = given(&args.request)?;
    items::headers(&items, &mut headers)?;
    complete(&mut headers, sent.as_ref().and_then(|sent| sent.content_type.as_ref()));
    let files = by_hand(&args, &mut headers)?;
    let user_agent = match args.request.user_agent.as_deref() {
        None => HeaderValue::from_static(AGENT),
        Some(agent) if agent.is_empty() => {
            headers.without.push(USER_AGENT);
            HeaderValue::from_static(AGENT)
        }
        Some(agent) => header_value(agent.as_bytes(), "-A")?,
    };
    let is_form = args.body.urlencoded || args.body.multipart;
    let accept = match (args.body.json.is_empty(), items::have_data(&items) && !is_form) {
        (false, _) => "application/json",
        (true, true) => items::ACCEPT,
        (true, false) => "*/*",
    };
    let judging = judging(&args.rules, method.is_safe())?;
    let (follow, redirects) = redirects(&args)?;
    let output = output(&args, &target)?;
    if let Some(sent) = &mut sent {
        resume_upload(&args, &mut sent.body, &mut headers)?;
    }
    let transfer = transfer(&args, &output, &url, &mut headers)?;
    let undoes_codings = undoes_codings(&args, &output.target, &headers);
    let plan = Plan {
        method,
        version: spoken(&args)?.1,
        url,
        headers,
        authorization: login.authorization,
        negotiation: login.negotiation,
        content_type: sent.as_ref().and_then(|sent| sent.content_type.clone()),
        body: sent.map(|sent| sent.body),
        accept: HeaderValue::from_static(accept),
        user_agent,
        follow,
        redirects,
        accept_encoding: undoes_codings.then(|| HeaderValue::from_static(coding::ACCEPTED)),
        judging: Judging::default(),
    };
    let mut connection = connection(&args, &plan.url)?;
    if plan.body.as_ref().is_some_and(|body| body.pieces.contains(&Piece::Stdin)) {
        connection.stdin = stdio::stdin_file().ok().map(Arc::new);
    }
    connection.is_watched = output.write_out.is_some() || output.report_file.is_some();
    let voice = match (args.response.silent, args.response.show_error) {
        (false, _) => Voice::Normal,
        (true, true) => Voice::OnlyErrors,
        (true, false) => Voice::Silent,
    };
    let jar = kept(&args, files, &plan.url)?;
    Ok(RequestSettings {
        plan,
        judging,
        connection,
        max_time: limit(args.connection.max_time.as_deref(), "--max-time")?,
        retries: retries(&args)?,
        jar,
        response: ResponseSettings {
            heads: match (args.request.head, args.response.include) {
                (true, _) => Heads::Only,
                (false, true) => Heads::Shown,
                (false, false) => Heads::Hidden,
            },
            fails_on_error: args.response.fail,
            is_verbose: args.response.verbose,
            undoes_codings,
            prints_cookies: args.cookies.cookie_jar.is_some_and(|file| is_stdout(&file)),
            output,
            transfer,
        },
        voice,
        colour: colour(&args.look)?,
        secrets: secrets(&args.look),
    })
}
