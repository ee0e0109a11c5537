import Credentials
import Synchronization

/// The signatures of accepted requests, kept as long as their date would still be accepted; shared by all workers.
///
/// 1. A signature is marked as used before the request is processed, so that one of two equal concurrent requests is refused. The mark is removed if
///    the request is refused, so that it takes no memory and may be sent again.
/// 2. Only valid signatures are stored, so an attacker without a key can't fill it. They are grouped in compartments of five minutes by the signed
///    date, and a compartment is dropped as a whole once no date in it would be accepted, both by the wall clock and by a clock that never goes
///    back: a wall clock that was ahead for a moment, by hours, and is set right again makes nothing valid a second time.
/// 3. When it is full the gateway refuses requests instead of dropping signatures, because a dropped signature could be used again.
package final class ReplayMemory: Sendable {
    /// One use of a signature: the right to one request.
    package struct SignatureUse: Sendable, Hashable {
        /// 16 of the signature's 32 bytes.
        let high: UInt64
        let low: UInt64
        /// The key's id.
        package let key: String
        /// Seconds since 1970-01-01T00:00:00Z, as signed.
        package let date: Int64

        /// - Parameter signature: 32 bytes of a valid signature.
        init(of signature: [UInt8], by key: String, date: Int64) {
            precondition(signature.count == 32, "an HMAC-SHA256 has 32 bytes")
            (high, low) = signature.withUnsafeBytes { bytes in
                (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            }
            self.key = key
            self.date = date
        }

        /// Half of the signature: enough to recognise it.
        package var mark: [UInt8] { withUnsafeBytes(of: (high, low)) { Array($0) } }
    }

    /// For all keys together: at most about 40 MB. At the rate that HSS documents (600 calls a minute) less than a hundredth is used.
    static let capacity = 1_000_000
    /// For one key, so that one caller can't use up all the memory.
    static let capacityPerKey = 250_000
    private static let compartment: Int64 = 300

    private struct Mark: Hashable {
        let high: UInt64
        let low: UInt64
    }

    /// The signatures of five minutes.
    private struct Compartment {
        var marks: Set<Mark> = []
        /// The uptime from which on none of its dates is accepted.
        var end = Duration.zero
    }

    private struct KeyMemory {
        var compartments: [Int64: Compartment] = [:]
        var count: Int { compartments.values.reduce(0) { $0 + $1.marks.count } }
    }

    private struct State {
        var keys: [String: KeyMemory] = [:]
        var count = 0
        /// The first compartment with a date that was acceptable when they were looked through last.
        var horizon: Int64 = .min
        /// The first end of those that were kept then only because of their end.
        var nextEnd: Duration?
    }

    private let state = Mutex(State())
    private let capacity: Int
    private let capacityPerKey: Int

    package convenience init() {
        self.init(capacity: ReplayMemory.capacity, capacityPerKey: ReplayMemory.capacityPerKey)
    }

    init(capacity: Int, capacityPerKey: Int) {
        self.capacity = capacity
        self.capacityPerKey = capacityPerKey
    }

    /// Marks a valid signature as used. Throws if it was used before, or if the memory is full.
    /// - Parameter uptime: the time by a clock that never goes back.
    package func use(_ use: SignatureUse, now: Int64, uptime: Duration = MonotonicClock.uptime()) throws(RecognitionFault) -> SignatureUse {
        let (mark, compartment) = ReplayMemory.place(of: use)
        let fault: RecognitionFault? = state.withLock { state in
            forget(before: (now - SignatureDate.window) / ReplayMemory.compartment, at: uptime, in: &state)
            if state.keys[use.key]?.compartments[compartment]?.marks.contains(mark) == true { return .replay }
            guard state.count < capacity, (state.keys[use.key]?.count ?? 0) < capacityPerKey else { return .tooManySignatures }
            state.keys[use.key, default: KeyMemory()].compartments[compartment, default: Compartment()].marks.insert(mark)
            // Bounded: the date was accepted, so it is near `now`.
            let end = uptime + .seconds((compartment + 1) * ReplayMemory.compartment + SignatureDate.window - now)
            state.keys[use.key]?.compartments[compartment]?.end.rise(to: end)
            state.count += 1
            return nil
        }
        if let fault { throw fault }
        return use
    }

    /// Removes the mark of a signature whose request was not processed.
    package func giveBack(_ use: SignatureUse) {
        let (mark, compartment) = ReplayMemory.place(of: use)
        state.withLock { state in
            guard state.keys[use.key]?.compartments[compartment]?.marks.remove(mark) != nil else { return }
            state.count -= 1
            if state.keys[use.key]?.compartments[compartment]?.marks.isEmpty == true { state.keys[use.key]?.compartments[compartment] = nil }
            if state.keys[use.key]?.compartments.isEmpty == true { state.keys[use.key] = nil }
        }
    }

    private static func place(of use: SignatureUse) -> (Mark, compartment: Int64) {
        (Mark(high: use.high, low: use.low), use.date / compartment)
    }

    private func forget(before horizon: Int64, at uptime: Duration, in state: inout State) {
        guard horizon != state.horizon || state.nextEnd.map({ uptime >= $0 }) ?? false else { return }
        (state.horizon, state.nextEnd) = (horizon, nil)
        for key in Array(state.keys.keys) {
            guard var memory = state.keys.removeValue(forKey: key) else { continue }
            for (number, compartment) in memory.compartments where number < horizon {
                guard uptime >= compartment.end else {
                    state.nextEnd = min(state.nextEnd ?? compartment.end, compartment.end)
                    continue
                }
                state.count -= compartment.marks.count
                memory.compartments.removeValue(forKey: number)
            }
            if !memory.compartments.isEmpty { state.keys[key] = memory }
        }
    }
}

extension Duration {
    fileprivate mutating func rise(to other: Duration) { self = max(self, other) }
}
