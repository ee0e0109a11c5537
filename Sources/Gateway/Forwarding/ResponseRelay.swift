import Crypto
import Transport

/// Passes one response on, chunk by chunk, and keeps its last byte back until the record is safe.
///
/// Invariant: what the caller can take for a whole answer is never written before `release`. With a known length that is the
/// piece that completes it, with chunks it is the end mark, without a body it is the head itself.
///
/// A class, because every step of an answer looks at it: as an optional value it was taken apart by type at each look.
final class ResponseRelay {
    private let downstream: any Downstream
    private var held: Held = .nothing
    private var expected: Int?
    /// Bytes of the body so far, counted as the caller gets them.
    private(set) var bytes = 0
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

    /// Whether fewer bytes came than the head promised. Such an answer must be cut: the caller would take the next one's bytes for its rest.
    var isShort: Bool { expected.map { bytes < $0 } ?? false }

    /// The record is safe: let the caller have the rest.
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

    /// The digest of what was relayed; only once, at the end.
    func finalDigest() -> SHA256.Digest? { digest?.finalize() }
}
