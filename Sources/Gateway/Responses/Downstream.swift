package import NIOHTTP1
import Transport

/// The head of an answer to a caller. The writer adds the framing fields; they are never among `fields`.
package struct DownstreamHead {
    var status: Int
    /// The upstream's fields that are passed on; nil if the gateway itself answers.
    var relayed: RelayedFields?
    /// The gateway's own fields.
    var fields: [HeaderField] = []
    var framing: ResponseFraming
}

extension DownstreamHead {
    /// An answer that passes nothing on.
    package init(status: Int, headers: HTTPHeaders, framing: ResponseFraming) {
        self.init(status: status, fields: headers.map { HeaderField($0.name, $0.value) }, framing: framing)
    }
}

/// The fields of an upstream answer, with the three fields that the gateway adds to each. A list of them would cost an allocation per request.
struct RelayedFields {
    /// Only fields that `ResponseFields` allows are passed on; bytes are copied without conversion to text.
    var upstream: HeaderBlock
    /// `X-Request-Id`, written once, with the upstream's value if that is well-formed.
    var requestID: String
    /// `Audit-Id`: ties the answer to its record.
    var auditID: String
    /// `X-HSSGW-Source`.
    static let source: StaticString = "upstream"
}

/// The destination of an answer: one response on one connection of a caller, or on one stream of HTTP/2.
///
/// Everything is confined to the connection's event loop. Bytes are collected and written at the end of the event loop turn (tick), so that a small
/// answer is one write and the first byte of a long one is not delayed beyond that.
protocol Downstream: AnyObject {
    func begin(_ head: DownstreamHead)
    /// Whether a refusal is to have no body, since too many answers wait for callers that don't read them.
    var wantsBareRefusals: Bool { get }
    /// Keeps the room of the answer that begins now, until it has left.
    func hold(_ loan: PageLoan)
    /// Returns false when the caller reads more slowly than we write: stop until `Exchange.downstreamDidDrain`.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool
    /// Whether more waits for the caller than one answer that is kept for others as well.
    var isOverfull: Bool { get }
    func end()
    /// Cuts the answer after what was written: the caller must see that it is incomplete.
    func abort()
    /// How many of the written bytes the caller would not get if the answer ended now. If the caller has left: all that are not known to have
    /// arrived; otherwise those that `abort` doesn't wait for. Never too few.
    var bytesLostByEnd: Int { get }
}
