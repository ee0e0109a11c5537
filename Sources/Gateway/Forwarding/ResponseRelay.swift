import Crypto
import Transport

/// Passes one response on, chunk by chunk, and holds its last byte back until the record is safe.
///
/// Invariant: nothing that looks like a complete answer is written before `release`. With a known length that is the piece that completes it, with
/// chunks it is the end mark, without a body it is the head itself.
///
/// A class, because every step of an answer uses it: as an optional struct, each use copied it field by field.
final class ResponseRelay {
    private let downstream: any Downstream
    private var held: Held = .nothing
    private var expected: Int?
    /// Bytes of the body so far, as the caller gets them.
    private var bytes = 0
    /// How many of them may not have reached the caller of an answer that was cut.
    private(set) var missing = 0
    /// SHA-256 of the body, for every kind but `read`.
    private var digest: SHA256?
    private(set) var hasBegun = false

    private enum Held {
        case nothing
        case head(DownstreamHead)
        case tail([UInt8])
    }

    init(downstream: any Downstream, digests: Bool) {
        self.downstream = downstream
        self.digest = digests ? SHA256() : nil
    }

    func begin(_ head: DownstreamHead) {
        switch head.framing {
        case .none, .length(0):
            held = .head(head)
        case .length(let length):
            expected = length
            hasBegun = true
            downstream.begin(head)
        case .unknown:
            hasBegun = true
            downstream.begin(head)
        }
    }

    /// Returns false when the caller can't take more for now.
    func relay(_ piece: UnsafeRawBufferPointer) -> Bool {
        bytes += piece.count
        digest?.update(bufferPointer: piece)
        if bytes == expected {
            held = .tail(Array(piece))
            return true
        }
        return downstream.write(piece)
    }

    /// Whether fewer bytes came than the head promised. Such an answer must be cut: the caller would read the bytes of the next answer as its rest.
    var isShort: Bool { expected.map { bytes < $0 } ?? false }

    /// The record is kept: sends the bytes held back and ends the answer.
    func release() {
        var rest = Held.nothing
        swap(&rest, &held)
        switch consume rest {
        case .nothing:
            break
        case .head(let head):
            hasBegun = true
            downstream.begin(head)
        case .tail(let tail):
            _ = tail.withUnsafeBytes { downstream.write($0) }
        }
        downstream.end()
    }

    /// The answer is cut, and this many of the written bytes may not have arrived.
    func isCut(losing lost: Int) {
        let withheld = if case .tail(let tail) = held { tail.count } else { 0 }
        // Bounded: both are lengths of what is in memory.
        missing = min(bytes, lost + withheld)
    }

    /// Bytes of the body that the caller received; for an answer that was cut, the least that it can have received.
    var received: Int { bytes - missing }

    /// The digest of what the caller received, if the exact length is known. Called once, at the end.
    func finalDigest() -> SHA256.Digest? { missing == 0 ? digest?.finalize() : nil }
}
