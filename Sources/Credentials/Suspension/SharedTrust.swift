import Crypto
import Synchronization

/// Identifies a key and an endpoint among several gateways, in a form that reveals neither.
package struct SharedTrustMark: Sendable, Hashable {
    /// An HMAC-SHA256 under the secret key, which can't be guessed: 32 bytes.
    package let bytes: [UInt8]

    init(_ key: SigningKey, at endpoint: String) {
        let message = Array("hss-gateway trust\0\(key.accessKeyID)\0\(endpoint)".utf8)
        bytes = message.withUnsafeBytes { Array(key.authenticate($0)) }
    }
}

/// The right to sign one request with a key that is not proven, shared by all gateways.
package struct SharedTrustPass: Sendable, Hashable {
    package let mark: SharedTrustMark
    /// Unique among all passes.
    package let id: String

    package init(mark: SharedTrustMark, id: String) {
        self.mark = mark
        self.id = id
    }
}

/// The shared decision of all gateways about a key.
package enum SharedTrustAdmission: Sendable, Hashable {
    /// It is proven: each gateway uses its own window.
    case open
    case pass(SharedTrustPass)
    /// No gateway may try it before this time has passed.
    case rest(Duration)
    /// The answer took too long; requests that still wait ask again.
    case busy
    /// The fleet's database is not available: each gateway uses its own window.
    case alone
}

/// The outcome of a request with a shared pass.
package enum SharedTrustOutcome: Sendable, Hashable {
    case proven
    case refused
    case silent
}

/// Several gateways that try a key together, so that a refused key isn't tried by each of them. Callbacks may come on any thread, and never before
/// the call has returned.
package protocol SharedTrust: Sendable {
    func ask(_ mark: SharedTrustMark, then: @escaping @Sendable (SharedTrustAdmission) -> Void)
    /// - Parameter then: called with whether the key is proven now; not called if the fleet's database is not available.
    func end(_ pass: SharedTrustPass, _ outcome: SharedTrustOutcome, then: @escaping @Sendable (_ isProven: Bool) -> Void)
    /// A request that was sent without a shared pass was refused.
    func wasRefused(_ mark: SharedTrustMark)
    /// Calls the listener whenever other gateways have found out whether a key is proven, until the listener says that it isn't needed any more.
    func watch(_ mark: SharedTrustMark, _ listener: @escaping @Sendable (_ isProven: Bool) -> Bool)
    func after(_ span: Duration, _ action: @escaping @Sendable () -> Void)
}

/// Gives credentials access to the shared trust. A reference, because credentials are created before the gateway has joined its fleet.
package final class SharedTrustReference: Sendable {
    private let fleet = Mutex<(any SharedTrust)?>(nil)

    package init() {}

    var trust: (any SharedTrust)? { fleet.withLock { $0 } }

    package func join(_ trust: any SharedTrust) { fleet.withLock { $0 = trust } }
}

/// What one window knows about a key's shared trust.
struct SharedTrustStanding: Sendable {
    /// How long a gateway uses its own window before it asks again.
    static let aloneSpan = Duration.seconds(5)
    /// How long an unused pass is kept.
    static let unusedSpan = Duration.seconds(1)

    let mark: SharedTrustMark
    /// Another gateway or this one has proven the key, and no refusal was reported since.
    var isProven = false
    var isAsking = false
    var aloneUntil = Duration.zero
    /// Passes that were granted and not yet used by a request.
    var passes: [(pass: SharedTrustPass, since: Duration)] = []

    init(_ mark: SharedTrustMark) { self.mark = mark }

    /// Whether a request needs a shared pass.
    func needsPass(at uptime: Duration) -> Bool { !isProven && uptime >= aloneUntil }
}
