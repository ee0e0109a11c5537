import Synchronization

/// Temporary keys of the machine, from the ECS metadata service (protocol page b.4): with a session token first, if the service supports them.
final class MetadataFetcher: MaterialFetcher {
    /// The address that every cloud uses; link-local, so it never leaves the machine's host.
    package static let usualEndpoint = IAMEndpoint(url: "http://169.254.169.254", host: "169.254.169.254")

    /// The session's lifetime that the SDKs request, seconds: six hours.
    private static let sessionSeconds = 21_600
    /// The longest session token, bytes; the service's have some hundred.
    private static let longestSession = 4_096
    /// A service without session tokens is asked for one again after a day.
    private static let tokenlessPeriod = Duration.seconds(86_400)
    /// The text of a 401 for which a new session token doesn't help.
    private static let withoutAgency = "Please configure Cloud Service Agency first"

    private enum Session: Sendable {
        case unknown
        case token(Secret, until: Duration)
        case tokenless(until: Duration)
    }

    private let endpoint: IAMEndpoint
    private let place: IAMContext
    private let uptime: @Sendable () -> Duration
    private let session = Mutex(Session.unknown)

    init(endpoint: IAMEndpoint, place: IAMContext, uptime: @escaping @Sendable () -> Duration = MonotonicClock.uptime) {
        self.endpoint = endpoint
        self.place = place
        self.uptime = uptime
    }

    func fetch() async throws(IAMFault) -> FetchedMaterial {
        var response = try await keys(with: try await sessionToken())
        if response.status == 401, !Self.saysWithoutAgency(response) {
            session.withLock { $0 = .unknown }
            response = try await keys(with: try await sessionToken())
        }
        guard response.status == 200 else {
            // It may be the session token that the service doesn't like: the next attempt requests another. A 401 says what it means.
            if response.status != 401 { session.withLock { if case .token = $0 { $0 = .unknown } } }
            throw IAMFault(response, of: .metadata)
        }
        return try TemporaryKeys.read(response, from: .metadata, at: place)
    }

    private func keys(with token: Secret?) async throws(IAMFault) -> IAMResponse {
        var request = IAMRequest("GET", endpoint, "/openstack/latest/securitykey", reach: .machine)
        if let token { request.add("X-Metadata-Token", token) }
        return try await place.send(request, of: .metadata)
    }

    private func sessionToken() async throws(IAMFault) -> Secret? {
        let now = uptime()
        switch session.withLock({ $0 }) {
        case .token(let token, let until) where now < until: return token
        case .tokenless(let until) where now < until: return nil
        case .token, .tokenless, .unknown: break
        }
        var request = IAMRequest("PUT", endpoint, "/meta-data/latest/api/token", reach: .machine)
        request.add("X-Metadata-Token-Ttl-Seconds", String(Self.sessionSeconds))
        let response = try await place.send(request, of: .metadata)
        switch response.status {
        case 200:
            guard response.body.count <= Self.longestSession, SecretFormat.headerText.isFitting(response.body) else {
                throw IAMFault(.metadata, .malformed, host: response.host)
            }
            session.withLock { $0 = .token(response.body, until: now + .seconds(Self.sessionSeconds)) }
            return response.body
        case 404, 405, 503:
            session.withLock { $0 = .tokenless(until: now + Self.tokenlessPeriod) }
            return nil
        default: throw IAMFault(response, of: .metadata)
        }
    }

    private static func saysWithoutAgency(_ response: IAMResponse) -> Bool {
        response.body.withBytes { bytes in String(decoding: bytes, as: UTF8.self).contains(withoutAgency) }
    }
}

extension SecretFormat {
    /// Whether a secret from a service has the required form.
    package func isFitting(_ secret: Secret) -> Bool {
        secret.withBytes { fault(in: $0) } == nil
    }
}
