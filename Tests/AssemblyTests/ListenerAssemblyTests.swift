import Gateway
import Settings
import Testing

@testable import Assembly

@Suite struct ListenerAssemblyTests {
    private static func settings() throws -> GatewaySettings {
        try Fixture.settings(
            """
            listeners:
              - { name: internal, address: "127.0.0.1:8080" }
              - { name: local, unix: /run/gw.sock, mode: "0660" }

            """ + Fixture.projects
        )
    }

    private static func inherited(_ names: String, count: Int) -> InheritedSockets {
        InheritedSockets(
            environment: ["LISTEN_PID": "42", "LISTEN_FDS": "\(count)", "LISTEN_FDNAMES": names], processID: 42
        )
    }

    @Test func `opens what the file names`() throws {
        let listeners = try ListenerAssembly.listeners(try Self.settings(), inherited: Self.inherited("", count: 0))
        #expect(listeners.map(\.name) == ["internal", "local"])
        #expect(listeners.map(\.binding) == [.tcp(host: "127.0.0.1", port: 8080), .unix(path: "/run/gw.sock", mode: 0o660)])
    }

    @Test func `takes an inherited socket in the place of the address of its name`() throws {
        let listeners = try ListenerAssembly.listeners(try Self.settings(), inherited: Self.inherited("local:internal", count: 2))
        #expect(listeners.map(\.binding) == [.inherited(descriptor: 4), .inherited(descriptor: 3)])
    }

    @Test func `refuses a socket that no listener claims`() throws {
        let settings = try Self.settings()
        #expect {
            try ListenerAssembly.listeners(settings, inherited: Self.inherited("internal:other", count: 2))
        } throws: { error in
            let failure = error as? Failure
            return failure?.code == .badConfiguration && failure?.message.contains("other") == true
        }
    }
}
