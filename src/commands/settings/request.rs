//! Owns all the settings of a run and of each of its transfers, put together from their parts.
//! Does not send it.

use std::os::unix::ffi::OsStrExt;
use std::rc::Rc;
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
use crate::commands::settings::addresses::{Address, Addresses};
use crate::commands::settings::body::{body, name_upload, query};
use crate::commands::settings::connection::{connection, limit};
use crate::commands::settings::cookies::{by_hand, is_stdout, kept};
use crate::commands::settings::form::complete;
use crate::commands::settings::given::{given, header_value};
use crate::commands::settings::items;
use crate::commands::settings::judging::{JudgingChoice, judging};
use crate::commands::settings::login::{has_token, login, without_login};
use crate::commands::settings::output::{OutputSettings, output, undoes_codings};
use crate::commands::settings::protocols::Protocols;
use crate::commands::settings::redirects::{redirects, retries};
use crate::commands::settings::several::{self, Pace};
use crate::commands::settings::shared::{colour, secrets};
use crate::commands::settings::target::{Aim, aim, is_sendable, unsendable};
use crate::commands::settings::tls::spoken;
use crate::commands::settings::transfer::{TransferSettings, resume_upload, transfer};
use crate::exchange::body::Piece;
use crate::exchange::coding;
use crate::exchange::form::extend_query;
use crate::exchange::request::{Judging, Plan};
use crate::output::redact::Secrets;
use crate::sys::stdio;
use crate::transport::client::Options;

const AGENT: &str = concat!("kuki/", env!("CARGO_PKG_VERSION"));

/// All that a run needs to know.
pub struct RunSettings {
    pub addresses: Addresses,
    pub pace: Pace,
    /// What the transfer of the first address needs to know.
    pub first: RequestSettings,
    pub template: Template,
    pub judging: JudgingChoice,
    pub connection: Options,
    pub jar: Option<JarSettings>,
    pub voice: Voice,
    pub colour: Colour,
}

/// All that one transfer needs to know.
#[derive(Clone)]
pub struct RequestSettings {
    pub plan: Plan,
    pub max_time: Option<Duration>,
    pub retries: Retries,
    pub jar: Option<Rc<JarSettings>>,
    pub response: ResponseSettings,
    pub secrets: Secrets,
}

/// From which the settings for every address are made.
pub struct Template {
    args: RequestArgs,
    /// As far as it is the same for all of them.
    settings: RequestSettings,
    query: Vec<Vec<u8>>,
    protocols: Protocols,
}

/// What is shown of the response, and where.
#[derive(Clone, Debug)]
pub struct ResponseSettings {
    pub heads: Heads,
    pub fails_on_error: bool,
    /// Hop by hop on standard error.
    pub explains: bool,
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

pub fn request(args: RequestArgs) -> Result<RunSettings, CommandError> {
    let Aim { method, urls, items } = aim(&args)?;
    let protocols = Protocols::read(&args.protocols)?;
    let addresses = Addresses::read(&args, &urls, protocols)?;
    let address = addresses.iter().next().ok_or_else(|| CommandError::usage("no URL was given"))?;
    let mut url = protocols.url(&address.url)?;
    let login = login(&args, &mut url)?;
    let query = query(&args.body, &items)?;
    let mut sent = body(&args.body, &items)?;
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
    if let Some(sent) = &mut sent {
        resume_upload(&args, &mut sent.body, &mut headers)?;
    }
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
        accept_encoding: None,
        judging: Judging::default(),
    };
    let mut connection = connection(&args, &plan.url)?;
    if plan.body.as_ref().is_some_and(|body| body.pieces.contains(&Piece::Stdin)) {
        connection.stdin = stdio::stdin_file().ok().map(Arc::new);
    }
    several::check(&args, &urls, &addresses, plan.body.as_ref())?;
    let voice = match (args.response.silent, args.response.show_error) {
        (false, _) => Voice::Normal,
        (true, true) => Voice::OnlyErrors,
        (true, false) => Voice::Silent,
    };
    let jar = kept(&args, files, &plan.url)?;
    let response = ResponseSettings {
        heads: match (args.request.head, args.response.include) {
            (true, _) => Heads::Only,
            (false, true) => Heads::Shown,
            (false, false) => Heads::Hidden,
        },
        fails_on_error: args.response.fail,
        explains: args.output.explain,
        is_verbose: args.response.verbose,
        undoes_codings: false,
        prints_cookies: args.cookies.cookie_jar.as_deref().is_some_and(is_stdout),
        output: output(&args)?,
        transfer: TransferSettings::default(),
    };
    connection.is_watched = response.output.write_out.is_some() || response.output.report_file.is_some();
    let settings = RequestSettings {
        plan,
        max_time: limit(args.connection.max_time.as_deref(), "--max-time")?,
        retries: retries(&args)?,
        jar: jar.clone().map(Rc::new),
        response,
        secrets: secrets(&args.look),
    };
    let (colour, pace) = (colour(&args.look)?, several::pace(&args.several)?);
    let template = Template { args, settings, query, protocols };
    let first = template.for_url(template.settings.clone(), &address)?;
    Ok(RunSettings { addresses, pace, first, template, judging, connection, jar, voice, colour })
}

impl RunSettings {
    /// By which rules cookies are judged is known when the jar is open.
    pub fn judge_by(&mut self, judging: Judging) {
        self.template.settings.plan.judging = judging.clone();
        self.first.plan.judging = judging;
    }
}

impl Template {
    /// The settings for one of the further addresses.
    pub fn aimed(&self, address: &Address) -> Result<RequestSettings, CommandError> {
        let mut settings = self.settings.clone();
        let mut url = self.protocols.url(&address.url)?;
        if self.args.request.user.is_some() || has_token(&self.args.login) {
            // It is for all of them, and a password is not asked for twice.
            without_login(&mut url);
        } else {
            let login = login(&self.args, &mut url)?;
            settings.plan.authorization = login.authorization;
            settings.plan.negotiation = login.negotiation;
        }
        settings.plan.url = url;
        self.for_url(settings, address)
    }

    /// What depends on the URL, which the plan has already, and on where its body goes.
    fn for_url(
        &self,
        mut settings: RequestSettings,
        address: &Address,
    ) -> Result<RequestSettings, CommandError> {
        let RequestSettings { plan, response, .. } = &mut settings;
        let typed = plan.url.as_str().len();
        name_upload(&self.args.body, &mut plan.url);
        for added in &self.query {
            extend_query(&mut plan.url, added);
        }
        // What was added may be too much.
        if plan.url.as_str().len() != typed && !is_sendable(&plan.url) {
            return Err(unsendable(plan.url[..Position::AfterPath].as_ref()));
        }
        response.output = response.output.of(address, &self.args);
        response.transfer = transfer(&self.args, &response.output, &plan.url, &mut plan.headers)?;
        response.undoes_codings = undoes_codings(&self.args, &response.output.target, &plan.headers);
        plan.accept_encoding = response.undoes_codings.then(|| HeaderValue::from_static(coding::ACCEPTED));
        Ok(settings)
    }
}
