/// Decides when a change is ready to be read: when it was seen twice without a change in between, so that no half-written file is read.
/// Without I/O: observations are passed in.
struct SettledChange<Seen: Equatable> {
    private var taken: Seen
    private var pending: Seen?

    init(_ taken: Seen) {
        self.taken = taken
    }

    /// Whether the present state is new and unchanged since the last observation.
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

    /// The file is missing for the moment: the earlier observation no longer counts.
    mutating func forget() {
        pending = nil
    }
}
