import Credentials
import Glibc
import Logging
import ServiceLifecycle

/// Renews credentials once a second and records their events. Warns when this machine's clock is wrong.
struct CredentialWatch: Service {
    /// The credentials of the configuration in force.
    let credentials: @Sendable () -> [Credential]
    let clock: ClockOffset
    let events: GatewayEvents
    let logger: Logger

    func run() async throws {
        let clock = ContinuousClock()
        let start = clock.now
        await cancelWhenGracefulShutdown {
            // The first round runs at once, so that tokens are fetched before the first request.
            var isOff = false
            repeat {
                look(uptime: clock.now - start)
                warn(of: self.clock.duration, &isOff)
            } while (try? await Task.sleep(for: ConfiguredCredentials.refreshInterval)) != nil
        }
    }

    /// Warns once each time the clock becomes wrong.
    private func warn(of offset: Duration, _ isOff: inout Bool) {
        let seconds = offset.components.seconds
        let wasOff = isOff
        isOff = abs(seconds) >= ClockOffset.warning.components.seconds
        if isOff, !wasOff { logger.warning("this machine's clock is off; requests are signed by the cloud's", metadata: ["seconds": "\(seconds)"]) }
    }

    private func look(uptime: Duration) {
        for (name, event) in ConfiguredCredentials(credentials()).refresh(uptime: uptime) {
            var detail = [("credential", name)]
            switch event {
            case .rotated(let tail):
                if let tail { detail.append(("access_key_tail", tail)) }
                logger.info("credential rotated", metadata: ["credential": "\(name)"])
                try? events.record("credential_rotated", detail)
            case .rotationFailed(let fault):
                detail.append(("reason", fault.sentence))
                logger.error("credential not rotated", metadata: ["credential": "\(name)", "reason": "\(events.naming(fault.sentence))"])
                try? events.record("credential_rotation_failed", detail)
            case .renewalFailed(let fault):
                detail += [("fault", fault.word), ("reason", fault.sentence)]
                logger.error("credential not renewed", metadata: ["credential": "\(name)", "reason": "\(events.naming(fault.sentence))"])
                try? events.record("credential_renewal_failed", detail)
            case .renewalRecovered:
                logger.notice("credential renewed again", metadata: ["credential": "\(name)"])
                try? events.record("credential_renewal_recovered", detail)
            case .suspended(let failures):
                detail.append(("failures", String(failures)))
                logger.error("credential suspended: the cloud refuses its key", metadata: ["credential": "\(name)"])
                try? events.record("credential_suspended", detail)
            case .resumed:
                logger.notice("credential in use again", metadata: ["credential": "\(name)"])
                try? events.record("credential_resumed", detail)
            }
        }
    }
}
