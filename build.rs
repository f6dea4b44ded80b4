//! Owns two decisions about linking: on Linux with glibc the program carries its C library, where the system has one
//! to carry. That spares a process the dynamic loader, a fifth of the wall time of a small request.
//! And a second one: the functions that every request runs lie side by side, in the order of `benches/startup.ld`.
//! They are strewn over megabytes otherwise, and each first touch of a page costs as much as a thousand instructions.
//! Does not fail, and does not trust itself: a trial program is linked and run the same way first, and where
//! anything is amiss the program is linked as usual. `KUKI_DYNAMIC=1` turns it off.
//!
//! Cargo has no stable way to say `-C target-feature=+crt-static` for a package's binary alone, and said for a whole
//! build it can't make procedural macros. So the linker is told by its own flags, and finds, under the names of the
//! shared libraries that rustc asks for, scripts that lead to the archives.

use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={ORDER}");
    println!("cargo::rerun-if-env-changed=KUKI_DYNAMIC");
    if env::var_os("KUKI_DYNAMIC").is_some() || !is_native_glibc() {
        return;
    }
    let Some(linked) = write_scripts() else { return };
    let ordered: Vec<String> = linked.iter().cloned().chain(order()).collect();
    let flags = [ordered, linked].into_iter().find(|flags| trial_runs(flags));
    for flag in flags.into_iter().flatten() {
        println!("cargo::rustc-link-arg-bins={flag}");
    }
}

/// Where a function is to lie that every request runs; `benches/startup.py` says how it is made.
const ORDER: &str = "benches/startup.ld";

fn order() -> Option<String> {
    let path = Path::new(&env::var_os("CARGO_MANIFEST_DIR")?).join(ORDER);
    path.is_file().then(|| format!("-Wl,-T,{}", path.display()))
}

fn is_native_glibc() -> bool {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    let native = env::var("HOST").ok() == env::var("TARGET").ok();
    native && is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu")
}

/// Puts the scripts in place, and says the flags by which they are found.
fn write_scripts() -> Option<Vec<String>> {
    let directory = output_directory()?.join("static");
    fs::create_dir_all(&directory).ok()?;
    let [libc, unwinder, arithmetic] = [archive("c")?, archive("gcc_eh")?, archive("gcc")?];
    let all = format!("{libc} {unwinder} {arithmetic}");
    for (name, archives) in [
        ("c", all.clone()),
        ("gcc_s", all),
        ("dl", archive("dl")?),
        ("m", archive("m")?),
        ("pthread", archive("pthread")?),
        ("rt", archive("rt")?),
        ("util", archive("util")?),
    ] {
        fs::write(directory.join(format!("lib{name}.so")), format!("GROUP ( {archives} )\n")).ok()?;
    }
    let search = format!("-L{}", directory.display());
    // What is relocated at each start takes a twentieth of the room in this form.
    Some(vec![search, "-static-pie".to_owned(), "-Wl,-z,pack-relative-relocs".to_owned()])
}

/// The C compiler answers with a path only for a file that it has.
fn archive(name: &str) -> Option<String> {
    let answer = Command::new("cc").arg(format!("-print-file-name=lib{name}.a")).output().ok()?;
    let path = PathBuf::from(String::from_utf8(answer.stdout).ok()?.trim_end());
    path.is_absolute().then(|| format!("\"{}\"", path.display()))
}

/// Does a program that is linked with these flags start, and survive this system's ways of looking a name up?
fn trial_runs(flags: &[String]) -> bool {
    let Some(program) = output_directory().map(|directory| directory.join("trial")) else { return false };
    link_trial(flags, &program).unwrap_or(false)
        && Command::new(&program).output().is_ok_and(|output| output.status.success())
}

fn link_trial(flags: &[String], program: &Path) -> std::io::Result<bool> {
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let users = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    rustc.args(users.split('\u{1f}').filter(|flag| !flag.is_empty()));
    rustc.args(["--edition=2024", "-o"]).arg(program);
    rustc.args(flags.iter().map(|flag| format!("-Clink-arg={flag}")));
    let mut child =
        rustc.arg("-").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(TRIAL.as_bytes())?;
    }
    Ok(child.wait()?.success())
}

/// A thread needs what a bad link breaks first, the weak symbols of the C library; and a look-up loads whatever
/// plug-ins the system has for it, which do not bear every program that carries its C library. `.invalid` is nobody's
/// name; where no answer comes in time, none is waited for.
const TRIAL: &str = r#"
use std::{net::ToSocketAddrs, sync::mpsc, thread, time::Duration};

fn main() {
    let (done, heard) = mpsc::channel();
    thread::spawn(move || {
        let _ = ("kuki-trial.invalid", 80).to_socket_addrs();
        let _ = done.send(());
    });
    let _ = heard.recv_timeout(Duration::from_secs(3));
}
"#;

fn output_directory() -> Option<PathBuf> {
    env::var_os("OUT_DIR").map(PathBuf::from)
}
