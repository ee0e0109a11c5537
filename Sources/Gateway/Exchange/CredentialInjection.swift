import Audit
import Credentials
import NIOCore
import Policy
import Transport

/// The last change before a request is sent: the gateway's own credential goes on, paid for with the permit.
enum CredentialInjection {
    /// - Returns: the end of the access key that signed, for the record; nil for a token.
    static func apply(
        to outbound: inout OutboundRequest, permit: consuming Permit, decision: Exchange.Decision, time: Timestamp
    ) throws(Refusal) -> String? {
        let route = decision.route
        var request = CredentialRequest(
            method: outbound.method, target: decision.target, host: outbound.origin.hostField, payload: payloadHash(of: outbound.body)
        )
        request.contentType = outbound.fields.first(named: "Content-Type")
        request.region = outbound.fields.first(named: "region")
        request.projectID = route.project.id
        do throws(CredentialError) {
            let signingTime = SigningTime(secondsSinceEpoch: time.microseconds / 1_000_000)
            let vouched = try decision.credential.vouch(for: request, spending: permit, at: signingTime)
            vouched.headers.forEachField { name, value in
                outbound.fields.append(name, UnsafeRawBufferPointer(value))
            }
            return vouched.accessKeyTail
        } catch {
            throw refusal(for: error, credential: decision.credential.name)
        }
    }

    private static func payloadHash(of body: ByteBuffer?) -> PayloadHash {
        body.map { body in body.withUnsafeReadableBytes { PayloadHash(of: $0) } } ?? .empty
    }

    private static func refusal(for error: CredentialError, credential: String) -> Refusal {
        switch error {
        case .notAtHand, .secret:
            Refusal(
                .credentialUnavailable, "The credential \(credential) is not available, so nothing was sent to HSS.",
                hint: "Try again in a moment; the operator looks at the readiness check credential:\(credential)."
            )
        case .request:
            Refusal(
                .badRequest, "The request can't be signed unambiguously.", hint: "Use visible ASCII in header values."
            )
        }
    }
}
