//! Owns what the undoing of one coding looks like from outside.
//! Does not know any coding.

/// Undoes one coding, a step at a time.
pub trait Stage: Send {
    /// Takes some of the input, and puts some of what it stands for into the output. A step that does neither waits
    /// for more input, or has seen the end.
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step;

    /// Has everything come that belongs to it?
    fn is_whole(&self) -> bool;
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Step {
    pub read: usize,
    pub written: usize,
    /// What is wrong behind the octets that were written.
    pub fault: Option<String>,
}

impl Step {
    pub fn read(read: usize) -> Step {
        Step { read, ..Step::default() }
    }

    pub fn fault(why: &str) -> Step {
        Step { fault: Some(why.to_owned()), ..Step::default() }
    }
}
