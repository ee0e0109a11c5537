package import Audit

/// Something that the gateway remembers from the journal because a decision depends on it. It contains nothing that isn't in the journal.
///
/// To remember something new: implement this protocol, add a line in each function of `Memories`, and add the needed members to `RecordFact`. Live
/// exchanges and the replay at start pass the same facts, in the journal's order.
package protocol Remembered: Sendable {
    /// The name of its section in the snapshot; another name makes older snapshots unreadable, which costs one full replay.
    static var title: String { get }

    /// How far back a record can still matter.
    static var span: Duration { get }

    /// Makes an empty one.
    init()

    /// Adds a record. Called for every memorable record that closes an exchange; most are not relevant for a given type.
    mutating func note(_ fact: RecordFact)

    /// Removes what no decision can depend on any more, and what exceeds its bound.
    mutating func forget(asOf now: Timestamp)

    /// Passes on its content, one entry per line, for the snapshot.
    func forEachLine(_ body: (SavedLine) -> Void)

    /// Restores a saved line; false if it is invalid.
    mutating func restore(_ line: SavedLine) -> Bool
}
