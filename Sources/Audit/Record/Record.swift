/// One record of the journal, about one exchange or one event of the gateway. Parts that do not apply are absent.
///
/// `seq` is not here: the journal adds it when the record is appended. Nothing in a record may be a secret; `path` and `query` arrive already
/// redacted.
package struct Record: Sendable {
    /// Ties a request record to the record that closes it.
    package var id: RecordID
    /// The stage of the exchange.
    package var phase: Phase
    /// The time of this stage.
    package var time: Timestamp
    /// The caller's `X-Request-Id`, or the gateway's.
    package var requestID: String?
    /// The caller.
    package var caller: Caller?
    /// The documented name of the operation.
    package var operation: String?
    /// What the operation does.
    package var kind: Kind?
    /// The HTTP method.
    package var method: String?
    /// The path as sent upstream, redacted.
    package var path: String?
    /// The query as sent upstream, redacted.
    package var query: String?
    /// The HSS project.
    package var project: Project?
    /// The `region` header as the caller sent it: the region whose assets are requested.
    package var regionHeader: String?
    /// The enterprise project, and whether the gateway added it.
    package var enterpriseProjectID: EnterpriseProjectID?
    /// The credential that the request was sent with.
    package var credential: Credential?
    /// The decision of the policy.
    package var decision: Decision?
    /// The name of the rule that decided.
    package var rule: String?
    /// The gateway's code (`HSSGW.4031`) or the upstream's.
    package var errorCode: String?
    /// The caller's `X-Audit-Reason`.
    package var reason: String?
    /// The request's body.
    package var requestBody: RequestBody?
    /// The HTTP status the caller saw.
    package var status: Int?
    /// How it ended.
    package var outcome: Outcome?
    /// Who answered.
    package var source: Source?
    /// The call to HSS.
    package var upstream: Upstream?
    /// The response's body as the caller received it.
    package var responseBody: ResponseBody?
    /// The export task this exchange is a step of.
    package var export: Export?
    /// From the first byte of the request to the end of the exchange.
    package var duration: Duration?
    /// The configuration that decided; nil for the one in force when the record is appended.
    package var gateway: GatewayTag?
    /// The name of an event of the gateway; only in events.
    package var event: String?
    /// Further details: of an event, or for example that something was removed from an answer.
    package var detail: FieldObject?
}

// In an extension, so that the compiler's memberwise initialiser remains, which builds the value in place. An initialiser that sets the members
// itself ends with a copy of all of them, which cost 900 instructions per request.
extension Record {
    /// Makes a record with what is known from the start; the other parts are set as they become known.
    package init(
        id: RecordID, phase: Phase, time: Timestamp, requestID: String? = nil, caller: Caller? = nil, method: String? = nil,
        gateway: GatewayTag? = nil
    ) {
        // `event` is passed to select the compiler's initialiser and not this one.
        self.init(
            id: id, phase: phase, time: time, requestID: requestID, caller: caller, method: method, gateway: gateway, event: nil)
    }

    /// The event that counts refusals which have no record of their own.
    package static let refusalSumEvent = "refusals_aggregated"

    /// Makes the record of an event of the gateway itself: start, stop, reload, rotation.
    package init(event: String, id: RecordID, time: Timestamp, detail: FieldObject? = nil) {
        self.init(id: id, phase: .event, time: time, event: event, detail: detail)
    }
}

extension Record {
    /// Passes the members after `time` to the visitor, in the contract's order.
    ///
    /// - Parameter usual: the gateway of a record without its own tag.
    @inline(__always)
    func visit(_ visitor: inout some RecordVisitor, gateway usual: GatewayTag) {
        visitor.visit(.requestID, requestID)
        visitor.visit(.caller, caller)
        visitor.visit(.operation, operation)
        visitor.visit(.kind, kind)
        visitor.visit(.method, method)
        visitor.visit(.path, path)
        visitor.visit(.query, query)
        visitor.visit(.project, project)
        visitor.visit(.regionHeader, regionHeader)
        visitor.visit(.enterpriseProjectID, enterpriseProjectID)
        visitor.visit(.credential, credential)
        visitor.visit(.decision, decision)
        visitor.visit(.rule, rule)
        visitor.visit(.errorCode, errorCode)
        visitor.visit(.reason, reason)
        visitor.visit(.requestBody, requestBody)
        visitor.visit(.status, status)
        visitor.visit(.outcome, outcome)
        visitor.visit(.source, source)
        visitor.visit(.upstream, upstream)
        visitor.visit(.responseBody, responseBody)
        visitor.visit(.export, export)
        visitor.visit(.duration, duration)
        if let gateway { visitor.visit(gateway) } else { visitor.visit(usual) }
        visitor.visit(.event, event)
        visitor.visit(.detail, detail)
    }
}
