import Synchronization

/// What is known about the passwords of one user of IAM: one object for all credentials that have the user, kept for the life of the process. No
/// reload is a way around the protection against the user's lock.
///
/// 1. A password that IAM refused is not sent again for any scope or credential until the file that it came from changes. Sending it again would
///    lock the user.
/// 2. One attempt at a time: two scopes must not both try a wrong password before the first refusal is known.
/// 3. At most `RenewalSchedule.mostRefusals` passwords are refused within `RenewalSchedule.refusalPeriod`; the next one waits.
package final class PasswordUser: Sendable {
    /// A password that was refused, with the state of its file.
    private struct Version: Sendable {
        let origin: SecretOrigin
        let fingerprint: FileFingerprint?
        let secret: Secret
        /// IAM's answer to the password.
        let fault: IAMFault
        let when: Duration
    }

    /// More refused passwords than there can be within an hour.
    private static let mostVersions = 16

    /// The newest last.
    private let refused = Mutex<[Version]>([])
    private let turns = Turns()
    private let uptime: @Sendable () -> Duration

    package init(uptime: @escaping @Sendable () -> Duration = MonotonicClock.uptime) { self.uptime = uptime }

    func attempt(_ source: SecretSource, _ attempt: @escaping PasswordLogin.Attempt) async -> Result<FetchedMaterial, IAMFault> {
        await turns.take { [self] in await tried(source, attempt) }
    }

    private func tried(_ source: SecretSource, _ attempt: PasswordLogin.Attempt) async -> Result<FetchedMaterial, IAMFault> {
        var fingerprint: FileFingerprint?
        if case .file(let path) = source { fingerprint = FileFingerprint(path: path) }
        let password: Secret
        do throws(SecretFault) {
            password = try SecretReader.read(source, as: .text)
        } catch {
            return .failure(IAMFault(.iam, .secret(error)))
        }
        if let fault = reason(notToSend: password, from: source.origin, fingerprint) { return .failure(fault) }
        let result = await attempt(password)
        if case .failure(let fault) = result, fault.kind == .refused || fault.kind == .locked {
            let version = Version(origin: source.origin, fingerprint: fingerprint, secret: password, fault: fault, when: uptime())
            refused.withLock { refused in
                if refused.count >= Self.mostVersions { refused.removeFirst() }
                refused.append(version)
            }
        }
        return result
    }

    private func reason(notToSend password: Secret, from origin: SecretOrigin, _ fingerprint: FileFingerprint?) -> IAMFault? {
        let (now, refused) = (uptime(), refused.withLock { $0 })
        // A file that was written anew is an operator's wish to try it again; another file with the same password is none.
        if let known = refused.last(where: { $0.secret.isEqual(to: password) }), known.origin != origin || known.fingerprint == fingerprint {
            return known.fault
        }
        let recent = refused.filter { now - $0.when < RenewalSchedule.refusalPeriod }
        guard recent.count >= RenewalSchedule.mostRefusals else { return nil }
        // Bounded: the sixteen versions are of this process, and so are their times.
        let wait = recent[recent.count - RenewalSchedule.mostRefusals].when + RenewalSchedule.refusalPeriod - now
        return IAMFault(.iam, .spared, retryAfter: Int(wait.components.seconds) + 1)
    }

    /// Runs tasks one after the other, in the order of their arrival.
    private actor Turns {
        private var last: Task<Void, Never>?

        func take(
            _ work: @escaping @Sendable () async -> Result<FetchedMaterial, IAMFault>
        ) async -> Result<FetchedMaterial, IAMFault> {
            let previous = last
            let turn = Task {
                await previous?.value
                return await work()
            }
            last = Task { _ = await turn.value }
            return await turn.value
        }
    }
}
