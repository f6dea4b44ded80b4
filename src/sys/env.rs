//! Owns what the environment says: variables and the user's directories.
//! Does not choose between them and flags; that is `commands/settings`.

use std::ffi::OsString;
use std::path::PathBuf;

use directories::ProjectDirs;

/// A variable that is set and not empty.
pub fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

pub fn text(name: &str) -> Option<String> {
    variable(name)?.into_string().ok()
}

/// Where named jars live; `None` for a user without a home.
///
/// The user database is not asked for one: a program that carries its C library may not survive its plug-ins.
pub fn jars_directory() -> Option<PathBuf> {
    if variable("HOME").is_none() {
        let data = PathBuf::from(variable("XDG_DATA_HOME")?);
        return data.is_absolute().then(|| data.join("kuki").join("jars"));
    }
    ProjectDirs::from("", "", "kuki").map(|directories| directories.data_dir().join("jars"))
}

/// Where the configuration file is, if there is one; `None` for a user without a home.
///
/// Every start asks this, so that only where the rule is not so simple the crate looks for all the other directories, too.
pub fn config_file() -> Option<PathBuf> {
    if cfg!(target_os = "macos") && variable("HOME").is_some() {
        let directories = ProjectDirs::from("", "", "kuki")?;
        return Some(directories.config_dir().join("config.toml"));
    }
    let named = variable("XDG_CONFIG_HOME").map(PathBuf::from).filter(|directory| directory.is_absolute());
    let mut path = match named {
        Some(directory) => directory,
        None => PathBuf::from(variable("HOME")?).join(".config"),
    };
    path.push("kuki/config.toml");
    Some(path)
}

/// The running program's own file.
pub fn own_executable() -> std::io::Result<PathBuf> {
    std::env::current_exe()
}
