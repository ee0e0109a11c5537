import NIOCore
import Transport

/// What two reads must have in common to share a call. The policy has already allowed both of them.
struct SharingKey: Hashable, Sendable {
    let operation: Int
    let project: String
    /// Where the call goes. A reload may change it, and answers outlive a configuration.
    let origin: Origin
    let method: String
    /// Path and canonical query, the enterprise project included.
    let target: [UInt8]
    let body: ByteBuffer?
    /// The header fields on which HSS's answer may depend.
    let fields: [String]
}

/// Which reads are shared (`upstream.coalesce`).
package struct SharingRules: Sendable, Equatable {
    /// How old an answer to a poll may be; nil: nothing is shared.
    package var pollAge: Duration?
    /// Whether reads other than polls share calls that are under way.
    package var reads: Bool

    package init(pollAge: Duration?, reads: Bool) {
        self.pollAge = pollAge
        self.reads = reads
    }
}
