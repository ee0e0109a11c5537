import Audit
import Credentials
import NIOCore
import Policy
import Transport

/// The last change before a request is sent: the gateway's own credential goes on, paid for with the permit.
enum CredentialInjection {
    static func apply(
        to outbound: inout OutboundRequest, pass: CredentialPass, permit: consuming Permit, decision: Exchange.Decision, time: SigningTime
    ) throws(Refusal) {
        let route = decision.route
        var request = CredentialRequest(
            method: outbound.method, target: decision.target, host: outbound.origin.hostField, payload: payloadHash(of: outbound.body)
        )
        request.contentType = outbound.fields.first(named: "Content-Type")
        request.region = outbound.fields.first(named: "region")
        request.projectID = route.project.id
        do throws(CredentialError) {
            let headers = try pass.vouch(for: request, spending: permit, at: time)
            headers.forEachField { name, value in
                outbound.fields.append(name, UnsafeRawBufferPointer(value))
            }
        } catch {
            throw refusal(for: error, credential: pass.credential.name)
        }
    }

    private static func payloadHash(of body: ByteBuffer?) -> PayloadHash {
        body.map { body in body.withUnsafeReadableBytes { PayloadHash(of: $0) } } ?? .empty
    }

    private static func refusal(for error: CredentialError, credential: String) -> Refusal {
        switch error {
        case .notAtHand, .secret: Refusal.credentialUnavailable(credential, retryAfter: .seconds(1))
        case .request:
            Refusal(
                .badRequest, "The request can't be signed unambiguously.", hint: "Use visible ASCII in header values."
            )
        }
    }
}
