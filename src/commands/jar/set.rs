//! Owns `kuki jar set`: cookies put in by hand, as if a response had set them.
//! Does not judge them; the rules do, and may refuse.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use url::Url;

use crate::cli::jar::SetArgs;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::files::{self, Value};
use crate::commands::interrupt::Interrupts;
use crate::commands::jar::shape::Shape;
use crate::commands::jar::view::View;
use crate::commands::session::OpenJar;
use crate::commands::settings::judging::JudgingChoice;
use crate::commands::settings::target;
use crate::commands::settings::times::{moment, span};
use crate::cookie::attribute::SameSite;
use crate::cookie::date;
use crate::cookie::policy::Policy;
use crate::cookie::receive::receive;
use crate::cookie::verdict::Verdict;
use crate::output::vocabulary::JarEntry;
use crate::output::{deeds, judgement};
use crate::sys::{clock, stdio};

/// What an imagined response says, and where it comes from.
pub struct Answer {
    url: Url,
    lines: Vec<Vec<u8>>,
}

pub fn read(args: &SetArgs) -> Result<Answer, CommandError> {
    let mut lines = Vec::new();
    for line in &args.line {
        match line.as_bytes() {
            b"-" => lines.extend(from_stdin()?),
            line => lines.push(bare(line)?),
        }
    }
    let has_fields = args.name.is_some() || args.value.is_some();
    if has_fields && !lines.is_empty() {
        return Err(CommandError::usage("--name and --value are one cookie, and a line is another")
            .hint("set them one after the other; attributes such as --path go with either"));
    }
    if args.value.is_some() && args.name.is_none() {
        return Err(CommandError::usage("--value needs --name").hint("a nameless cookie is set by a line"));
    }
    if lines.is_empty() && !has_fields {
        return Err(CommandError::usage("kuki jar set needs a cookie")
            .hint("kuki jar set --url https://example.com/ 'sid=1; Path=/; Secure', or --name and --value"));
    }
    if has_fields {
        lines.push(from_fields(args)?);
    } else {
        let attributes = attributes(args)?;
        lines.iter_mut().for_each(|line| line.extend_from_slice(&attributes));
    }
    let url = match (&args.url, &args.domain) {
        (Some(url), _) => target::url(url)?,
        (None, Some(domain)) => {
            let bare = domain.as_bytes().strip_prefix(b".").unwrap_or(domain.as_bytes());
            target::url(&OsString::from_vec([b"https://", bare, b"/"].concat()))?
        }
        (None, None) => {
            return Err(CommandError::usage("kuki jar set needs to know where the cookie belongs")
                .hint("name the URL of the response that is imagined, with --url https://example.com/"));
        }
    };
    Ok(Answer { url, lines })
}

/// As it is copied from a page of headers.
fn bare(line: &[u8]) -> Result<Vec<u8>, CommandError> {
    let after = |name: &str| {
        let (head, rest) = line.split_at_checked(name.len())?;
        head.eq_ignore_ascii_case(name.as_bytes()).then(|| rest.trim_ascii_start())
    };
    if after("Cookie: ").is_some() {
        return Err(CommandError::usage("a Cookie header is what a client sends, and sets nothing")
            .hint("kuki jar import --format cookie --url URL FILE takes such a header"));
    }
    Ok(after("Set-Cookie:").unwrap_or(line).to_vec())
}

/// A value need not stand on the command line, where others can read it.
fn from_stdin() -> Result<Vec<Vec<u8>>, CommandError> {
    let text =
        stdio::read_stdin().map_err(|error| CommandError::reading("standard input".as_ref(), &error))?;
    let lines = text.split(|octet| *octet == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    Ok(lines.filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect())
}

fn from_fields(args: &SetArgs) -> Result<Vec<u8>, CommandError> {
    let value = match args.value.as_deref().map(files::value).transpose()? {
        None => Vec::new(),
        Some(Value::Literal(value)) => value,
        // Whoever writes a file ends its last line.
        Some(Value::Read(value)) => value.trim_ascii_end().to_vec(),
    };
    let name = args.name.as_deref().unwrap_or_default().as_bytes();
    for (part, what) in [(name, "--name"), (&*value, "--value")] {
        if part.contains(&b';') {
            return Err(CommandError::usage(format!("{what} holds a `;`, which ends a cookie's value"))
                .hint("percent-encode it as %3B, or give a whole line with its attributes"));
        }
    }
    Ok([name, b"=", &value, &*attributes(args)?].concat())
}

fn attributes(args: &SetArgs) -> Result<Vec<u8>, CommandError> {
    let mut text = Vec::new();
    let mut add = |name: &str, value: &OsStr| {
        text.extend_from_slice(format!("; {name}=").as_bytes());
        text.extend_from_slice(value.as_bytes());
    };
    if let Some(domain) = &args.domain {
        add("Domain", domain);
    }
    if let Some(path) = &args.path {
        if !path.as_bytes().starts_with(b"/") {
            return Err(CommandError::usage(format!("--path: `{}` does not begin with `/`", path.display()))
                .hint("without --path it is the directory of the URL"));
        }
        add("Path", path);
    }
    if let Some(expires) = &args.expires {
        // A cookie date goes as it is, and the rules read it.
        match moment(expires, "--expires") {
            Ok(time) => add("Expires", time.format("%a, %d %b %Y %H:%M:%S GMT").to_string().as_ref()),
            Err(_) if date::parse(expires.as_bytes(), Policy::Classic).is_some() => add("Expires", expires),
            Err(error) => return Err(error),
        }
    }
    if let Some(max_age) = &args.max_age {
        match span(max_age, "--max-age") {
            Ok(span) => add("Max-Age", span.num_seconds().to_string().as_ref()),
            Err(_) if max_age.as_bytes().starts_with(b"-") => add("Max-Age", max_age),
            Err(error) => return Err(error),
        }
    }
    if let Some(same_site) = &args.same_site {
        if SameSite::parse(same_site.as_bytes()).is_none() {
            let message = format!("--same-site: `{}` is none of strict, lax and none", same_site.display());
            return Err(CommandError::usage(message).hint("leave it out to leave it unset"));
        }
        add("SameSite", same_site);
    }
    for (is_given, attribute) in [(args.secure, "; Secure"), (args.http_only, "; HttpOnly")] {
        if is_given {
            text.extend_from_slice(attribute.as_bytes());
        }
    }
    Ok(text)
}

pub fn run(
    answer: &Answer,
    judging: &JudgingChoice,
    shape: Shape,
    view: &View,
    mut jar: OpenJar,
    console: &mut Console,
) -> Result<Exit, CommandError> {
    jar.must_be_writable("kuki jar set")?;
    let now = clock::now();
    let Some(context) = judging.for_jar(jar.jar()).context(&answer.url, now) else {
        return Err(CommandError::usage(format!("{} has no host that a cookie could belong to", answer.url))
            .hint("name a URL like https://example.com/"));
    };
    let receipts: Vec<_> = answer.lines.iter().map(|line| receive(line, &context, jar.jar_mut())).collect();
    let (name, path) = jar.called();
    jar.commit(console, &Interrupts::default(), None)?;
    let lines = receipts.iter().flat_map(|receipt| judgement::verdict(receipt, view.judgement(now)));
    let page: String = lines.map(|line| line + "\n").collect();
    let entry = JarEntry { name: &name, path: &path };
    shape.tell(console, &page, || deeds::set(&entry, context.rules.policy, &receipts))?;
    let is_refused = |verdict: &Verdict| matches!(verdict, Verdict::Refused(_) | Verdict::EvictedAtOnce);
    let refused = receipts.iter().any(|receipt| is_refused(&receipt.verdict));
    Ok(if refused { Exit::REFUSED } else { Exit::SUCCESS })
}
