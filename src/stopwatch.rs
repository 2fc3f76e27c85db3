//! How long a run takes, as its audience counts: from the click that begins it, pauses left out. It has no clock: whoever
//! asks says what time it is, in seconds.

/// Runs from its creation on.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch {
    /// Since when it runs; `None` while it stands still.
    running_since: Option<f64>,
    /// What it counted before.
    counted: f64,
}

impl Stopwatch {
    /// Begins to count.
    pub fn start(now: f64) -> Stopwatch {
        Stopwatch { running_since: Some(now), counted: 0.0 }
    }

    /// Stands still at so many seconds.
    pub fn at(seconds: f64) -> Stopwatch {
        Stopwatch { running_since: None, counted: seconds }
    }

    /// Stands still, if it does not already.
    pub fn stop(&mut self, now: f64) {
        self.counted = self.seconds(now);
        self.running_since = None;
    }

    /// Goes on, if it stands still.
    pub fn resume(&mut self, now: f64) {
        self.running_since.get_or_insert(now);
    }

    /// What it shows.
    pub fn seconds(&self, now: f64) -> f64 {
        self.counted + self.running_since.map_or(0.0, |since| now - since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_do_not_count() {
        let mut watch = Stopwatch::start(10.0);
        assert_eq!(watch.seconds(12.0), 2.0);
        watch.resume(12.0);
        watch.stop(13.0);
        watch.stop(14.0);
        assert_eq!(watch.seconds(20.0), 3.0);
        watch.resume(20.0);
        watch.resume(21.0);
        assert_eq!(watch.seconds(22.5), 5.5);
    }
}
