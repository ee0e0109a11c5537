import Crypto
import Synchronization

/// A key and the endpoint that judges it, in a form that says nothing about either: what several gateways call the same by.
package struct SharedTrustMark: Sendable, Hashable {
    /// An HMAC-SHA256 under the secret key, which has too many values to be guessed: 32 bytes.
    package let bytes: [UInt8]

    init(_ key: SigningKey, at place: String) {
        let message = Array("hss-gateway trust\0\(key.accessKeyID)\0\(place)".utf8)
        bytes = message.withUnsafeBytes { Array(key.authenticate($0)) }
    }
}

/// The right to sign one request with a key that is not proven, as all gateways together gave it.
package struct SharedTrustPass: Sendable, Hashable {
    package let mark: SharedTrustMark
    /// What no other pass has.
    package let id: String

    package init(mark: SharedTrustMark, id: String) {
        self.mark = mark
        self.id = id
    }
}

/// What all gateways together say of a key.
package enum SharedTrustAdmission: Sendable, Hashable {
    /// It is proven: each may go by its own window.
    case open
    case pass(SharedTrustPass)
    /// Nobody may try it before that is over.
    case rest(Duration)
    /// It took too long to get an answer; whoever still waits asks again.
    case busy
    /// Nobody can be asked: each gateway goes by its own window.
    case alone
}

/// What became of a request with a shared pass.
package enum SharedTrustOutcome: Sendable, Hashable {
    case proven
    case refused
    case silent
}

/// Several gateways that try a key together, so that all of them don't find out one after the other that it is refused. Everything comes back on
/// any thread, and nothing is called back before the call has returned.
package protocol SharedTrust: Sendable {
    func ask(_ mark: SharedTrustMark, then: @escaping @Sendable (SharedTrustAdmission) -> Void)
    /// - Parameter then: told whether the key is proven now; not called when nobody can be told.
    func end(_ pass: SharedTrustPass, _ outcome: SharedTrustOutcome, then: @escaping @Sendable (_ isProven: Bool) -> Void)
    /// A request that had left without a pass was refused.
    func wasRefused(_ mark: SharedTrustMark)
    /// Calls whenever others have found out whether a key is proven, until that says that nobody is interested any more.
    func watch(_ mark: SharedTrustMark, _ listener: @escaping @Sendable (_ isProven: Bool) -> Bool)
    func after(_ span: Duration, _ action: @escaping @Sendable () -> Void)
}

/// Where credentials find out with whom they share their trust: credentials are made before the gateway has joined its fleet.
package final class SharedTrustReference: Sendable {
    private let fleet = Mutex<(any SharedTrust)?>(nil)

    package init() {}

    var trust: (any SharedTrust)? { fleet.withLock { $0 } }

    package func join(_ trust: any SharedTrust) { fleet.withLock { $0 = trust } }
}

/// What one window knows of a key's standing with all gateways.
struct SharedTrustStanding: Sendable {
    /// For how long a gateway goes by its own window before it asks again.
    static let aloneSpan = Duration.seconds(5)
    /// For how long a pass that nobody takes is kept.
    static let unusedSpan = Duration.seconds(1)

    let mark: SharedTrustMark
    /// Others, or this one, have proved the key, and nobody has heard otherwise since.
    var isProven = false
    var isAsking = false
    var aloneUntil = Duration.zero
    /// Passes that came and wait for a request.
    var passes: [(pass: SharedTrustPass, since: Duration)] = []

    init(_ mark: SharedTrustMark) { self.mark = mark }

    /// Whether a request needs a pass of all gateways.
    func needsPass(at uptime: Duration) -> Bool { !isProven && uptime >= aloneUntil }
}
