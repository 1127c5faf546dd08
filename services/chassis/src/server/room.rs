//! Room for messages that are not whole yet, in bytes: of one kind of callers, and of one caller among them.

use std::sync::atomic::{AtomicUsize, Ordering};

pub(super) struct Room {
    most: usize,
    held: AtomicUsize,
}

/// What one message holds of its rooms. It is given back when this is dropped.
pub(super) struct Held<'a> {
    rooms: [&'a Room; 2],
    bytes: usize,
}

impl Room {
    pub(super) const fn new(most: usize) -> Self {
        Self { most, held: AtomicUsize::new(0) }
    }

    /// So many bytes more. However small the room is, one message of `one` bytes has room in it.
    fn take(&self, bytes: usize, one: usize) -> bool {
        let most = self.most.max(one);
        let more = |held: usize| held.checked_add(bytes).filter(|held| *held <= most);
        self.held.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).is_ok()
    }

    fn give_back(&self, bytes: usize) {
        self.held.fetch_sub(bytes, Ordering::AcqRel);
    }
}

impl<'a> Held<'a> {
    /// Nothing yet.
    pub(super) const fn of(rooms: [&'a Room; 2]) -> Self {
        Self { rooms, bytes: 0 }
    }

    /// So many bytes more of a message that may have `one`, in both rooms or in neither.
    pub(super) fn more(&mut self, bytes: usize, one: usize) -> bool {
        let [first, second] = self.rooms;
        if !first.take(bytes, one) {
            return false;
        }
        if !second.take(bytes, one) {
            first.give_back(bytes);
            return false;
        }
        self.bytes += bytes;
        true
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.rooms.iter().for_each(|room| room.give_back(self.bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_takes_of_both_rooms_or_of_none_and_gives_all_back() {
        let (own, kind) = (Room::new(10), Room::new(12));
        let mut first = Held::of([&own, &kind]);
        assert!(first.more(4, 4) && first.more(4, 4));
        assert!(!first.more(4, 4), "its caller's room is full");
        let other = Room::new(10);
        let mut second = Held::of([&other, &kind]);
        assert!(!second.more(5, 4), "its kind's room is full");
        assert!(second.more(4, 4), "what was refused is not counted");
        drop(first);
        assert!(second.more(4, 4));
        drop(second);
        assert!([own, kind, other].into_iter().all(|room| room.held.into_inner() == 0));
    }

    #[test]
    fn one_message_has_room_however_small_it_is() {
        let (own, kind) = (Room::new(1), Room::new(1));
        let mut held = Held::of([&own, &kind]);
        assert!(held.more(100, 100));
        assert!(!held.more(1, 100));
    }
}
