//! Owns the jar's part in a command: opened before, committed after, and what is said about it.
//! Does not know what changes it, a request or a verb.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use crate::commands::carried;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::files;
use crate::commands::interrupt::Interrupts;
use crate::cookie::change::Change;
use crate::cookie::jar::Jar;
use crate::cookie::record::Cookie;
use crate::exchange::hops::SharedJar;
use crate::formats::detect::detect;
use crate::formats::format::Format;
use crate::output::list::counted;
use crate::output::shell::quoted;
use crate::store::disk::Os;
use crate::store::error::StoreError;
use crate::store::file::{Committed, FileStore, Snapshot};
use crate::store::layout::Layout;
use crate::store::lock::Patience;
use crate::sys::clock;

/// Which jar, and what may be done with it.
#[derive(Clone, Debug)]
pub struct JarSettings {
    pub path: PathBuf,
    /// What the user calls it.
    pub name: String,
    pub access: Access,
    pub layout: Layout,
    pub lock_timeout: Duration,
    pub start: Start,
    /// Session cookies that were stored before take no part.
    pub junks_session: bool,
}

/// What a command begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// What the jar holds.
    Jar,
    /// What these files hold, of whatever format; at the end it takes the place of what the jar holds.
    Files { files: Vec<PathBuf>, url: Url },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    ReadOnly,
    ReadWrite,
}

/// What a commit saved.
#[derive(Debug)]
pub enum Saved {
    All,
    /// Only when cookies were last used could not be written down: worth a note, not an error.
    AllButTouches(StoreError),
}

/// A jar that is open.
pub struct OpenJar {
    settings: JarSettings,
    store: FileStore,
    snapshot: Snapshot,
}

impl OpenJar {
    pub fn open(settings: JarSettings, console: &Console) -> Result<OpenJar, CommandError> {
        let store = FileStore::laid_out(&settings.path, settings.layout, Os);
        let mut snapshot = match &settings.start {
            Start::Jar => store.load().map_err(|error| with_format(error, store.path()))?,
            Start::Files { files, url } => {
                // What is not to be written need not be a jar.
                let is_written = settings.access == Access::ReadWrite;
                let old = if is_written { store.load()? } else { store.unread() };
                let layout = if is_written { settings.layout } else { Layout::Json };
                old.replaced_by(carried::jar(files, url, layout, console)?)
            }
        };
        if settings.junks_session {
            let junked = junk_session(snapshot.jar_mut());
            if junked > 0 && settings.start == Start::Jar && settings.access == Access::ReadWrite {
                console.note(&format!("junked {} of jar '{}'", counted(junked), settings.name));
            }
        }
        let path = store.path().display().to_string();
        if let Some(user) = snapshot.foreign {
            let message = format!("the jar {path} belongs to another user (id {user})");
            console.warn(&message, "its cookies may be theirs, and they can read what is saved in it");
        } else if let Some(mode) = snapshot.exposed {
            let message = format!("the jar {path} can be read by others (mode {mode:04o})");
            console.warn(&message, &format!("chmod 600 {}", quoted(&path)));
        }
        Ok(OpenJar { settings, store, snapshot })
    }

    /// What others store until the commit is not to be pushed out by what is put in here.
    pub fn spare_others(&mut self) {
        self.snapshot.spares_others = true;
    }

    /// The file's mode if others can read it, and its owner if that is another user.
    pub fn exposure(&self) -> (Option<u32>, Option<u32>) {
        (self.snapshot.exposed, self.snapshot.foreign)
    }

    /// Refuses what can't go with --read-only.
    pub fn must_be_writable(&self, command: &str) -> Result<(), CommandError> {
        if self.settings.access == Access::ReadWrite {
            return Ok(());
        }
        Err(CommandError::usage(format!("{command} can't go with --read-only")).hint("leave one of them out"))
    }

    /// Refuses what a cookies.txt has no room for.
    pub fn must_be_ours(&self, what: &str) -> Result<(), CommandError> {
        if self.settings.layout == Layout::Json {
            return Ok(());
        }
        Err(CommandError::usage(format!("a cookies.txt can't hold {what}"))
            .hint("copy it into a jar that can: kuki jar copy FILE.txt NAME"))
    }

    /// What the user calls it, and where it is.
    pub fn called(&self) -> (String, String) {
        (self.settings.name.clone(), self.path().to_string_lossy().into_owned())
    }

    /// The file itself, behind any links.
    pub fn path(&self) -> &Path {
        self.store.path()
    }

    /// There is no file yet.
    pub fn is_new(&self) -> bool {
        self.snapshot.is_new()
    }

    /// The jar alone, for who will not save it.
    pub fn into_jar(self) -> Jar {
        self.snapshot.into_jar()
    }

    pub fn jar(&self) -> &Jar {
        self.snapshot.jar()
    }

    pub fn jar_mut(&mut self) -> &mut Jar {
        self.snapshot.jar_mut()
    }

    /// Leaves nothing of a save that was killed, whose cookies may be those that are not to be found any more.
    pub fn tidy(&self, console: &Console) -> Result<(), CommandError> {
        let interrupts = Interrupts::default();
        let mut wait = Wait { limit: self.settings.lock_timeout, console, interrupts: &interrupts };
        Ok(self.store.tidy(&mut wait)?)
    }

    /// Saves what changed, by who will not use the jar again.
    pub fn commit(
        mut self,
        console: &Console,
        interrupts: &Interrupts,
        wait: Option<Duration>,
    ) -> Result<Saved, CommandError> {
        self.save(console, interrupts, wait)
    }

    /// Is there something to save that would be missed? That a cookie was used would not.
    pub fn has_news(&self) -> bool {
        self.snapshot.is_replacement() || !self.snapshot.jar().journal().iter().all(Change::is_touch)
    }

    /// Saves what changed. A signal breaks a wait for a busy lock off, which also lasts no longer than `wait`.
    pub fn save(
        &mut self,
        console: &Console,
        interrupts: &Interrupts,
        wait: Option<Duration>,
    ) -> Result<Saved, CommandError> {
        let OpenJar { settings, store, snapshot } = self;
        if settings.access == Access::ReadOnly {
            return Ok(Saved::All);
        }
        let only_touches = snapshot.jar().journal().iter().all(Change::is_touch);
        if !snapshot.jar().journal().is_empty() {
            Interrupts::outlive_file_size_limit();
        }
        let limit = wait.unwrap_or(Duration::MAX).min(settings.lock_timeout);
        let mut wait = Wait { limit, console, interrupts };
        match store.save(snapshot, clock::now, &mut wait) {
            Ok(Committed::Nothing | Committed::Written) => Ok(Saved::All),
            Err(error @ (StoreError::Unsaved { .. } | StoreError::LockUnusable { .. })) if only_touches => {
                Ok(Saved::AllButTouches(error))
            }
            // Somebody else spoiled the file meanwhile: by now a request has been sent.
            Err(error) if error.is_about_reading() => {
                Err(CommandError::new(Exit::JAR_UNSAVED, error.to_string())
                    .hint("the file changed while this ran, and what this changed could not be saved in it"))
            }
            Err(error) => Err(error.into()),
        }
    }
}

impl SharedJar for RefCell<OpenJar> {
    fn with<R>(&self, edit: impl FnOnce(&mut Jar) -> R) -> R {
        edit(self.borrow_mut().jar_mut())
    }
}

/// What is no jar may be a file of another program, and that is worth a word.
fn with_format(error: StoreError, path: &Path) -> CommandError {
    let is_corrupt = matches!(error, StoreError::Corrupt { .. });
    let told = CommandError::from(error);
    if !is_corrupt {
        return told;
    }
    let format = files::read_bounded(path).ok().and_then(|octets| detect(&octets));
    match format {
        None | Some(Format::Json | Format::Ndjson) => told,
        Some(format) => {
            let hint = format!(
                "nothing was sent or changed; it looks like {}: kuki jar import {} takes it in",
                format.word(),
                path.display()
            );
            told.hint(hint)
        }
    }
}

fn junk_session(jar: &mut Jar) -> usize {
    let now = clock::now();
    let session: Vec<_> = jar.iter().filter(|cookie| cookie.expires.is_none()).map(Cookie::key).collect();
    let count = session.len();
    jar.forget(session, now);
    count
}

/// Says that it waits, and for how long.
struct Wait<'a> {
    limit: Duration,
    console: &'a Console,
    interrupts: &'a Interrupts,
}

impl Patience for Wait<'_> {
    fn limit(&self) -> Duration {
        self.limit
    }

    fn waiting(&mut self, lock: &Path) {
        self.interrupts.arm();
        let limit = (self.limit.as_secs_f64() * 10.0).round() / 10.0;
        self.console
            .note(&format!("waiting up to {limit} s for another process that holds {}", lock.display()));
    }

    fn is_over(&self) -> bool {
        self.interrupts.caught().is_some()
    }
}
