package import NIOHTTP1
import Transport

/// The head of an answer to a caller. Framing fields are the writer's business and never among the fields.
package struct DownstreamHead {
    var status: Int
    /// What is passed on, unless the gateway answers itself.
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

/// The fields of an answer of the upstream's, with the three marks that each such answer gets: a list of them would be made for every request.
struct RelayedFields {
    /// Those pass that `ResponseFields` lets through; bytes are copied without becoming text.
    var upstream: HeaderBlock
    /// `X-Request-Id`, written once, with the upstream's value when it is fit to be kept.
    var requestID: String
    /// `Audit-Id`: ties the answer to its record.
    var auditID: String
    /// `X-HSSGW-Source`.
    static let source: StaticString = "upstream"
}

/// Where an answer goes: one response on one connection of a caller. HTTP/1.1 implements it; a stream of HTTP/2 can.
///
/// Everything is confined to the connection's event loop. Bytes are gathered and leave at the end of the loop's tick, so that
/// a small answer is one write and the first byte of a long one is never held back longer than that.
protocol Downstream: AnyObject {
    func begin(_ head: DownstreamHead)
    /// Returns false when the caller reads more slowly than we write: stop until `Exchange.downstreamDidDrain`.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool
    func end()
    /// Ends the answer in its middle, behind what was written: the caller must see that it is not whole.
    func abort()
    /// How many bytes of those that were written an end now would keep from the caller: when it has left all that are not known to have arrived,
    /// otherwise those that `abort` can't wait for. Never too few.
    var bytesLostByEnd: Int { get }
}
