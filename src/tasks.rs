//! The lessons' tasks that are done, as text that outlives the page: `lesson/task`, a space between them.

use std::collections::BTreeSet;

/// More than all lessons have.
const MOST: usize = 500;
/// Longer than any task's name.
const LONGEST: usize = 100;

/// The tasks in a text, in order. What can be none (too long, or without a slash) is left out, and so are more than there can be.
pub fn decode(text: &str) -> BTreeSet<String> {
    let may_be_one = |word: &&str| word.len() <= LONGEST && word.contains('/');
    let mut done = BTreeSet::new();
    for word in text.split_whitespace().filter(may_be_one) {
        if done.len() == MOST {
            break;
        }
        if !done.contains(word) {
            done.insert(word.to_string());
        }
    }
    done
}

/// The text that [`decode`] reads as these tasks.
pub fn encode(done: &BTreeSet<String>) -> String {
    done.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}
