package import Audit

/// Something that the gateway remembers of the journal's past because a decision depends on it. It holds nothing that the journal doesn't say.
///
/// To remember another thing: make a type of this sort, give it a line in each function of `Memories`, and add to `RecordFact` what it has to
/// read. Live exchanges and the replay at start hand it the same facts, in the journal's order.
package protocol Remembered: Sendable {
    /// What its part of the snapshot is called; another name makes older snapshots unreadable, which costs one full replay.
    static var title: String { get }

    /// How far back a record can still matter.
    static var span: Duration { get }

    /// Nothing remembered.
    init()

    /// Takes one more record in. Called for every record that closes an exchange and is memorable; most don't concern it.
    mutating func note(_ fact: RecordFact)

    /// Lets go of what no decision can depend on any more, and of what is past its bound.
    mutating func forget(asOf now: Timestamp)

    /// What it holds, one entry per line, for the snapshot.
    var lines: [SavedLine] { get }

    /// Takes a saved line back; false when it isn't one.
    mutating func restore(_ line: SavedLine) -> Bool
}
