//! Owns all the settings of a request, put together from its parts.
//! Does not send it.

use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use http::header::USER_AGENT;
use url::Position;

use crate::cli::request::RequestArgs;
use crate::commands::console::{Colour, Voice};
use crate::commands::error::CommandError;
use crate::commands::session::JarSettings;
use crate::commands::settings::body::body;
use crate::commands::settings::connection::{connection, limit};
use crate::commands::settings::cookies::{STDOUT, by_hand, kept};
use crate::commands::settings::form::complete;
use crate::commands::settings::given::{given, header_value};
use crate::commands::settings::items;
use crate::commands::settings::judging::{JudgingChoice, judging};
use crate::commands::settings::shared::{colour, secrets};
use crate::commands::settings::target::{Aim, aim, authorization, sendable, url};
use crate::exchange::body::Piece;
use crate::exchange::request::{Follow, Judging, Plan};
use crate::output::redact::Secrets;
use crate::sys::stdio;
use crate::transport::client::Options;

const MOST_REDIRECTS: usize = 50;
const AGENT: &str = concat!("kuki/", env!("CARGO_PKG_VERSION"));

/// All that a request needs to know.
pub struct RequestSettings {
    pub plan: Plan,
    pub judging: JudgingChoice,
    pub connection: Options,
    pub max_time: Option<Duration>,
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
    /// `-c -`: the cookies go to standard output, behind the body.
    pub prints_cookies: bool,
    /// `None` is standard output.
    pub output: Option<PathBuf>,
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
    let authorization = authorization(args.request.user.as_deref(), &mut url)?;
    let typed = url.as_str().len();
    let sent = body(&args.body, &items, &mut url)?;
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
    let plan = Plan {
        method,
        url,
        headers,
        authorization,
        content_type: sent.as_ref().and_then(|sent| sent.content_type.clone()),
        body: sent.map(|sent| sent.body),
        accept: HeaderValue::from_static(accept),
        user_agent,
        follow: if args.request.location { Follow::UpTo(MOST_REDIRECTS) } else { Follow::Never },
        judging: Judging::default(),
    };
    let mut connection = connection(&args, &plan.url)?;
    if plan.body.as_ref().is_some_and(|body| body.pieces.contains(&Piece::Stdin)) {
        connection.stdin = stdio::stdin_file().ok().map(Arc::new);
    }
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
        jar,
        response: ResponseSettings {
            heads: match (args.request.head, args.response.include) {
                (true, _) => Heads::Only,
                (false, true) => Heads::Shown,
                (false, false) => Heads::Hidden,
            },
            fails_on_error: args.response.fail,
            is_verbose: args.response.verbose,
            prints_cookies: args.cookies.cookie_jar.is_some_and(|file| file == STDOUT),
            output: args.response.output.filter(|path| path != "-").map(PathBuf::from),
        },
        voice,
        colour: colour(&args.look)?,
        secrets: secrets(&args.look),
    })
}
