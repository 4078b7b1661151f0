//! Which guests a batch has been about, so that no guest is reset twice by one batch, and no address given to two.
//!
//! Sixteen bytes an entry: in memory while there are few, then in a temporary file without a name, since a batch may
//! have any number of guests and its memory must not grow with them.

use ring::digest::{Context, SHA256};
use std::collections::HashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::io::Result;

/// How many are kept in memory: what fits a hash table of two megabytes, and more than most campaigns have.
const FEW: usize = if cfg!(test) { 4096 } else { 7 << 14 };
const SLOT: u64 = 16;
/// How much is read at once while the table grows; a table of any length is a multiple of it.
const BLOCK: usize = 4096;

/// How an entry was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    New,
    /// It stands there with the same value.
    Same,
    /// It stands there with another value.
    Other,
}

/// The keys so far, each with a print of its value: guests with what was wished for them, addresses with their guests.
#[derive(Default)]
pub(crate) struct Book {
    few: HashMap<u64, u64>,
    many: Option<Table>,
}

impl Book {
    /// Enters a key, unless it stands there; capitals and small letters are the same.
    pub(crate) fn enter(&mut self, key: &str, value: &impl Hash) -> Result<Entry> {
        let (key, value) = (print(&key.to_ascii_lowercase()), print(value));
        if self.few.len() == FEW {
            self.many = Some(Table::of(&self.few)?);
            self.few = HashMap::new();
        }
        let before = match &mut self.many {
            Some(table) => table.get_or_put(key, value)?,
            None => match self.few.entry(key) {
                Occupied(held) => Some(*held.get()),
                Vacant(slot) => {
                    slot.insert(value);
                    None
                }
            },
        };
        Ok(match before {
            None => Entry::New,
            Some(before) if before == value => Entry::Same,
            Some(_) => Entry::Other,
        })
    }
}

/// 64 bits of a digest; never 0, which marks an empty slot. Two of a million guests share one once in 37 million batches.
fn print(value: &impl Hash) -> u64 {
    let mut digest = Digest(Context::new(&SHA256));
    value.hash(&mut digest);
    digest.finish()
}

/// For what can be hashed, so that it need not be written out first.
struct Digest(Context);

impl Hasher for Digest {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.0.clone().finish().as_ref()[..8]);
        u64::from_le_bytes(bytes).max(1)
    }
}

/// A hash table in a file, open addressing, at most half full.
struct Table {
    file: File,
    slots: u64,
    used: u64,
}

impl Table {
    fn new(slots: u64) -> Result<Self> {
        let file = tempfile::tempfile()?;
        file.set_len(slots * SLOT)?;
        Ok(Self { file, slots, used: 0 })
    }

    /// A table of these pairs, with room for as many again.
    fn of(pairs: &HashMap<u64, u64>) -> Result<Self> {
        let mut table = Self::new(pairs.len() as u64 * 4)?;
        for (key, value) in pairs {
            table.get_or_put(*key, *value)?;
        }
        Ok(table)
    }

    /// The value of the key, if it has one; otherwise it gets this one.
    fn get_or_put(&mut self, key: u64, value: u64) -> Result<Option<u64>> {
        if self.used * 2 >= self.slots {
            self.grow()?;
        }
        let mut slot = key % self.slots;
        loop {
            match self.read(slot)? {
                (0, _) => {
                    self.write(slot, key, value)?;
                    self.used += 1;
                    return Ok(None);
                }
                (held, value) if held == key => return Ok(Some(value)),
                _ => slot = (slot + 1) % self.slots,
            }
        }
    }

    fn grow(&mut self) -> Result<()> {
        let mut larger = Self::new(self.slots * 2)?;
        let mut block = [0; BLOCK];
        for start in (0..self.slots * SLOT).step_by(BLOCK) {
            read_at(&self.file, &mut block, start)?;
            for (key, value) in block.as_chunks().0.iter().map(pair).filter(|(key, _)| *key != 0) {
                larger.get_or_put(key, value)?;
            }
        }
        *self = larger;
        Ok(())
    }

    fn read(&self, slot: u64) -> Result<(u64, u64)> {
        let mut bytes = [0; SLOT as usize];
        read_at(&self.file, &mut bytes, slot * SLOT)?;
        Ok(pair(&bytes))
    }

    fn write(&self, slot: u64, key: u64, value: u64) -> Result<()> {
        let pair = u128::from(key) | u128::from(value) << 64;
        write_at(&self.file, &pair.to_le_bytes(), slot * SLOT)
    }
}

fn pair(slot: &[u8; SLOT as usize]) -> (u64, u64) {
    let pair = u128::from_le_bytes(*slot);
    (pair as u64, (pair >> 64) as u64)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

/// Reads and writes of so few bytes are whole or fail.
#[cfg(windows)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> Result<()> {
    std::os::windows::fs::FileExt::seek_read(file, bytes, at).map(|_| ())
}

#[cfg(windows)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> Result<()> {
    std::os::windows::fs::FileExt::seek_write(file, bytes, at).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4))]
        #[test]
        fn it_agrees_with_a_map(wishes in proptest::collection::vec((0..9_000_u32, 0..2_u8), 20_000)) {
            let (mut book, mut map) = (Book::default(), HashMap::new());
            for (guest, wish) in wishes {
                let expected = match map.get(&guest) {
                    None => Entry::New,
                    Some(before) if *before == wish => Entry::Same,
                    Some(_) => Entry::Other,
                };
                map.entry(guest).or_insert(wish);
                prop_assert_eq!(book.enter(&format!("Guest {guest}"), &wish).unwrap(), expected);
            }
            prop_assert!(book.many.is_some());
        }
    }
}
