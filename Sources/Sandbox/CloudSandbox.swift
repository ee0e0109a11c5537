import NIOCore
import NIOPosix
import Synchronization

/// A stand-in for HSS and IAM on two loopback ports, for learning and testing.
///
/// It verifies requests as strictly as the cloud, with code that is independent of the gateway's, and keeps everything in
/// memory. It uses plain HTTP and has its own users only: it is not meant to protect anything.
package final class CloudSandbox: Sendable {
    private enum Phase: Sendable {
        case stopped
        case running(MultiThreadedEventLoopGroup, hss: SandboxListener, iam: SandboxListener)
    }

    /// The configuration from before the start.
    package let configuration: SandboxConfiguration
    private let parts: SandboxParts
    private let phase = Mutex(Phase.stopped)

    /// A sandbox that does not listen yet.
    package init(configuration: SandboxConfiguration) {
        self.configuration = configuration
        parts = SandboxParts(configuration)
    }

    /// The requests that reached the sandbox.
    package var ledger: Ledger { parts.ledger }

    /// The planned faults.
    package var faults: FaultPlan { parts.faults }

    /// Where HSS listens, once it does.
    package var hssAddress: SandboxAddress? {
        phase.withLock { if case .running(_, let hss, _) = $0 { hss.address } else { nil } }
    }

    /// Where IAM, STS, the metadata service and the controls listen, once they do.
    package var iamAddress: SandboxAddress? {
        phase.withLock { if case .running(_, _, let iam) = $0 { iam.address } else { nil } }
    }

    /// Binds both ports and returns when they accept connections.
    package func start() async throws {
        precondition(hssAddress == nil, "a sandbox is started once at a time")
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads)
        do {
            let responder = Responder(parts: parts)
            let hss = try await SandboxListener.bind(configuration.hssAddress, side: .hss, group: group, responder: responder)
            let iam = try await SandboxListener.bind(configuration.iamAddress, side: .iam, group: group, responder: responder)
            phase.withLock { $0 = .running(group, hss: hss, iam: iam) }
        } catch {
            // Ending the group closes whatever was bound; the reason for not starting is the error to report.
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// Stops listening, cuts the connections and ends the threads.
    package func stop() async {
        let before = phase.withLock { phase in
            defer { phase = .stopped }
            return phase
        }
        guard case .running(let group, let hss, let iam) = before else { return }
        await hss.close()
        await iam.close()
        // A group can only fail to end when it has ended already.
        try? await group.shutdownGracefully()
    }

    /// From now on every token issued so far is answered with "must be updated", as after a change of
    /// permissions.
    package func supersedeTokens() { parts.tokens.supersedeAll() }
}
