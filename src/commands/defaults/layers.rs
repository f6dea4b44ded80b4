//! Owns the order of those who may choose: the file's sections, the environment, the command line; and who has the last word.
//! Does not read any of them but the environment.

use std::ffi::OsString;

use url::Url;

use crate::cli;
use crate::cli::defaults::{Place, Setting};
use crate::cli::items::{Item, ItemKind};
use crate::cli::options::{self, Part};
use crate::cli::typed::{Entry, Given, entries};
use crate::cli::yields::gives_way;
use crate::commands::defaults::file::Sections;
use crate::commands::error::CommandError;
use crate::sys::env;

/// Where a value comes from, the weakest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    General(Place),
    Host(String, Place),
    Variable(&'static str),
    CommandLine,
}

/// An option, by whom it was chosen, and by whom it was outdone.
#[derive(Debug)]
pub struct Placed {
    pub entry: Entry,
    pub origin: Origin,
    pub outdone_by: Option<Origin>,
    layer: usize,
}

#[derive(Debug, Default)]
pub struct Layers {
    pub all: Vec<Placed>,
    /// Hosts' sections that are for another scheme or port than that of the URL.
    pub missed: Vec<String>,
    top: usize,
}

/// A request's layers; with several URLs all of them must be covered by the same sections.
pub fn for_request(
    sections: &Sections,
    words: &[OsString],
    aim: Option<(Vec<Url>, Vec<Item>)>,
) -> Result<Layers, CommandError> {
    let (urls, items) = aim.unwrap_or_default();
    let mut layers = Layers::default();
    layers.add_settings(&sections.general, Origin::General);
    for (scope, section) in &sections.hosts {
        let covered = urls.iter().filter(|url| scope.covers(url)).count();
        if covered == 0 {
            let is_near = urls.iter().any(|url| scope.nearly_covers(url));
            layers.missed.extend(is_near.then(|| section.pattern.clone()));
            continue;
        }
        if covered < urls.len() {
            let message =
                format!("the section of `{}` is for some of the URLs, and not for others", section.pattern);
            return Err(CommandError::usage(message)
                .hint("ask them one after the other, or go without the configuration file by -q"));
        }
        layers.add_settings(&section.settings, |place| Origin::Host(section.pattern.clone(), place));
    }
    layers.add_environment(urls.first());
    layers.add(typed(words, &urls, &items).into_iter().map(|entry| (entry, Origin::CommandLine)));
    layers.settle();
    Ok(layers)
}

/// A verb has a use for the jar, the rules and the look, as far as it knows them. That requests go without a jar says nothing
/// of who looks into one.
pub fn for_verb(sections: &Sections, words: &[OsString]) -> Layers {
    let is_known = |setting: &&Setting| {
        let known = options::long(setting.entry.long.as_bytes());
        known.is_some_and(|known| matches!(known.part, Part::Jar | Part::Rules | Part::Look))
            && setting.entry.long != "no-jar"
            && cli::verb_takes(words, setting.entry.long)
    };
    let settings: Vec<Setting> = sections.general.iter().filter(is_known).cloned().collect();
    let mut layers = Layers::default();
    layers.add_settings(&settings, Origin::General);
    layers.add_environment(None);
    layers.add(entries(words).into_iter().map(|entry| (entry, Origin::CommandLine)));
    layers.settle();
    layers
}

/// What was typed, also where it is no option: a login in the URL, and headers among the items.
fn typed(words: &[OsString], urls: &[Url], items: &[Item]) -> Vec<Entry> {
    let mut typed = entries(words);
    let logins = urls.iter().filter(|url| !url.username().is_empty() || url.password().is_some());
    typed.extend(logins.map(|url| Entry::value("user", format!("{}:", url.username()))));
    let headers = items
        .iter()
        .filter(|item| matches!(item.kind, ItemKind::Header | ItemKind::HeaderFile | ItemKind::EmptyHeader));
    typed.extend(
        headers.map(|item| Entry::value("header", format!("{}:", String::from_utf8_lossy(&item.key)))),
    );
    typed
}

impl Layers {
    fn add_settings(&mut self, settings: &[Setting], origin: impl Fn(Place) -> Origin) {
        self.add(settings.iter().map(|setting| (setting.entry.clone(), origin(setting.place))));
    }

    fn add(&mut self, entries: impl Iterator<Item = (Entry, Origin)>) {
        let layer = self.top;
        self.all.extend(entries.map(|(entry, origin)| Placed { entry, origin, outdone_by: None, layer }));
        self.top += 1;
    }

    fn add_environment(&mut self, url: Option<&Url>) {
        let proxies: &'static [&'static str] = match url.map(Url::scheme) {
            Some("http") => &["http_proxy", "all_proxy", "ALL_PROXY"],
            _ => &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
        };
        let variables: [(&'static str, &'static [&'static str]); 6] = [
            ("cacert", &["CURL_CA_BUNDLE", "SSL_CERT_FILE"]),
            ("capath", &["SSL_CERT_DIR"]),
            ("color", &["NO_COLOR"]),
            ("jar", &["KUKI_JAR"]),
            ("noproxy", &["no_proxy", "NO_PROXY"]),
            ("public-suffix-list", &["KUKI_PUBLIC_SUFFIX_LIST"]),
        ];
        let first = |names: &'static [&'static str]| {
            names.iter().find_map(|name| Some((*name, env::variable(name)?)))
        };
        let mut found: Vec<(Entry, Origin)> = Vec::new();
        let proxy = url.and_then(|_| first(proxies));
        let others = variables.into_iter().map(|(long, names)| (long, first(names)));
        for (long, variable) in others.chain([("proxy", proxy)]) {
            let Some((name, value)) = variable else { continue };
            let value = if long == "color" { OsString::from("never") } else { value };
            found.push((Entry::value(long, value), Origin::Variable(name)));
        }
        self.add(found.into_iter());
    }

    /// Says by whom each is outdone; of one layer the last word counts only for the parser.
    fn settle(&mut self) {
        for at in 0..self.all.len() {
            let layer = self.all[at].layer;
            let above = self.all.partition_point(|placed| placed.layer <= layer);
            let (below, above) = self.all.split_at_mut(above);
            let over = above.iter().find(|placed| gives_way(&below[at].entry, &placed.entry));
            below[at].outdone_by = over.map(|placed| placed.origin.clone());
        }
    }

    /// What the file says, and nobody else says better.
    pub fn of_file(&self) -> Vec<&Entry> {
        let is_of_file = |placed: &&Placed| matches!(placed.origin, Origin::General(_) | Origin::Host(..));
        let held = self.all.iter().filter(is_of_file).filter(|placed| placed.outdone_by.is_none());
        held.map(|placed| &placed.entry).collect()
    }

    pub fn is_silent(&self) -> bool {
        let silent = self.all.iter().rfind(|placed| placed.entry.long == "silent");
        silent.is_some_and(|placed| placed.entry.given == Given::On)
    }
}
