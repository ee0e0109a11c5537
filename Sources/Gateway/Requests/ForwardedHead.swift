import Catalogue
import Policy
import Transport

/// Makes the outbound request. The inbound one is never changed: what goes out is built from nothing, and every field of it is
/// named here or added by the credential.
enum ForwardedHead {
    static func request(
        _ decision: Exchange.Decision, fields: InboundFields?, content: RequestContent, method: String, userAgent: String
    ) -> OutboundRequest {
        let operation = decision.operation
        var outbound = [HeaderField("Content-Type", content.contentType), HeaderField("User-Agent", userAgent)]
        outbound.append(HeaderField("Accept", fields?.accept ?? "*/*"))
        if let language = fields?.language { outbound.append(HeaderField("X-Language", language)) }
        if let accepted = fields?.acceptLanguage { outbound.append(HeaderField("Accept-Language", accepted)) }
        if operation.takesRegion, let region = fields?.region { outbound.append(HeaderField("region", region)) }
        // A compressed answer could not be read for the record, nor freed of a token that it echoes.
        if let encoding = fields?.acceptEncoding, !BodyInspection.isNeeded(for: operation) {
            outbound.append(HeaderField("Accept-Encoding", encoding))
        }
        return OutboundRequest(
            origin: decision.route.origin,
            method: method,
            target: decision.target.pathAndQuery,
            fields: outbound,
            body: content.body,
            isReplayable: operation.kind == .read
        )
    }
}
