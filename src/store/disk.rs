//! Owns the few calls by which a jar's file is read and replaced; a seam, so that tests can stop at each of them.
//! Does not decide in which order they are made; that is `file`.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::Path;

use rustix::process::geteuid;

/// Readable and writable by its owner alone, from its creation.
pub const PRIVATE: u32 = 0o600;
const PRIVATE_DIRECTORY: u32 = 0o700;

/// A larger file is no jar, whatever its name.
pub const MOST_OCTETS: u64 = 64 << 20;
const TOO_LARGE: &str = "larger than 64 MiB";

pub trait Disk {
    type File;

    /// The user as whom this process acts.
    fn user(&self) -> u32;
    /// The whole content of a regular file of bearable size.
    fn read(&self, path: &Path) -> io::Result<Content>;
    /// Makes a directory, and those above it, for the owner alone.
    fn make_directory(&self, path: &Path) -> io::Result<()>;
    /// Makes a new file for the owner alone; it fails if anything is there.
    fn create(&self, path: &Path) -> io::Result<Self::File>;
    /// Hands a new file to another owner, which only the superuser may.
    fn give(&self, file: &Self::File, owner: Owner) -> io::Result<()>;
    fn write(&self, file: &mut Self::File, octets: &[u8]) -> io::Result<()>;
    fn sync(&self, file: &Self::File) -> io::Result<()>;
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    fn sync_directory(&self, path: &Path) -> io::Result<()>;
    fn remove(&self, path: &Path) -> io::Result<()>;
}

/// What a path holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Absent,
    Octets {
        octets: Vec<u8>,
        mode: u32,
        owner: Owner,
    },
    /// Not a file that a jar could be in.
    Unsuitable(&'static str),
}

/// Whose a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    pub user: u32,
    pub group: u32,
}

impl Owner {
    pub fn of(metadata: &fs::Metadata) -> Owner {
        Owner { user: metadata.uid(), group: metadata.gid() }
    }
}

/// The disk itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Os;

impl Disk for Os {
    type File = File;

    fn user(&self) -> u32 {
        geteuid().as_raw()
    }

    fn read(&self, path: &Path) -> io::Result<Content> {
        // Opening a FIFO would wait for its writer, and opening a terminal could make it ours.
        let opened = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path);
        let file = match opened {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Content::Absent),
            Err(error) => {
                return match unsuitable(&fs::metadata(path)?) {
                    Some(what) => Ok(Content::Unsuitable(what)),
                    None => Err(error),
                };
            }
        };
        let metadata = file.metadata()?;
        if let Some(what) = unsuitable(&metadata) {
            return Ok(Content::Unsuitable(what));
        }
        let mut octets = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default() + 1);
        // A file that grows while it is read, or has no end and says that it is empty, is cut off.
        (&file).take(MOST_OCTETS + 1).read_to_end(&mut octets)?;
        if octets.len() as u64 > MOST_OCTETS {
            return Ok(Content::Unsuitable(TOO_LARGE));
        }
        Ok(Content::Octets { octets, mode: metadata.mode() & 0o7777, owner: Owner::of(&metadata) })
    }

    fn make_directory(&self, path: &Path) -> io::Result<()> {
        if path.is_dir() {
            return Ok(());
        }
        if path.file_name().is_some() {
            self.make_directory(parent(path))?;
        }
        match DirBuilder::new().mode(PRIVATE_DIRECTORY).create(path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => return Ok(()),
            Err(error) => return Err(error),
        }
        // A umask may have taken rights that the owner needs.
        fs::set_permissions(path, Permissions::from_mode(PRIVATE_DIRECTORY))?;
        // Else a power cut could take the jar away with the directory that holds it.
        match self.sync_directory(parent(path)) {
            // Who may make names in a directory may still not open it.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Ok(()),
            synced => synced,
        }
    }

    fn create(&self, path: &Path) -> io::Result<File> {
        let file = OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(path)?;
        file.set_permissions(Permissions::from_mode(PRIVATE))?;
        Ok(file)
    }

    fn give(&self, file: &File, owner: Owner) -> io::Result<()> {
        // Where a mount gives every file one owner, there is nothing to hand over.
        if file.metadata()?.uid() == owner.user {
            return Ok(());
        }
        fchown(file, Some(owner.user), Some(owner.group))
    }

    fn write(&self, file: &mut File, octets: &[u8]) -> io::Result<()> {
        file.write_all(octets)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        match File::open(path)?.sync_all() {
            // A file system that knows no syncing of a directory keeps its names by other means.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
            synced => synced,
        }
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}

/// The directory that holds the path's last name.
pub fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn unsuitable(metadata: &fs::Metadata) -> Option<&'static str> {
    let kind = metadata.file_type();
    if kind.is_dir() {
        Some("a directory")
    } else if kind.is_fifo() {
        Some("a FIFO")
    } else if kind.is_socket() {
        Some("a socket")
    } else if !kind.is_file() {
        Some("a device")
    } else if metadata.len() > MOST_OCTETS {
        Some(TOO_LARGE)
    } else {
        None
    }
}
