//! Owns the reading of URLs with `[1-9]` and `{a,b}` in them, and the making of each that they stand for.
//! Does not ask for any.

#![no_main]

use kuki::cli::glob::Glob;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|pattern: &[u8]| {
    match Glob::parse(pattern) {
        Ok(glob) => {
            let count = glob.count();
            assert!(count > 0, "it stands for nothing");
            for number in [0, 1, count / 2, count - 1].into_iter().filter(|number| *number < count) {
                let _ = (glob.nth(number), glob.fill(number, b"#1-#2-#9-#"));
            }
            assert!(
                count == 1
                    || count > 64
                    || (1..count).all(|number| glob.nth(number).len() <= pattern.len() * 32)
            );
        }
        Err(fault) => assert!(fault.position >= 1 && fault.position <= pattern.len() + 1, "{fault:?}"),
    }
});
