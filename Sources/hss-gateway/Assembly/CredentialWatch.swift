import Credentials
import Glibc
import Logging
import ServiceLifecycle

/// Notices that a secret's file was replaced, and records each rotation.
struct CredentialWatch: Service {
    /// Those of the configuration in force.
    let credentials: @Sendable () -> [Credential]
    let events: GatewayEvents
    let logger: Logger

    func run() async throws {
        let clock = ContinuousClock()
        let start = clock.now
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                guard (try? await Task.sleep(for: CredentialBroker.refreshInterval)) != nil else { return }
                look(uptime: clock.now - start)
            }
        }
    }

    private func look(uptime: Duration) {
        for (name, event) in CredentialBroker(credentials()).refresh(uptime: uptime) {
            var detail = [("credential", name)]
            switch event {
            case .rotated(let tail):
                if let tail { detail.append(("access_key_tail", tail)) }
                logger.info("credential rotated", metadata: ["credential": "\(name)"])
                try? events.record("credential_rotated", detail)
            case .rotationFailed(let fault):
                detail.append(("reason", fault.sentence))
                logger.error("credential not rotated", metadata: ["credential": "\(name)", "reason": "\(fault.sentence)"])
                try? events.record("credential_rotation_failed", detail)
            }
        }
    }
}
