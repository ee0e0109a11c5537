/// Decides when a change is ready to be read: when it was seen twice without a change in between, so that no half-written file is read.
/// Pure: observations are passed in.
struct SettledChange<Seen: Equatable> {
    private var taken: Seen
    private var pending: Seen?

    init(_ taken: Seen) {
        self.taken = taken
    }

    /// Whether what is seen now is new and at rest.
    mutating func isReady(_ seen: Seen) -> Bool {
        guard seen != taken else {
            forget()
            return false
        }
        guard pending == seen else {
            pending = seen
            return false
        }
        taken = seen
        pending = nil
        return true
    }

    /// Nothing is there for the moment: what was seen before no longer counts.
    mutating func forget() {
        pending = nil
    }
}
