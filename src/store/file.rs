//! Owns a jar in a file: loads it, and commits changes to it as it then is.
//! Does not write back what it read, ever.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::cookie::change::{Applied, Change};
use crate::cookie::jar::Jar;
use crate::store::disk::{Content, Disk, MOST_OCTETS, Os, Owner, PRIVATE, parent};
use crate::store::error::StoreError;
use crate::store::layout::Layout;
use crate::store::lock::{Lock, Patience};
use crate::store::schema::Document;

/// A jar's place.
#[derive(Debug)]
pub struct FileStore<D = Os> {
    /// The file itself, behind any symbolic links.
    path: PathBuf,
    layout: Layout,
    disk: D,
}

/// A jar as it was at one moment; what is done to it since then stands in its journal.
#[derive(Debug)]
pub struct Snapshot {
    document: Document,
    /// The permissions by which others can read the file, if they can.
    pub exposed: Option<u32>,
    /// The user to whom the file belongs, if that is somebody else.
    pub foreign: Option<u32>,
    octets: Option<Vec<u8>>,
    owner: Option<Owner>,
    /// It takes the place of whatever jar is there, and is no edit of it.
    replaces: bool,
    /// Its edits are not to push anybody's cookie out, whoever filled the jar meanwhile.
    pub spares_others: bool,
}

/// What lies at the jar's path.
struct Found {
    octets: Option<Vec<u8>>,
    mode: u32,
    owner: Option<Owner>,
}

/// What a commit did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Committed {
    Nothing,
    Written,
}

impl Snapshot {
    pub fn jar(&self) -> &Jar {
        &self.document.jar
    }

    /// There was no file.
    pub fn is_new(&self) -> bool {
        self.octets.is_none()
    }

    /// Fills it with other cookies, which at the commit take the place of those that the file holds then.
    pub fn replaced_by(self, mut jar: Jar) -> Snapshot {
        // The limits are the jar's, not its cookies'; a cookies.txt has none of its own.
        if !self.is_new() && jar.holds.is_none() {
            (jar.limits, jar.policy) = (self.jar().limits, self.jar().policy);
        }
        Snapshot { document: Document::of(jar), replaces: true, ..self }
    }

    /// Will it take the place of what the file holds?
    pub fn is_replacement(&self) -> bool {
        self.replaces
    }

    pub fn into_jar(self) -> Jar {
        self.document.jar
    }

    pub fn jar_mut(&mut self) -> &mut Jar {
        &mut self.document.jar
    }
}

impl<D: Disk> FileStore<D> {
    pub fn open(path: &Path, disk: D) -> FileStore<D> {
        FileStore::laid_out(path, Layout::Json, disk)
    }

    pub fn laid_out(path: &Path, layout: Layout, disk: D) -> FileStore<D> {
        FileStore { path: resolve(path), layout, disk }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A jar without a cookie, whatever the file holds.
    pub fn unread(&self) -> Snapshot {
        let document = self.layout.empty();
        Snapshot {
            document,
            exposed: None,
            foreign: None,
            octets: None,
            owner: None,
            replaces: false,
            spares_others: false,
        }
    }

    /// Reads the jar; one that is not there yet is empty.
    pub fn load(&self) -> Result<Snapshot, StoreError> {
        let Found { octets, mode, owner } = self.read()?;
        let document = self.parse(octets.as_deref())?;
        let exposed = (mode & 0o077 != 0).then_some(mode);
        let foreign = self.other_than_us(owner).map(|owner| owner.user);
        Ok(Snapshot { document, exposed, foreign, octets, owner, replaces: false, spares_others: false })
    }

    /// Makes the changes of the journal, in their order, in the jar as the file now has it.
    ///
    /// Then it holds what the file holds, and has nothing left to save. After an error it is as it was, and can be saved
    /// again.
    pub fn save(
        &self,
        mine: &mut Snapshot,
        clock: impl Fn() -> DateTime<Utc>,
        patience: &mut dyn Patience,
    ) -> Result<Committed, StoreError> {
        let durability = match mine.jar().journal() {
            _ if mine.replaces => Durability::Synced,
            [] => return Ok(Committed::Nothing),
            touches if touches.iter().all(Change::is_touch) => {
                if !self.layout.keeps_touches() {
                    return Ok(Committed::Nothing);
                }
                Durability::Lazy
            }
            _ => Durability::Synced,
        };
        self.prepare()?;
        let owner = self.other_than_us(mine.owner);
        // Asked before the lock, which would be left behind where its rightful user can't open it.
        if owner.is_some() && self.disk.user() != SUPERUSER {
            let source = io::Error::new(io::ErrorKind::PermissionDenied, "it belongs to another user");
            return Err(self.unsaved("replacing it")(source));
        }
        let _lock = Lock::acquire(&beside(&self.path, LOCK), owner, patience)?;
        // Read before the wait, it would be older than what others wrote meanwhile, which then would not be believed.
        let now = clock();
        let Found { octets, mode, owner } = self.read()?;
        if mode & OWNER_MAY_WRITE == 0 {
            let source = io::Error::new(io::ErrorKind::PermissionDenied, "the file is marked read-only");
            return Err(self.unsaved("replacing it")(source));
        }
        if mine.replaces {
            // What is no jar is somebody's file.
            self.parse(octets.as_deref())?;
        }
        let write = |document: &mut Document| {
            document.jar.drop_expired(now);
            self.replace(document, self.other_than_us(owner), durability)
        };
        if octets == mine.octets || mine.replaces {
            // Nobody wrote meanwhile: what we hold is already the old jar with our changes.
            mine.octets = Some(write(&mut mine.document)?);
            mine.replaces = false;
            mine.jar_mut().brought_home();
            return Ok(Committed::Written);
        }
        let mut theirs = self.parse(octets.as_deref())?;
        // All of them are made; whether any took effect decides if there is something to write.
        let (mut is_changed, mut evicted) = (false, 0);
        for change in mine.jar().journal() {
            if let Applied::Done { evicted: gone, .. } = theirs.jar.apply(change.clone(), now) {
                is_changed = true;
                evicted += gone.len();
            }
        }
        if mine.spares_others && evicted > 0 {
            return Err(StoreError::Crowded { path: self.path.clone(), evicted });
        }
        mine.octets = if is_changed { Some(write(&mut theirs)?) } else { octets };
        mine.document = theirs;
        mine.jar_mut().brought_home();
        Ok(if is_changed { Committed::Written } else { Committed::Nothing })
    }

    /// Takes away what a killed process left beside the jar, if there is anything.
    pub fn tidy(&self, patience: &mut dyn Patience) -> Result<(), StoreError> {
        let leftover = beside(&self.path, TEMPORARY);
        if leftover.symlink_metadata().is_err() {
            return Ok(());
        }
        // It may be somebody's who is not dead but in the midst of a save.
        let _lock = Lock::acquire(&beside(&self.path, LOCK), None, patience)?;
        match self.disk.remove(&leftover) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(self.unsaved("removing a leftover")(error))
            }
            _ => Ok(()),
        }
    }

    fn other_than_us(&self, owner: Option<Owner>) -> Option<Owner> {
        owner.filter(|owner| owner.user != self.disk.user())
    }

    fn read(&self) -> Result<Found, StoreError> {
        match self.disk.read(&self.path) {
            Ok(Content::Octets { octets, mode, owner }) => {
                Ok(Found { octets: Some(octets), mode, owner: Some(owner) })
            }
            Ok(Content::Absent) => Ok(Found { octets: None, mode: PRIVATE, owner: None }),
            Ok(Content::Unsuitable(what)) => Err(StoreError::Unsuitable { path: self.path.clone(), what }),
            Err(source) => Err(StoreError::Unreadable { path: self.path.clone(), source }),
        }
    }

    fn parse(&self, octets: Option<&[u8]>) -> Result<Document, StoreError> {
        let Some(octets) = octets else { return Ok(self.layout.empty()) };
        self.layout.read(octets).map_err(|fault| StoreError::Corrupt { path: self.path.clone(), fault })
    }

    /// Makes room for the lock and the file, before anything is touched.
    fn prepare(&self) -> Result<(), StoreError> {
        let longest = self.path.file_name().map_or(0, |name| name.len()) + LOCK.len().max(TEMPORARY.len());
        if longest > NAME_OCTETS {
            let allowed = NAME_OCTETS - LOCK.len().max(TEMPORARY.len());
            let source = io::Error::new(
                io::ErrorKind::InvalidFilename,
                format!("the file name is over {allowed} octets, and its lock needs a few more"),
            );
            return Err(self.unsaved("naming its lock")(source));
        }
        self.disk.make_directory(parent(&self.path)).map_err(self.unsaved("making its directory"))
    }

    /// The old file or the new one, whenever it stops; gives out what the new one holds.
    fn replace(
        &self,
        document: &Document,
        owner: Option<Owner>,
        durability: Durability,
    ) -> Result<Vec<u8>, StoreError> {
        let text = self.layout.write(document).map_err(self.unsaved("writing it down"))?;
        if text.len() as u64 > MOST_OCTETS {
            let source =
                io::Error::new(io::ErrorKind::FileTooLarge, "it would be over 64 MiB, and not be read again");
            return Err(self.unsaved("writing it down")(source));
        }
        let temporary = beside(&self.path, TEMPORARY);
        let written = self.write_and_rename(&temporary, &text, owner, durability);
        if written.is_err() {
            // If this fails too, the next save takes the leftover away.
            let _ = self.disk.remove(&temporary);
        }
        written.map(|()| text)
    }

    fn write_and_rename(
        &self,
        temporary: &Path,
        text: &[u8],
        owner: Option<Owner>,
        durability: Durability,
    ) -> Result<(), StoreError> {
        let unsaved = |doing| self.unsaved(doing);
        let mut file = match self.disk.create(temporary) {
            // Under the lock, what lies here was left by a process that was killed.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.disk.remove(temporary).map_err(unsaved("removing a leftover"))?;
                self.disk.create(temporary)
            }
            created => created,
        }
        .map_err(unsaved("making a temporary file"))?;
        if let Some(owner) = owner {
            self.disk.give(&file, owner).map_err(unsaved("leaving it to its owner"))?;
        }
        self.disk.write(&mut file, text).map_err(unsaved("writing a temporary file"))?;
        if durability == Durability::Synced {
            self.disk.sync(&file).map_err(unsaved("syncing a temporary file"))?;
        }
        self.disk.rename(temporary, &self.path).map_err(unsaved("replacing it"))?;
        if durability == Durability::Synced {
            let unsynced = |source| StoreError::Unsynced { path: self.path.clone(), source };
            self.disk.sync_directory(parent(&self.path)).map_err(unsynced)?;
        }
        Ok(())
    }

    fn unsaved(&self, doing: &'static str) -> impl Fn(io::Error) -> StoreError {
        let path = self.path.clone();
        move |source| StoreError::Unsaved { path: path.clone(), doing, source }
    }
}

/// Is the save worth waiting for the disk? A touch alone is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Durability {
    Lazy,
    Synced,
}

const LOCK: &str = ".lock";
const TEMPORARY: &str = ".tmp";
const NAME_OCTETS: usize = 255;
const OWNER_MAY_WRITE: u32 = 0o200;
const SUPERUSER: u32 = 0;

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// Follows symbolic links at the end of the path, so that the target is replaced and not the link; also to a target
/// that is not there yet. A loop is left for the reading to refuse.
fn resolve(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..40 {
        match std::fs::read_link(&path) {
            Ok(target) => path = parent(&path).join(target),
            Err(_) => break,
        }
    }
    path
}
