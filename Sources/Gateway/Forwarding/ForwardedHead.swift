import Catalogue
import Policy
import Transport

/// Builds the outbound request from an empty one, never by changing the inbound one: every field is named here or added by the credential.
struct ForwardedHead {
    private let userAgent: String
    /// The first fields of nearly every request, made once.
    private let usual: OutboundFields

    /// - Parameter userAgent: what the gateway calls itself.
    init(userAgent: String) {
        self.userAgent = userAgent
        usual = Self.beginning(RequestContent.json, userAgent)
    }

    func request(_ decision: Exchange.Decision, fields: InboundFields?, content: RequestContent, method: String) -> OutboundRequest {
        let operation = decision.operation
        let isUsual = content.contentType == RequestContent.json
        var outbound = isUsual ? OutboundFields(beginningWith: usual) : Self.beginning(content.contentType, userAgent)
        // `*/*` says no more than no field does (RFC 9110 section 12.5.1), and libcurl takes about 12 ns for each byte of a head.
        if let accept = fields?.accept, accept != "*/*" { outbound.append("Accept", accept) }
        if let language = fields?.language { outbound.append("X-Language", language) }
        if let accepted = fields?.acceptLanguage { outbound.append("Accept-Language", accepted) }
        if operation.takesRegion, let region = fields?.region { outbound.append("region", region) }
        // A compressed answer could neither be read for the record nor be searched for a token.
        if let encoding = fields?.acceptEncoding, !BodyInspection.isNeeded(for: operation) {
            outbound.append("Accept-Encoding", encoding)
        }
        if operation.kind == .download {
            if let range = fields?.range { outbound.append("Range", range) }
            if let condition = fields?.ifRange { outbound.append("If-Range", condition) }
        }
        return OutboundRequest(
            origin: decision.route.origin,
            method: method,
            target: decision.target.bytes,
            fields: outbound,
            body: content.body,
            isReplayable: operation.kind == .read
        )
    }

    /// Marks requests that a gateway has forwarded. A gateway refuses requests with this mark; otherwise two that point at each other would forward
    /// a request for ever.
    private static let hop = HeaderField("X-HSSGW-Hops", "1")

    private static func beginning(_ contentType: String, _ userAgent: String) -> OutboundFields {
        OutboundFields([HeaderField("Content-Type", contentType), HeaderField("User-Agent", userAgent), hop])
    }
}
