import Administration
import Gateway
import Glibc
import Settings
import Testing

@testable import Assembly

@Suite(.timeLimit(.minutes(10))) struct ReloaderTests {
    private static let second = "policy: [{ name: second, callers: [\"*\"], action: deny }]\n"

    @Test func `puts what the sources say now into force, and records it`() async throws {
        try await withRunningParts { parts in
            let before = parts.inForce.current.digest
            parts.say(Self.second)
            #expect(await parts.reloader.reload(because: "request") == .reloaded(parts.inForce.status))
            #expect(parts.inForce.current.snapshot.generation == 2)
            #expect(parts.inForce.current.digest != before)
            let reloadCount = try parts.recorded("reload").count
            #expect(reloadCount == 1)
        }
    }

    @Test(
        arguments: [
            (nil, "the file is gone"), ("polcy: []\n", "policy"), ("listeners: [{ name: internal, address: \"127.0.0.1:7\" }]\n", "listeners"),
            ("upstream: { ca_file: /nonexistent/authorities }\n", "ca_file"),
        ] as [(String?, String)])
    func `refuses a configuration whole and keeps the one in force`(text: String?, word: String) async throws {
        try await withRunningParts { parts in
            let before = parts.inForce.current.digest
            parts.say(text.map { $0 + Self.second })
            guard case .refused(let reason) = await parts.reloader.reload(because: "signal") else {
                Issue.record("it was taken")
                return
            }
            #expect(reason.contains(word), "\(reason)")
            #expect(parts.inForce.current.digest == before)
            #expect(!parts.inForce.status.newestWasTaken)
            let refusedCount = try parts.recorded("reload_refused").count
            #expect(refusedCount == 1)
            parts.say(Self.second)
            #expect(await parts.reloader.reload(because: "signal") == .reloaded(parts.inForce.status))
            #expect(parts.inForce.status.newestWasTaken)
        }
    }

    @Test func `takes one reload after the other and ends with what was said last`() async throws {
        try await withRunningParts { parts in
            await withTaskGroup { group in
                for number in 0..<8 {
                    parts.say("upstream: { connections: \(3 + number) }\n" + Self.second)
                    group.addTask { _ = await parts.reloader.reload(because: "request") }
                }
            }
            #expect(parts.inForce.current.settings.upstream.connections == 10)
            #expect(parts.inForce.current.snapshot.generation == 9)
        }
    }

    @Test func `what is put into force for found projects undoes no reload`() async throws {
        let issuer = try SilentServer()
        let caller =
            "callers: [{ name: a, projects: [north], authenticate: "
            + "{ jwt: { issuer: 'https://a.test', audience: a, jwks: 'http://127.0.0.1:\(issuer.port)/', claims: { sub: a } } } }]\n"
        try await withRunningParts(RunningParts.policy + caller) { parts in
            // It waits for the issuer's keys, which never come.
            let found = Task { await parts.reloader.projectsWereFound() }
            while !issuer.wasCalled { try await Task.sleep(for: .milliseconds(10)) }
            parts.say(Self.second)
            #expect(await parts.reloader.reload(because: "request") == .reloaded(parts.inForce.status))
            await found.value
            #expect(parts.inForce.current.settings.policy.map(\.name) == ["second"])
            #expect(parts.inForce.current.snapshot.generation == 3)
        }
    }

    /// An event loop that has ended never answers; a waiting caller would keep the process from ending.
    @Test func `is refused once the workers have ended, and waits for nobody`() async throws {
        try await withRunningParts { parts in
            await parts.drain()
            parts.say("upstream: { connections: 5 }\n" + Self.second)
            guard case .refused = await parts.reloader.reload(because: "file") else {
                Issue.record("it was taken by workers that are gone")
                return
            }
            await parts.reloader.projectsWereFound()
            await parts.dataPort.endUntrustedConnections()
        }
    }
}

/// Takes connections and never answers.
private final class SilentServer: Sendable {
    let port: Int
    private let descriptor: Int32

    private struct NoSocket: Error {}

    init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isOpen = withUnsafeMutablePointer(to: &address) { place in
            place.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
                bind(descriptor, place, size) == 0 && listen(descriptor, 8) == 0 && getsockname(descriptor, place, &size) == 0
            }
        }
        (self.descriptor, port) = (descriptor, Int(UInt16(bigEndian: address.sin_port)))
        guard isOpen else { throw NoSocket() }
    }

    deinit { close(descriptor) }

    /// Whether somebody has connected.
    var wasCalled: Bool {
        var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&state, 1, 0) == 1
    }
}
