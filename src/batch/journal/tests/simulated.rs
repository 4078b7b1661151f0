//! A disk that keeps apart what is on it and what the system only remembers, and fails on request.

use super::super::disk::Disk;
use fastrand::Rng;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard};

/// What happens at an operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fault {
    /// Nothing works from here on; of what is being written, any part may have been.
    Crash,
    /// No more room: a part is written.
    FullDisk,
    /// The sync fails, and the system takes what it could not write for written.
    LostSync,
}

/// What a crash makes of what was not synced.
#[derive(Clone, Copy, Debug)]
pub(super) enum Loss {
    /// Only the process ended: nothing is lost.
    Nothing,
    /// The file ends after so many bytes of what was not synced.
    Cut(usize),
    /// From there on it holds zeros, and so many more behind.
    Zeros(usize, usize),
    /// Any of its sectors are on the disk.
    Sectors(usize),
}

/// The machine: its disk outlives the runs.
#[derive(Clone)]
pub(super) struct Machine(Arc<Mutex<State>>);

#[derive(Clone)]
struct State {
    /// What is on the disk.
    disk: Vec<u8>,
    /// Whether the file's name is.
    named: bool,
    /// What the system shows.
    shown: Vec<u8>,
    /// What was written since the last sync.
    waiting: Vec<Change>,
    fault: Option<(u64, Fault)>,
    operations: u64,
    crashed: bool,
    rng: Rng,
}

#[derive(Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

impl Machine {
    pub(super) fn new(seed: u64) -> Self {
        Self::of(Vec::new(), seed)
    }

    /// With a file that is on the disk.
    pub(super) fn of(content: Vec<u8>, seed: u64) -> Self {
        Self(Arc::new(Mutex::new(State {
            disk: content.clone(),
            named: !content.is_empty(),
            shown: content,
            waiting: Vec::new(),
            fault: None,
            operations: 0,
            crashed: false,
            rng: Rng::with_seed(seed),
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// The same machine, to go another way from here.
    pub(super) fn split(&self) -> Self {
        Self(Arc::new(Mutex::new(self.state().clone())))
    }

    pub(super) fn file(&self) -> Box<dyn Disk> {
        Box::new(File(self.clone()))
    }

    /// Lets the operation fail that is this many ahead, counted from 1.
    pub(super) fn fail_in(&self, operations: u64, fault: Fault) {
        let mut state = self.state();
        state.fault = Some((state.operations + operations, fault));
    }

    pub(super) fn operations(&self) -> u64 {
        self.state().operations
    }

    /// Lets every operation wait until the work is done.
    pub(super) fn hold(&self, work: impl FnOnce()) {
        let _held = self.state();
        work();
    }

    pub(super) fn shown(&self) -> Vec<u8> {
        self.state().shown.clone()
    }

    pub(super) fn on_disk(&self) -> Vec<u8> {
        self.state().disk.clone()
    }

    pub(super) fn is_named(&self) -> bool {
        self.state().named
    }

    /// How many bytes at the end are not synced.
    pub(super) fn unsynced(&self) -> usize {
        let state = self.state();
        state.all().len().saturating_sub(state.disk.len())
    }

    /// Starts again after a crash, or after a run that failed.
    pub(super) fn restart(&self, loss: Loss) {
        let mut state = self.state();
        state.crashed = false;
        state.fault = None;
        state.lose(loss);
    }
}

impl State {
    fn lose(&mut self, loss: Loss) {
        let mut after = self.all();
        let whole = after.len();
        let kept = |length: usize| self.disk.len().min(whole) + length;
        let after = match loss {
            Loss::Nothing => return,
            Loss::Cut(length) => {
                after.truncate(kept(length));
                after
            }
            Loss::Zeros(length, more) => {
                after.truncate(kept(length));
                after.resize(whole + more, 0);
                after
            }
            Loss::Sectors(size) => {
                self.settle(size);
                self.disk.clone()
            }
        };
        // a name that is not on the disk may be lost, and the file with it
        let gone = !self.named && self.rng.bool();
        self.disk = if gone { Vec::new() } else { after };
        self.shown.clone_from(&self.disk);
        self.waiting.clear();
    }

    /// The disk's content, were all that waits on it. What a failed sync has lost waits no more.
    fn all(&self) -> Vec<u8> {
        let mut all = self.disk.clone();
        for change in &self.waiting {
            match change {
                Change::Truncate(length) => all.truncate(*length),
                Change::Write(at, bytes) => put(&mut all, *at, bytes),
            }
        }
        all
    }

    fn sync(&mut self) {
        self.disk = self.all();
        self.waiting.clear();
    }

    /// Puts any of the sectors that wait on the disk.
    fn settle(&mut self, size: usize) {
        for change in std::mem::take(&mut self.waiting) {
            match change {
                Change::Truncate(length) if self.rng.bool() => self.disk.truncate(length),
                Change::Truncate(_) => {}
                Change::Write(at, bytes) => {
                    for (number, sector) in bytes.chunks(size).enumerate() {
                        if self.rng.bool() {
                            put(&mut self.disk, at + number * size, sector);
                        }
                    }
                    // the length may get there without the content
                    if self.rng.bool() && self.disk.len() < at + bytes.len() {
                        self.disk.resize(at + bytes.len(), 0);
                    }
                }
            }
        }
    }

    /// The fault of this operation, if it has one.
    fn next(&mut self) -> io::Result<Option<Fault>> {
        if self.crashed {
            return Err(io::Error::other("the machine has crashed"));
        }
        self.operations += 1;
        let fault = self.fault.and_then(|(at, fault)| (at == self.operations).then_some(fault));
        self.crashed = fault == Some(Fault::Crash);
        Ok(fault)
    }

    fn write(&mut self, at: usize, bytes: &[u8]) {
        put(&mut self.shown, at, bytes);
        self.waiting.push(Change::Write(at, bytes.to_vec()));
    }
}

fn put(into: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if into.len() < end {
        into.resize(end, 0);
    }
    into[at..end].copy_from_slice(bytes);
}

struct File(Machine);

impl Disk for File {
    fn length(&mut self) -> io::Result<u64> {
        Ok(self.0.state().shown.len() as u64)
    }

    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let state = self.0.state();
        let from = state.shown.get(offset as usize..).unwrap_or_default();
        let got = from.len().min(into.len());
        into[..got].copy_from_slice(&from[..got]);
        Ok(got)
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.0.state();
        match state.next()? {
            None | Some(Fault::LostSync) => {
                state.write(offset as usize, bytes);
                Ok(())
            }
            Some(fault) => {
                let part = state.rng.usize(..=bytes.len());
                state.write(offset as usize, &bytes[..part]);
                Err(if fault == Fault::FullDisk { ErrorKind::StorageFull.into() } else { io::Error::other("crash") })
            }
        }
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        let mut state = self.0.state();
        let fault = state.next()?;
        if fault.is_none() || state.rng.bool() {
            state.shown.truncate(length as usize);
            state.waiting.push(Change::Truncate(length as usize));
        }
        fault.map_or(Ok(()), |_| Err(io::Error::other("crash")))
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut state = self.0.state();
        match state.next()? {
            None => {
                state.sync();
                Ok(())
            }
            Some(Fault::Crash) => {
                if state.rng.bool() {
                    state.sync();
                }
                Err(io::Error::other("crash"))
            }
            Some(Fault::FullDisk | Fault::LostSync) => {
                state.settle(64);
                Err(io::Error::other("input/output error"))
            }
        }
    }

    fn sync_folder(&mut self) -> io::Result<()> {
        let mut state = self.0.state();
        let fault = state.next()?;
        state.named |= fault.is_none();
        fault.map_or(Ok(()), |_| Err(io::Error::other("crash")))
    }
}
